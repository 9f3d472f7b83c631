import { z } from 'zod'

const scalar = z.union([z.number(), z.string(), z.boolean(), z.null()])

/** A variable of a simulated server. */
const variable = z.strictObject({
  /** `s=…` or `i=…`, in the machine's namespace. */
  node: z.string(),
  /** Default: the identifier. */
  name: z.string().optional(),
  /** The node of the object or variable that it is a component of; default: the machine. */
  parent: z.string().optional(),
  type: z.string().default('Double'),
  /** A list is an array; `NaN`, `Infinity` and 64-bit numbers are given as text. */
  value: z.union([scalar, z.array(scalar)]).default(null),
  status: z.string().default('Good'),
  source_time: z.string().optional(),
  /** UNECE common code. */
  unit: z.string().optional(),
  /** What its values lie between by its nature (EURange). */
  range: z.tuple([z.number(), z.number()]).optional(),
  /** Names of the values, of a data type of its own: from 0 on (EnumStrings), or each with its number (EnumValues). */
  words: z.union([z.array(z.string()), z.record(z.string(), z.int())]).optional(),
  writable: z.boolean().default(false),
  /** What the server has kept of it: times and values. */
  history: z.array(z.tuple([z.string(), scalar])).optional(),
})

/** A device that describes itself: its variables by the browse names that lead to them, from the device on. */
const device = z.strictObject({
  name: z.string(),
  /** Where it stands: kitchen equipment in DeviceSet, machines of OPC 40001 and 40600 in Machines, of OPC 30050 in PackMLObjects. */
  below: z.enum(['DeviceSet', 'Machines', 'PackMLObjects']).default('DeviceSet'),
  /** Variables that its HACCPValues refer to, by the same names. */
  haccp: z.array(z.array(z.string()).min(1)).default([]),
  variables: z.array(
    variable.omit({ node: true, name: true, parent: true }).extend({ path: z.array(z.string()).min(1) }),
  ),
})

/** A simulated server: what `equipment.json` of a case holds. */
export const opcUaEquipment = z.strictObject({
  /** Whose certificate it shows. */
  identity: z.string().default('oven'),
  namespace: z.string().default('http://bakery.example/oven/'),
  /** Registered before the machine's own: they move its index. */
  other_namespaces: z.array(z.string()).default([]),
  /** Objects that paths go through, by node; each below the one before it whose node it begins with. */
  objects: z
    .array(
      z.strictObject({
        node: z.string(),
        name: z.string(),
        parent: z.string().optional(),
        /** Further objects that it holds, which makes loops possible. */
        organizes: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  variables: z.array(variable).default([]),
  /** With any, even none, the server has the models of devices and of kitchen equipment. */
  devices: z.array(device).optional(),
  users: z.record(z.string(), z.string()).default({}),
  anonymous: z.boolean().default(true),
  /** false: certificates of clients are refused until somebody trusts them. */
  trusts_clients: z.boolean().default(true),
  /** false: without security only clients that show theirs are shown the server's, and may log in with a password that is encrypted for it, as with open62541. */
  shows_unasked: z.boolean().default(true),
  modes: z.array(z.enum(['None', 'Sign', 'SignAndEncrypt'])).default(['None', 'Sign', 'SignAndEncrypt']),
  policies: z.array(z.string()).default(['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss']),
  /** Values of one answer about the past; 0: all that were asked for. */
  history_page: z.int().default(0),
  /** Answers about the past that can be continued at once; 0: any number. */
  history_places: z.int().default(0),
  nodes_per_read: z.int().default(0),
  nodes_per_browse: z.int().default(0),
  /** Nodes whose children can be told page by page at once; 0: any number. */
  browse_places: z.int().default(0),
  items_per_call: z.int().default(0),
  items_per_subscription: z.int().default(10_000),
  /** Folder that keeps the server's key and certificate; absent: a new one for each process. */
  certificates_in: z.string().optional(),
})

export type OpcUaEquipment = z.output<typeof opcUaEquipment>
export type OpcUaVariable = z.output<typeof variable>
