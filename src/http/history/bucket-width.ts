import { faultAt } from '../fault-at.ts'
import type { BucketGrid } from './bucket-grid.ts'

const day = 86_400_000
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: day }

/** A bucket of more holds more readings than one answer should be made of. */
const widthMsMax = 31 * day
/** What people read well on an axis, in seconds. */
const roundWidths = [
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200],
  ...Array.from({ length: 31 }, (_, days) => (days + 1) * 86_400),
]

/** `300`, `300s`, `5m`, `6h` or `1d` in ms. Throws CONFIG_INVALID. */
export function parseWidth(text: string): number {
  const [, count, unit = 's'] = /^(\d{1,8})([smhd])?$/.exec(text) ?? []
  const widthMs = Number(count) * (unitMs[unit] ?? 0)
  if (widthMs >= 1_000 && widthMs <= widthMsMax) return widthMs
  throw faultAt('CONFIG_INVALID', 'interval', 'must lie between 1s and 31d, such as 30s, 5m, 6h or 1d')
}

/** The grid of the smallest round width that divides the span into no more than `points` buckets. Throws CONFIG_INVALID. */
export function gridFor(
  points: number,
  { start, end }: { readonly start: Date; readonly end: Date },
  gridOf: (widthMs: number) => BucketGrid,
): BucketGrid {
  const [first, last] = [start.getTime(), end.getTime()]
  const isFewEnough = (grid: BucketGrid): boolean => {
    let buckets = 0
    for (let time = first; time < last && buckets <= points; time = grid.endOf(time)) buckets += 1
    return buckets <= points
  }
  for (const seconds of roundWidths) {
    const widthMs = seconds * 1_000
    // No day is longer than 25 hours.
    if (last - first > (points * widthMs * 25) / 24) continue
    const grid = gridOf(widthMs)
    if (isFewEnough(grid)) return grid
  }
  throw faultAt('CONFIG_INVALID', 'points', 'are too few for a span this long: a bucket holds at most 31 days')
}
