import { z } from 'zod'

const message = z.strictObject({
  topic: z.string(),
  /** What is sent: JSON, text, or bytes in base64; none: an empty message. */
  json: z.unknown().optional(),
  text: z.string().optional(),
  base64: z.string().optional(),
  /** Kept by the broker and not sent anew: as it finds one who subscribes. */
  retained: z.boolean().default(false),
  qos: z.union([z.literal(0), z.literal(1)]).default(0),
  /** Sent again, as after a lost acknowledgement. */
  dup: z.boolean().default(false),
})

const sparkplugMetric = z.strictObject({
  name: z.string().optional(),
  alias: z.int().optional(),
  /** Sparkplug's name of the type. */
  type: z.string(),
  value: z.union([z.number(), z.string(), z.boolean()]).optional(),
  isNull: z.boolean().default(false),
  isHistorical: z.boolean().default(false),
  quality: z.int().optional(),
  unit: z.string().optional(),
  time: z.number().optional(),
})

/** An edge node of Sparkplug B: it tells everything when it is asked for a birth, then what follows. */
const edgeNode = z.strictObject({
  /** `group/edge node`. */
  node: z.string(),
  bdSeq: z.int().default(0),
  /** Ms since 1970: the time of all that it tells. */
  time: z.number().default(Date.UTC(2026, 0, 1)),
  metrics: z.array(sparkplugMetric).default([]),
  devices: z.record(z.string(), z.array(sparkplugMetric)).default({}),
  later: z
    .array(
      z.strictObject({
        kind: z.enum(['NBIRTH', 'NDEATH', 'NDATA', 'DBIRTH', 'DDEATH', 'DDATA']),
        device: z.string().default(''),
        /** Default: the one that is due. */
        seq: z.int().optional(),
        metrics: z.array(sparkplugMetric).default([]),
      }),
    )
    .default([]),
  /** What it does when it is asked. */
  rebirth: z.enum(['tells', 'ignores']).default('tells'),
})

/** What a machine publishes when a command comes: what it was told decides. */
const reaction = z.strictObject({
  topic: z.string(),
  /** The command as JSON, or as text. */
  json: z.unknown().optional(),
  text: z.string().optional(),
  messages: z.array(message),
})

/** A broker and the machines behind it: what they publish as soon as somebody subscribes, in order. */
export const brokerEquipment = z.strictObject({
  messages: z.array(message).default([]),
  edgeNodes: z.array(edgeNode).default([]),
  reactions: z.array(reaction).default([]),
  /** Logins that are taken; none: all are. */
  login: z.strictObject({ username: z.string().optional(), password: z.string().optional() }).optional(),
  /** Answered to every login. */
  loginCode: z.int().optional(),
  /** Topics whose subscription is refused, with the reason code. */
  refuses: z.record(z.string(), z.int()).default({}),
  /** mqtts, with a certificate that can be trusted or not. */
  certificate: z.enum(['good', 'stranger', 'otherHost']).optional(),
  misbehaviour: z.enum(['none', 'silent', 'late', 'garbage', 'half', 'closing', 'refusing']).default('none'),
})

export type BrokerEquipment = z.output<typeof brokerEquipment>
export type SimulatedEdgeNode = BrokerEquipment['edgeNodes'][number]
export type SimulatedMetric = SimulatedEdgeNode['metrics'][number]
export type BrokerMessage = BrokerEquipment['messages'][number]

export function payloadOf({ json, text, base64 }: Pick<BrokerMessage, 'json' | 'text' | 'base64'>): Buffer {
  if (base64 !== undefined) return Buffer.from(base64, 'base64')
  return Buffer.from(text ?? (json === undefined ? '' : JSON.stringify(json)))
}
