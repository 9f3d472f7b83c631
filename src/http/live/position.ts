import { faultAt } from '../fault-at.ts'

/** How far a stream has come: what lies beyond it is told when the stream is taken up again. */
export interface Position {
  /** Time of the newest reading, ms. */
  readonly readingMs: number
  /** Number of the newest transition of an alert. */
  readonly transition: number
}

/** The end of year 9999: PostgreSQL reads no further. */
const lastInstantMs = 253_402_300_799_999
/** PostgreSQL's largest number. */
const lastTransition = Number.MAX_SAFE_INTEGER

export function encodePosition({ readingMs, transition }: Position): string {
  return `${readingMs}-${transition}`
}

/** Throws REQUEST_MALFORMED for anything that `encodePosition` cannot have made. */
export function decodePosition(text: string): Position {
  const [, readingMs, transition] = /^(\d{1,15})-(\d{1,16})$/.exec(text) ?? []
  const position = { readingMs: Number(readingMs), transition: Number(transition) }
  if (position.readingMs <= lastInstantMs && position.transition <= lastTransition) return position
  throw faultAt('REQUEST_MALFORMED', 'Last-Event-ID', 'is not the id of an event of a stream')
}

/** A stream never goes back: a reading that comes late is told, and does not count. */
export function advanced(from: Position, reached: Partial<Position>): Position {
  return {
    readingMs: Math.max(from.readingMs, reached.readingMs ?? 0),
    transition: Math.max(from.transition, reached.transition ?? 0),
  }
}
