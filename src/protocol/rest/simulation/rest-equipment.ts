import { z } from 'zod'
import { digestUser } from './digest-guard.ts'
import { misbehaviours, type RestMisbehaviour } from './misbehave.ts'
import { tokenAccount } from './token-server.ts'

const words = Object.keys(misbehaviours) as [RestMisbehaviour, ...RestMisbehaviour[]]

/** What a simulated machine with a REST interface is told: the content of a case's `equipment.json`. */
export const restEquipment = z.strictObject({
  /** Where the data is; `{equipment_id}` stands for any id. */
  path: z.string().default('/api/v1/equipment/{equipment_id}/data'),
  /** The document that is served there. */
  data: z.json().default({}),
  /** That document as text, for what JSON cannot hold (1e400, duplicate names). */
  text: z.string().optional(),
  /** Where the status is, and the document that is served there; absent: there is none. */
  statusPath: z.string().default('/api/v1/equipment/{equipment_id}/status'),
  status: z.json().optional(),
  /** Headers without which the answer is 401, by name in lower case. */
  requires: z.record(z.string(), z.string()).default({}),
  /** Present: answers only to this user, by digest. */
  digest: digestUser.optional(),
  /** Present: answers only with a token, which it gives at `/token` itself. */
  oauth: tokenAccount.optional(),
  /** Absent: plain HTTP. Otherwise HTTPS with a certificate of this kind; its authority is in the configuration, except for `stranger` and `selfSigned`. */
  certificate: z.enum(['good', 'stranger', 'selfSigned', 'expired', 'otherHost']).optional(),
  misbehaviour: z.enum(['none', ...words]).default('none'),
  /** The same, at the path of the status only. */
  statusMisbehaviour: z.enum(['none', ...words]).default('none'),
})
export type RestEquipment = z.output<typeof restEquipment>
