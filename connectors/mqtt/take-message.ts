import { isOfSetClock, type Sample } from '#connector'
import { evaluatePointer, sampleOf, sampleOfFound, timeOf } from '#protocol/document'
import { hasWildcard } from '#protocol/mqtt'
import type { Ear, Heard } from './ears.ts'
import type { MessageDocument } from './message-document.ts'

export interface Moment {
  readonly isRetained: boolean
  /** Monotonic ms. */
  readonly at: number
  /** Ms since 1970. */
  readonly now: number
}

/** What comes late, comes with the connection that its sender has again. A clock that was set back stays so, and must be believed. */
const lateMsMax = 60_000
/** Nobody's clock is wrong by less: a time that is further ahead says only that the clock is. */
const aheadMsMax = 60_000

/** Takes what a message on its topic says of a point; whether it said something newer. */
export function takeMessage(ear: Ear, document: MessageDocument, moment: Moment): boolean {
  const { isRetained, at } = moment
  ear.messages += 1
  ear.first.resolve()
  // A subscription that is made again brings what the broker has kept once more; what it repeats was sent before.
  if (isRetained && ear.heard && !ear.heard.isRetained) return false
  const sample = sampleIn(document, ear)
  if (!sample) return false
  const { timestamp_pointer: timestampPointer } = ear.point.address
  const sourceTime =
    timestampPointer === undefined ? undefined : timeOf(evaluatePointer(document.json, timestampPointer))
  if (isLate(sourceTime, ear.heard, moment)) return false
  // Kept and brought once more, it is as old as it was.
  ear.heard = { sample, at: isRetained ? (ear.heard?.at ?? at) : at, isRetained, sourceTime }
  return true
}

/** Whether the machine's own time tells that a message is from before the newest one. */
function isLate(sourceTime: number | undefined, newest: Heard | undefined, { at, now }: Moment): boolean {
  if (sourceTime === undefined || newest?.sourceTime === undefined || !isOfSetClock(sourceTime, now)) return false
  const wasRight = newest.sourceTime <= now + aheadMsMax
  return sourceTime < newest.sourceTime && wasRight && at - newest.at < lateMsMax
}

/** Undefined where the message says nothing of the point: many machines tell only what has changed. */
function sampleIn({ plain, json, fault }: MessageDocument, { point, place, filter }: Ear): Sample | undefined {
  const isWhole = point.address.pointer === undefined
  if (fault === undefined && isWhole) return sampleOf(plain, place)
  if (fault === undefined && json !== undefined) {
    const found = evaluatePointer(json, place.address.pointer)
    return found === undefined ? undefined : sampleOfFound(found, { document: json, point: place })
  }
  // Topics of other kinds under the same wildcard.
  if (hasWildcard(filter)) return undefined
  const { metric } = point
  return { metric, fault: { code: 'VALUE_INVALID', message: `${metric}: ${fault ?? 'the message is no JSON'}` } }
}
