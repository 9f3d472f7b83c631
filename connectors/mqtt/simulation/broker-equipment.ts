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

/** A broker and the machines behind it: what they publish as soon as somebody subscribes, in order. */
export const brokerEquipment = z.strictObject({
  messages: z.array(message).default([]),
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
export type BrokerMessage = BrokerEquipment['messages'][number]

export function payloadOf({ json, text, base64 }: BrokerMessage): Buffer {
  if (base64 !== undefined) return Buffer.from(base64, 'base64')
  return Buffer.from(text ?? (json === undefined ? '' : JSON.stringify(json)))
}
