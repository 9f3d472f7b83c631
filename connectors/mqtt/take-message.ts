import type { Sample } from '#connector'
import { evaluatePointer, sampleOf, timeOf } from '#protocol/document'
import { hasWildcard } from '#protocol/mqtt'
import type { Ear } from './ears.ts'
import type { MessageDocument } from './message-document.ts'

export interface Moment {
  readonly isRetained: boolean
  /** Monotonic ms. */
  readonly at: number
  /** Ms since 1970. */
  readonly now: number
}

/** Takes what a message on its topic says of a point; whether it said something. */
export function takeMessage(ear: Ear, document: MessageDocument, { isRetained, at, now }: Moment): boolean {
  ear.messages += 1
  ear.first.resolve()
  // A subscription that is made again brings what the broker has kept once more.
  if (isRetained && ear.heard && !ear.heard.isRetained) return false
  const sample = sampleIn(document, ear)
  if (!sample) return false
  const { timestamp_pointer: timestampPointer } = ear.point.address
  const sourceTime =
    timestampPointer === undefined ? undefined : timeOf(evaluatePointer(document.json, timestampPointer), now)
  // Kept and brought once more, it is as old as it was.
  ear.heard = { sample, at: isRetained ? (ear.heard?.at ?? at) : at, isRetained, sourceTime }
  return true
}

/** Undefined where the message says nothing of the point: many machines tell only what has changed. */
function sampleIn({ plain, json, fault }: MessageDocument, { point, filter }: Ear): Sample | undefined {
  const { metric, address } = point
  const { pointer } = address
  if (fault === undefined && pointer === undefined) {
    return sampleOf(plain, { ...point, address: { pointer: '', invalid: address.invalid } })
  }
  if (fault === undefined && json !== undefined && pointer !== undefined) {
    return evaluatePointer(json, pointer) === undefined
      ? undefined
      : sampleOf(json, { ...point, address: { ...address, pointer } })
  }
  // Topics of other kinds under the same wildcard.
  if (hasWildcard(filter)) return undefined
  return { metric, fault: { code: 'VALUE_INVALID', message: `${metric}: ${fault ?? 'the message is no JSON'}` } }
}
