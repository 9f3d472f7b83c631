import { z } from 'zod'
import { misbehaviours, tokenAccount } from '#protocol/rest'

const words = Object.keys(misbehaviours) as [keyof typeof misbehaviours, ...(keyof typeof misbehaviours)[]]

/** A unit as the OPC UA server shows it: its variables by the path below it. */
const unit = z.strictObject({
  id: z.string(),
  /** Absent: the server does not tell it. */
  serial: z.string().optional(),
  values: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})

/** A simulated account: what `equipment.json` of a case holds. */
export const rationalEquipment = z.strictObject({
  users: z.record(z.string(), z.string()).default({ baker: 'example-password' }),
  /** Folder that keeps the server's certificate. */
  certificates_in: z.string().optional(),
  /** All of the account; the server shows the first ten. */
  units: z.array(unit).default([]),
  /** Absent: the account has no API client. */
  api: z
    .strictObject({
      client: tokenAccount,
      /** Newest or not, in any order. */
      batches: z.array(z.record(z.string(), z.json())).default([]),
      programs: z.array(z.record(z.string(), z.json())).default([]),
      misbehaviour: z.enum(['none', ...words]).default('none'),
    })
    .optional(),
})
export type RationalEquipment = z.output<typeof rationalEquipment>
export type RationalApi = NonNullable<RationalEquipment['api']>
