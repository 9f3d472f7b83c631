import { z } from 'zod'

/** A moment in an answer: ISO 8601 in UTC. */
export const timeText = () => z.iso.datetime()
export const idText = () => z.uuid()

/** The id in an address. */
export const idParams = z.strictObject({ id: z.uuid().toLowerCase() })

export function timeOf(time: Date): string {
  return time.toISOString()
}

export function timeOrNull(time: Date | null): string | null {
  return time === null ? null : time.toISOString()
}

/** A stored word as answers may say it: one of another release, which this one does not know, must not hide all beside it. */
export function wordOf<Word extends string>(words: readonly Word[], stored: Word, otherwise: NoInfer<Word>): Word {
  return words.includes(stored) ? stored : otherwise
}
