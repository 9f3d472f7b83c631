import type { Resolution, RollupCoverage } from '#store'
import type { BucketGrid } from './bucket-grid.ts'

export type Source = 'raw' | Resolution

/** A part of a span and what it is read from. */
export interface Piece {
  readonly source: Source
  readonly start: Date
  readonly end: Date
}

const minute = 60_000
const hour = 60 * minute
const levels = [
  { source: '1d', widthMs: 24 * hour },
  { source: '1h', widthMs: hour },
  { source: '1m', widthMs: minute },
] as const
type Level = (typeof levels)[number]

/**
 * Covers a span of buckets by pieces, in their order, each read from the coarsest source that holds all of it: roll-ups
 * that divide the buckets, from their first whole one to where they are filled, but for hours that a late
 * reading makes wrong; the rest and the edges from finer ones, in the end from the readings themselves.
 */
export function piecesOf(
  { start, end, grid }: { readonly start: Date; readonly end: Date; readonly grid: BucketGrid },
  coverage: RollupCoverage,
): Piece[] {
  const usable = levels.filter(({ widthMs }) => grid.takes(widthMs, { start, end }))
  const late = coverage.late.map(Number)

  function* cover(from: number, to: number, [level, ...finer]: readonly Level[]): Generator<Piece> {
    if (from >= to) return
    if (!level) {
      yield { source: 'raw', start: new Date(from), end: new Date(to) }
      return
    }
    const filled = Math.min(to, Number(coverage.upTo[level.source]))
    const whole = {
      start: Math.ceil(from / level.widthMs) * level.widthMs,
      end: Math.floor(filled / level.widthMs) * level.widthMs,
    }
    let covered = from
    for (const clean of between(whole, late, Math.max(hour, level.widthMs))) {
      yield* cover(covered, clean.start, finer)
      yield { source: level.source, start: new Date(clean.start), end: new Date(clean.end) }
      covered = clean.end
    }
    yield* cover(covered, to, finer)
  }
  return [...cover(start.getTime(), end.getTime(), usable)]
}

/** The parts of a span that lie outside the buckets of the moments given, which are in order. */
function* between(
  { start, end }: { readonly start: number; readonly end: number },
  moments: readonly number[],
  widthMs: number,
): Generator<{ readonly start: number; readonly end: number }> {
  let from = start
  for (const moment of moments) {
    const bucket = Math.floor(moment / widthMs) * widthMs
    if (from < Math.min(bucket, end)) yield { start: from, end: Math.min(bucket, end) }
    from = Math.max(from, bucket + widthMs)
  }
  if (from < end) yield { start: from, end }
}
