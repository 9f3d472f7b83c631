import { type ErrorCode, type Gap, type GapReason, gapReasonOf, isGap, type PollTimes } from '#core'

/** What is known of a machine's readings while this worker polls it. Times are ms since 1970. */
export interface GapWatch {
  readonly equipmentId: string
  readonly endpoint: string
  readonly intervalMs: number
  /** Of a cron, in the place of the interval. */
  readonly times?: PollTimes | undefined
  /** The last reading, or when readings were first expected. */
  readonly since: number
  /** When polling began here, until its first poll has an outcome. */
  readonly begunAt: number | undefined
  /** The first failure since the last reading: the one that took the machine away. */
  readonly failure: { readonly reason: GapReason; readonly detail: ErrorCode } | undefined
  /** Whether a gap is stored that lasts. */
  readonly isOpen: boolean
}

export type GapEvent =
  | { readonly kind: 'read'; readonly at: number }
  | { readonly kind: 'failed'; readonly at: number; readonly code: ErrorCode }
  /** Nothing happened, time passed. */
  | { readonly kind: 'looked'; readonly at: number }

interface Step {
  readonly watch: GapWatch
  readonly gap: Gap | undefined
}

/** What an event makes of the watch, and the gap that is to be stored because of it: one that opens, closes, or is over already. */
export function afterEvent(watch: GapWatch, event: GapEvent): Step {
  if (event.kind === 'read') return afterRead(watch, event.at)
  if (event.kind === 'looked') return afterLook(watch, event.at)
  const failure = watch.failure ?? { reason: gapReasonOf(event.code, watch.endpoint), detail: event.code }
  const { begunAt } = watch
  const failed = { ...watch, failure, begunAt: undefined }
  // Until then nobody polled; what is missing from now on has a reason of its own.
  if (begunAt !== undefined && !watch.isOpen && isLong(watch, begunAt)) {
    return { watch: { ...failed, since: begunAt }, gap: gapOf(watch, begunAt, { reason: 'restart', detail: null }) }
  }
  return afterLook(failed, event.at)
}

function afterRead(watch: GapWatch, at: number): Step {
  const { since, begunAt, failure, isOpen } = watch
  const next = { ...watch, since: at, begunAt: undefined, failure: undefined, isOpen: false }
  if (!isOpen && !isLong(watch, at)) return { watch: next, gap: undefined }
  const unpolled = begunAt !== undefined && begunAt > since ? 'restart' : 'late'
  return { watch: next, gap: gapOf(watch, at, failure ?? { reason: unpolled, detail: null }) }
}

function afterLook(watch: GapWatch, at: number): Step {
  const { failure, isOpen } = watch
  // A read that takes long is no gap yet: it ends with a reading or a failure.
  if (isOpen || !failure || !isLong(watch, at)) return { watch, gap: undefined }
  return { watch: { ...watch, isOpen: true }, gap: gapOf(watch, null, failure) }
}

function isLong({ since, intervalMs, times }: GapWatch, at: number): boolean {
  return isGap({ from: since, to: at, intervalMs, times })
}

function gapOf(watch: GapWatch, to: number | null, why: Pick<Gap, 'reason' | 'detail'>): Gap {
  const { equipmentId, since: from, intervalMs, times } = watch
  return { equipmentId, from, to, intervalMs, times, ...why }
}
