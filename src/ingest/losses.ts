import { type Gap, isBackfilled, type Reading } from '#core'

/** Readings of one machine that were taken and will not be stored. */
export interface Loss {
  readonly equipmentId: string
  /** Wall clock ms of the first and of the last of them. */
  readonly from: number
  readonly to: number
  readonly readings: number
  readonly reason: string
}

export function lossesOf(readings: readonly Reading[], reason: string): Loss[] {
  const losses = new Map<string, Loss>()
  for (const { equipmentId, readingTime } of readings) {
    const loss = losses.get(equipmentId)
    losses.set(equipmentId, {
      equipmentId,
      from: Math.min(loss?.from ?? readingTime, readingTime),
      to: Math.max(loss?.to ?? readingTime, readingTime),
      readings: (loss?.readings ?? 0) + 1,
      reason,
    })
  }
  return [...losses.values()]
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
