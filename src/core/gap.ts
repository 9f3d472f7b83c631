import type { ErrorCode } from './errors.ts'
import { limits } from './limits.ts'
import { type PollTimes, servedEarlyMs } from './poll-times.ts'

/** Why readings are missing. */
export const gapReasons = [
  'machine_off',
  'network',
  'vendor_cloud',
  'credentials',
  'configuration',
  'machine_fault',
  'overloaded',
  'database',
  'internal',
  'late',
  'restart',
  'paused',
  'dropped',
] as const
export type GapReason = (typeof gapReasons)[number]

/** What a failed poll says of the gap that it begins. Whether a silent machine is off or cut off, nobody here can tell. */
export const reasonsByCode = {
  UNREACHABLE: 'machine_off',
  LINK_LOST: 'machine_off',
  TIMED_OUT: 'machine_off',
  ADDRESS_UNRESOLVED: 'network',
  CREDENTIALS_REJECTED: 'credentials',
  SECRET_REQUIRED: 'credentials',
  UNAUTHENTICATED: 'credentials',
  FORBIDDEN: 'credentials',
  CERTIFICATE_REJECTED: 'credentials',
  CONFIG_INVALID: 'configuration',
  LINK_CONFLICT: 'configuration',
  ADDRESS_REFUSED: 'configuration',
  NOT_SUPPORTED: 'configuration',
  POINT_REFUSED: 'configuration',
  TLS_FAILED: 'configuration',
  PROTOCOL_VIOLATED: 'machine_fault',
  VALUE_INVALID: 'machine_fault',
  DEVICE_BUSY: 'machine_fault',
  CONNECTION_FAILED: 'machine_fault',
  OVERLOADED: 'overloaded',
  // What a link must know before it may be opened is in the database.
  UNAVAILABLE: 'database',
  INTERNAL: 'internal',
  // Answers to requests: no poll fails with one of them.
  REQUEST_MALFORMED: 'internal',
  NOT_FOUND: 'internal',
  REQUEST_TIMED_OUT: 'internal',
  CONFLICT: 'internal',
  IN_PROGRESS: 'internal',
  PRECONDITION_FAILED: 'internal',
  BODY_TOO_LARGE: 'internal',
  MEDIA_TYPE_UNSUPPORTED: 'internal',
  KEY_REUSED: 'internal',
  HEADERS_TOO_LARGE: 'internal',
  OUTCOME_UNKNOWN: 'internal',
  VERSION_UNSUPPORTED: 'internal',
} as const satisfies Record<ErrorCode, GapReason>

const awayOf: readonly GapReason[] = ['machine_off', 'network', 'machine_fault']
const localName = /^[^.]*$|\.(local|lan|home|internal|localdomain|arpa)$/
const address = /^[\d.]+$|^\[/

/** `endpoint`: as configured. An https address by a public name is taken for a vendor's cloud. */
export function gapReasonOf(code: ErrorCode, endpoint: string): GapReason {
  const reason = reasonsByCode[code]
  const url = endpoint.startsWith('https:') ? URL.parse(endpoint) : null
  const isCloud = url !== null && !localName.test(url.hostname) && !address.test(url.hostname)
  return isCloud && awayOf.includes(reason) ? 'vendor_cloud' : reason
}

/** What readings are expected by: an interval, or times of day, of which the interval then is the shortest wait. */
interface Rhythm {
  readonly intervalMs: number
  readonly times?: PollTimes | undefined
}

/** Readings of one machine that are missing. */
export interface Gap extends Rhythm {
  readonly equipmentId: string
  /** The last reading before, or when readings were first expected, ms since 1970. */
  readonly from: number
  /** The first reading after; `null` while it lasts. */
  readonly to: number | null
  readonly reason: GapReason
  /** The error code that began it, or who paused the machine. */
  readonly detail: string | null
  /** Readings that were taken and had to be dropped; absent: they were never taken. */
  readonly lost?: number
}

/** From when on an interval, or the times of a cron, were in force; `null`: nothing was expected. */
export interface IntervalInForce {
  readonly since: number
  readonly intervalMs: number | null
  readonly times?: PollTimes | undefined
}

/** How many readings there should be from one moment to another, under intervals in order of time. The one place that knows. */
export function expectedReadings(intervals: readonly IntervalInForce[], from: number, to: number): number {
  let expected = 0
  for (const [index, { since, intervalMs, times }] of intervals.entries()) {
    const begin = Math.max(since, from)
    const end = Math.min(intervals[index + 1]?.since ?? to, to)
    if (intervalMs === null || end <= begin) continue
    expected += times ? times.count(begin, end) : (end - begin) / intervalMs
  }
  return Math.round(expected)
}

const intervalsMissed = 1.5

/**
 * A longer time before `to` without a reading is a gap: one and a half intervals, and more than a shard takes to move. Of a cron: since
 * the last time that is as long past as a poll may be late.
 */
export function gapMsMin({ intervalMs, times }: Rhythm, to: number): number {
  if (!times) return Math.max(intervalsMissed * intervalMs, limits.gapMsMin)
  const lateMs = Math.max((intervalsMissed - 1) * intervalMs, limits.gapMsMin)
  return to - times.previous(to - lateMs) + servedEarlyMs
}

type Span = Rhythm & { readonly from: number; readonly to: number }

export function isGap({ from, to, ...rhythm }: Span): boolean {
  return to - from > gapMsMin(rhythm, to)
}

/** How many readings should lie between the two that a gap lies between; `to` is now while it lasts. */
export function missedReadings({ from, to, intervalMs, times }: Span): number {
  if (times) return Math.max(0, times.count(from + servedEarlyMs, to) - 1)
  return Math.max(0, Math.round((to - from) / intervalMs) - 1)
}
