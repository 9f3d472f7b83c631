import { localDays } from './local-days.ts'

/** Where buckets begin and end, ms since 1970-01-01T00:00Z. */
export interface BucketGrid {
  /** Of most buckets: where clocks are changed, the last one of a day is shorter or there is one more. */
  readonly widthMs: number
  /** Where the bucket of a moment begins. */
  beginOf(time: number): number
  /** Where the bucket of a moment ends. */
  endOf(time: number): number
  /** Whether buckets of a span begin where roll-ups of a width do. */
  takes(rollupWidthMs: number, span: { readonly start: Date; readonly end: Date }): boolean
}

const day = 86_400_000

/** Of UTC: of any width, counted from 1970-01-01T00:00Z. */
export function evenGrid(widthMs: number): BucketGrid {
  const beginOf = (time: number) => Math.floor(time / widthMs) * widthMs
  return {
    widthMs,
    beginOf,
    endOf: (time) => beginOf(time) + widthMs,
    takes: (rollupWidthMs) => widthMs % rollupWidthMs === 0,
  }
}

/** Whether days can be divided into buckets of a width, or buckets into days. */
export function fitsDays(widthMs: number): boolean {
  return widthMs % day === 0 || day % widthMs === 0
}

/** Of a time zone: so many days counted from its 1970-01-01, or parts of a day counted from midnight; see {@link fitsDays}. */
export function localGrid(widthMs: number, timezone: string): BucketGrid {
  const days = localDays(timezone)
  const daysAtOnce = Math.max(1, widthMs / day)

  // Readings come in their order, so that most are of the days of the one before.
  let [begin, end] = [0, 0]
  const moveTo = (time: number) => {
    if (begin <= time && time < end) return
    const first = Math.floor(days.dayOf(time) / daysAtOnce) * daysAtOnce
    begin = days.midnightOf(first)
    end = days.midnightOf(first + daysAtOnce)
  }
  const beginOf = (time: number): number => {
    moveTo(time)
    return widthMs < day ? begin + Math.floor((time - begin) / widthMs) * widthMs : begin
  }
  return {
    widthMs,
    beginOf,
    endOf(time) {
      const bucket = beginOf(time)
      return widthMs < day ? Math.min(bucket + widthMs, end) : end
    },
    takes: (rollupWidthMs, { start, end }) =>
      widthMs % rollupWidthMs === 0 &&
      days.areShiftedBy(rollupWidthMs, { start: new Date(beginOf(start.getTime())), end }),
  }
}
