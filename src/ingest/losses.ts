import { type Gap, isBackfilled, type Reading } from '#core'

/** What a batch holds of one machine. */
export interface Holding {
  readonly equipmentId: string
  /** Wall clock ms of the first and of the last of them. */
  readonly from: number
  readonly to: number
  readonly readings: number
}

/** Readings of one machine that were taken and will not be stored. */
export interface Loss extends Holding {
  readonly reason: string
}

export function holdingsOf(readings: readonly Reading[]): Holding[] {
  const holdings = new Map<string, Holding>()
  for (const { equipmentId, readingTime } of readings) {
    const holding = holdings.get(equipmentId)
    holdings.set(equipmentId, {
      equipmentId,
      from: Math.min(holding?.from ?? readingTime, readingTime),
      to: Math.max(holding?.to ?? readingTime, readingTime),
      readings: (holding?.readings ?? 0) + 1,
    })
  }
  return [...holdings.values()]
}

/** As the ledger of gaps has it. The spool knows no intervals: the readings' own spacing stands for it, a second at least. */
export function gapOfLoss({ equipmentId, from, to, readings, reason }: Loss): Gap & { readonly reason: 'dropped' } {
  const spacing = Math.round((to - from) / Math.max(1, readings - 1) / 1_000)
  return {
    equipmentId,
    from,
    to,
    reason: 'dropped',
    detail: reason,
    intervalMs: Math.max(1, spacing) * 1_000,
    lost: readings,
  }
}

/** When the newest reading was taken, wall clock ms; what a machine had kept is older than its wait and does not count. */
export function takenAt(readings: readonly Reading[]): number | undefined {
  return readings.findLast((reading) => !isBackfilled(reading))?.readingTime
}
