import type { Kept, Target } from '#connector'
import { asBackfilled, type Fold, limits, type PollTimes, type Reading } from '#core'
import type { HistorySpan } from '#session'

/** Asks a machine, when it answers again, for what it has kept meanwhile. */
export interface Backfill {
  /** The machine was read at this time, ms since 1970. Returns at once; live polling waits for nothing of this. */
  answered(at: number): void
}

export interface BackfillOptions {
  readonly target: Target
  readonly intervalMs: number
  /** Of a cron, in the place of the interval. */
  readonly times?: PollTimes | undefined
  readonly fold: Fold
  /** When the machine was last read before a moment, by whichever worker; `undefined` where nobody knows. */
  readonly lastBefore: (equipmentId: string, before: number) => Promise<number | undefined>
  readonly ask: (span: HistorySpan, signal: AbortSignal) => Promise<Kept[]>
  readonly onReadings: (readings: readonly Reading[]) => void
  readonly onFailure: (error: unknown) => void
  /** Of the polling. */
  readonly signal: AbortSignal
}

/** Polls that were missed make a gap; one that was a little late does not. */
const intervalsMissed = 3

/** Each gap is asked for once, page by page: what fails then stays a gap. */
export function createBackfill(options: BackfillOptions): Backfill {
  const { target, intervalMs, times, lastBefore, onFailure, signal } = options
  const gapMs = Math.max(intervalsMissed * intervalMs, limits.backfillGapMsMin)
  const isShort = (from: number, to: number) =>
    to - from < gapMs || (times !== undefined && times.count(from, to) < intervalsMissed)
  let lastAt: number | undefined
  let filling = Promise.resolve()

  const fillSince = async (known: number | undefined, to: number): Promise<void> => {
    const last = known ?? (await lastBefore(target.equipmentId, to))
    if (signal.aborted || last === undefined || isShort(last, to)) return
    await fill(options, Math.max(last + 1, to - limits.backfillReachMs), to)
  }

  return {
    answered(at) {
      const known = lastAt
      lastAt = at
      if (known !== undefined && isShort(known, at)) return
      filling = filling
        .then(() => fillSince(known, at))
        // Polling has ended: whoever polls next sees the gap again.
        .catch((error: unknown) => (signal.aborted ? undefined : onFailure(error)))
    },
  }
}

/** In pages, so that polls have their turn in between. */
async function fill({ target, fold, ask, onReadings, ...options }: BackfillOptions, from: number, to: number) {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(limits.backfillMs)])
  let next = from
  for (let left = limits.backfillRowsMax; left > 0 && next < to; left -= limits.backfillPageRows) {
    const limit = Math.min(left, limits.backfillPageRows)
    const kept = (await ask({ from: next, to, limit }, signal)).slice(0, limit)
    const fitting = kept.filter(({ time }) => time >= next && time < to)
    const readings = fitting.flatMap((moment) => readingOf(moment, fold))
    if (readings.length > 0) onReadings(readings)
    // Fewer than asked for are the last ones, and none that fit would be asked for again and again.
    if (kept.length < limit || fitting.length === 0) return
    next = Math.max(...fitting.map(({ time }) => time)) + 1
  }
}

/** Nothing of a moment without a usable value. */
function readingOf({ time, samples }: Kept, fold: Fold): Reading[] {
  const { reading, good } = fold(samples, Math.floor(time))
  return good > 0 ? [asBackfilled(reading)] : []
}
