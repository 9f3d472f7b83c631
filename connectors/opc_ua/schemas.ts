import type { Kit, TargetOf } from '#connector'
import { parseBrowseName, parseEndpoint, parseNode, securityModes, securityPolicies } from '#protocol/opc-ua'

/** What can be told of an OPC UA server; the wire format's four parts. */
export const opcUaSchemas = ({ field, z }: Kit) => {
  const host = field.host()
  const isEndpoint = (text: string) => {
    const parsed = parseEndpoint(text)
    return parsed !== undefined && host.safeParse(parsed.host).success
  }
  return {
    endpoint: z
      .string()
      .max(1_000)
      .refine(isEndpoint, 'must be opc.tcp://host:port/path, or a host name or IP address')
      .meta({ title: 'Address', description: 'opc.tcp:// address of the server, or its host name or IP address.' }),
    port: z.int().min(0).max(65_535).default(0).meta({
      title: 'Port',
      description: 'TCP port; 0: the one in the address, or 4840.',
    }),
    credentials: z.strictObject({
      username: field
        .secret({ title: 'User name', description: 'Without it the login is anonymous.' })
        .max(200)
        .optional(),
      password: field.secret({ title: 'Password' }).max(1_000).optional(),
      certificate: field
        .secret({
          title: 'User certificate',
          description: 'Instead of a user name: a certificate with an RSA key, PEM.',
        })
        .optional(),
      key: field.secret({ title: 'Key of the user certificate', description: 'PEM, without passphrase.' }).optional(),
    }),
    settings: z.strictObject({
      security_mode: z.enum(securityModes).default('SignAndEncrypt').meta({
        title: 'Security mode',
        description: 'SignAndEncrypt | Sign | None. None: whoever is on the network can read and change what is sent.',
      }),
      security_policy: z
        .enum(['best', ...securityPolicies])
        .default('best')
        .meta({
          title: 'Security policy',
          description: 'best: the best one that the server offers. Outdated ones are not used.',
          advanced: true,
        }),
      subscribe: field.flag(false, {
        title: 'Subscription',
        description:
          'true: the server tells changes as they happen; polls take the newest values, and alerts judge each of them.',
      }),
      publishing_interval_ms: z.int().min(50).max(60_000).default(1_000).meta({
        title: 'Publishing interval',
        unit: 'ms',
        description: 'How often the server tells what has changed; machines with the same one share a subscription.',
        advanced: true,
      }),
      sampling_interval_ms: z.int().min(0).max(60_000).optional().meta({
        title: 'Sampling interval',
        unit: 'ms',
        description:
          'How often the server looks for changes; 0: as often as it can. Default: four times in a publishing interval.',
        advanced: true,
      }),
      device: field
        .text(200, {
          title: 'Device',
          description:
            'Browse name of the device that is read without points, where the server has several: kitchen equipment (OPC 30200), a machine (OPC 40001, 40600) or a PackML unit (OPC 30050).',
        })
        .optional(),
      allow_plain_password: field.flag(false, {
        title: 'Password unencrypted',
        description: 'true: with None and Sign, to a server that takes the password only as it is.',
        advanced: true,
      }),
    }),
    address: z
      .strictObject({
        node: z
          .string()
          .max(1_000)
          .refine((text) => !/^ns=/.test(text), {
            abort: true,
            error: 'names a namespace by its index, which may change when the server restarts: write nsu=<its URI>;…',
          })
          .refine(
            (text) => parseNode(text) !== undefined,
            'must be a node such as nsu=http://vendor.example/;s=Oven/Temperature or i=85',
          )
          .meta({
            title: 'Node',
            description:
              'Node id with the URI of its namespace, for instance nsu=http://vendor.example/;s=Oven/Temperature.',
          }),
        path: z
          .array(
            z
              .string()
              .max(500)
              .refine(
                (text) => parseBrowseName(text) !== undefined,
                'must be a browse name such as nsu=http://vendor.example/;Chamber',
              ),
          )
          .max(20)
          .default([])
          .meta({
            title: 'Browse path',
            description: 'Browse names from the node on; a name without nsu= is of the namespace of the one before it.',
          }),
        index: z.int().min(0).max(1_000_000).optional().meta({
          title: 'Element',
          description: 'Of an array, from 0 on.',
          advanced: true,
        }),
        invalid: z
          .array(z.number())
          .max(16)
          .default([])
          .meta({ title: 'Invalid values', description: 'Numbers that mean "no value".', advanced: true }),
        deadband: z.number().positive().optional().meta({
          title: 'Deadband',
          description: "With a subscription: smaller changes are not told, in the server's unit.",
          advanced: true,
        }),
        deadband_percent: z.number().positive().max(100).optional().meta({
          title: 'Deadband in percent',
          unit: '%',
          description: 'The same, of the range that the server names (EURange).',
          advanced: true,
        }),
      })
      .refine(({ deadband, deadband_percent }) => deadband === undefined || deadband_percent === undefined, {
        path: ['deadband_percent'],
        error: 'contradicts deadband: leave one of them out',
      }),
  }
}

type Schemas = ReturnType<typeof opcUaSchemas>
export type OpcUaTarget = TargetOf<
  Schemas['credentials']['shape'],
  Schemas['settings']['shape'],
  Schemas['address']['shape']
>
