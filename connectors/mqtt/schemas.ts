import type { Kit, TargetOf } from '#connector'
import { topicLengthMax } from '#protocol/mqtt'
import { addressParts } from './address-parts.ts'

/** MQTT 3.1.1, 1.5.3: any text without NUL; other control characters are none that somebody means. */
const loginText = /^\P{Cc}+$/u

/** A call of a machine's interface with its parameters; more is no command. */
const commandLengthMax = 2_000

/** What can be told of a machine that publishes to a broker; the wire format's four parts. */
export const mqttSchemas = ({ field, z }: Kit) => ({
  endpoint: z
    .string()
    .max(300)
    .refine(
      (endpoint) => field.host().safeParse(addressParts(endpoint).host).success,
      'must be a host, mqtt://host or mqtts://host, with the port behind it where it has one',
    )
    .meta({
      title: 'Broker',
      description: 'Host name or IP address of the MQTT broker; mqtts:// in front of it for an encrypted connection.',
    }),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .meta({ title: 'Port', description: 'TCP port; 0: the one in the address, or 1883, and 8883 for mqtts.' }),
  credentials: z.strictObject({
    username: field
      .secret({ title: 'User name', description: 'Of the account at the broker.' })
      .regex(loginText, 'must not hold control characters')
      .optional(),
    password: field
      .secret({ title: 'Password', description: 'Of the account at the broker.' })
      .regex(loginText, 'must not hold control characters')
      .optional(),
    client_key: field
      .secret({ title: 'Client key', description: 'PEM private key of client_certificate, without passphrase.' })
      .optional(),
  }),
  settings: z.strictObject({
    device: field
      .text(200, {
        title: 'Device',
        description: 'What stands for {device} in topics: the name the machine publishes under.',
      })
      .regex(/^[^+#\p{Cc}]+$/u, 'must not hold +, # or control characters')
      .optional(),
    stale_after: z.number().min(0).max(604_800).default(600).meta({
      title: 'Stale after',
      unit: 's',
      description:
        'A value is gone when nothing was heard of it for so long; 0: never, for machines that speak only of changes.',
    }),
    availability: z
      .strictObject({
        topic: field.text(topicLengthMax, { title: 'Topic' }),
        pointer: field.jsonPointer().optional(),
        offline: z.array(z.string().min(1).max(100)).min(1).max(8).default(['offline']),
      })
      .optional()
      .meta({
        title: 'Availability',
        description:
          'Where the broker tells that the machine is gone: topic, pointer (absent: the whole message), offline (the messages that say so).',
      }),
    version: z.enum(['3.1.1', '5']).default('3.1.1').meta({
      title: 'MQTT version',
      description: '3.1.1 | 5: what the broker is spoken to in.',
      advanced: true,
    }),
    qos: z.int().min(0).max(1).default(0).meta({
      title: 'QoS',
      description: '0: a message may be lost on the way from the broker; 1: it is sent until it has arrived.',
      advanced: true,
    }),
    rebirth: field.flag(true, {
      title: 'Ask for births',
      description:
        'Sparkplug: an edge node is asked to tell everything when that is not known; false: nothing is sent.',
    }),
    verify_ssl: field.flag(true, {
      title: 'Check the certificate',
      description: 'false takes any certificate: the connection is encrypted, but to whom is not known.',
    }),
    ca: field
      .text(65_536, {
        title: 'Certificate authority',
        description: 'PEM certificates that are trusted besides the well-known ones.',
        advanced: true,
      })
      .optional(),
    client_certificate: field
      .text(65_536, {
        title: 'Client certificate',
        description: 'PEM certificate that the broker knows us by.',
        advanced: true,
      })
      .optional(),
  }),
  address: z
    .strictObject({
      topic: field
        .text(topicLengthMax, {
          title: 'Topic',
          description: 'Where the value is published, for instance tele/{device}/SENSOR; + and # stand for levels.',
        })
        .optional(),
      sparkplug: field
        .text(topicLengthMax, {
          title: 'Sparkplug device',
          description: 'In place of a topic: group/edge node, or group/edge node/device.',
        })
        .optional(),
      name: field
        .text(300, {
          title: 'Sparkplug metric',
          description: 'Name of the metric in the birth of its edge node or device.',
        })
        .optional(),
      command_topic: field
        .text(topicLengthMax, {
          title: 'Command topic',
          description:
            'Where the machine takes a new value, for a point that may be written: zigbee2mqtt/{device}/set.',
        })
        .optional(),
      command: z
        .record(z.string().max(100), z.unknown())
        .refine((command) => JSON.stringify(command).length <= commandLengthMax, 'is longer than 2,000 characters')
        .optional()
        .meta({
          title: 'Command',
          description:
            'The JSON that is sent there; "{value}" in it becomes the value. Absent: the value itself as text.',
        }),
      pointer: field
        .jsonPointer({ description: 'Where the value stands in a JSON message; absent: the message is the value.' })
        .optional(),
      unit_pointer: field
        .jsonPointer({
          title: 'Unit in the message',
          description: 'Where the message says the unit of a number, for a display that can be switched.',
          advanced: true,
        })
        .optional(),
      timestamp_pointer: field
        .jsonPointer({ title: 'Time', description: "Where the message tells the machine's own time." })
        .optional(),
      invalid: z
        .array(z.number())
        .max(16)
        .default([])
        .meta({ title: 'Invalid values', description: 'Numbers that mean "no value".', advanced: true }),
    })
    .superRefine((address, context) => {
      for (const { path, message } of addressFaults(address)) {
        context.addIssue({ code: 'custom', path: [path], message, input: address })
      }
    }),
})

type Address = Readonly<Record<string, unknown>>

/** A point is a topic, with where to look in its messages, or a metric of Sparkplug. */
function addressFaults(address: Address): { path: string; message: string }[] {
  const has = (field: string) => address[field] !== undefined
  if (has('command') && !has('command_topic')) return [{ path: 'command', message: 'goes with command_topic' }]
  if (has('command') && !JSON.stringify(address['command']).includes('"{value}"')) {
    return [{ path: 'command', message: 'must have "{value}" where the value goes' }]
  }
  if (!has('sparkplug')) {
    if (!has('topic')) return [{ path: 'topic', message: 'is missing: a point needs topic, or sparkplug and name' }]
    return has('name') ? [{ path: 'name', message: 'goes with sparkplug, which is missing' }] : []
  }
  if (!has('name')) return [{ path: 'name', message: 'is missing: it goes with sparkplug' }]
  return ['topic', 'command_topic', 'pointer', 'unit_pointer', 'timestamp_pointer']
    .filter(has)
    .map((path) => ({ path, message: 'does not go with sparkplug' }))
}

type Schemas = ReturnType<typeof mqttSchemas>
export type MqttTarget = TargetOf<
  Schemas['credentials']['shape'],
  Schemas['settings']['shape'],
  Schemas['address']['shape']
>
export type MqttPoint = MqttTarget['points'][number]
