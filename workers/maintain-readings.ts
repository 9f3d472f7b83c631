import type { Log } from '#core'
import { type QueueBackend, type RunningJobWorker, startJobWorker } from '#queue'
import type { ReadingStore, RemovalStore, Retention, RetentionStore, RollupStore } from '#store'

/** Keeps the readings in order: partitions of the coming days, nothing of deleted machines, roll-ups, nothing older than it is kept. One process does it at a time, rung by the sweep. */
export function maintainReadings(
  queue: QueueBackend,
  parts: {
    readings: ReadingStore
    removals: RemovalStore
    rollups: RollupStore
    retention: RetentionStore
    keep: Retention
    log: Log
  },
): Promise<RunningJobWorker> {
  const { readings, removals, rollups, retention, keep, log } = parts
  return startJobWorker(queue, 'maintain-readings', {
    concurrency: 1,
    log,
    async handle(_payload, signal) {
      const made = await readings.makePartitionsAhead()
      if (made > 0) log.info({ partitions: made }, 'partitions made ahead')
      const removed = await removals.removeReadings(signal)
      if (removed > 0) log.info({ machines: removed }, 'readings of deleted machines deleted')
      const { slices, lateHours } = await rollups.fill(signal)
      log.debug({ slices, late_hours: lateHours }, 'roll-ups filled')
      const { parts: dropped, rows, isHeldUp } = await retention.expire(keep, signal)
      if (dropped + rows > 0) log.info({ partitions: dropped, rows }, 'deleted what is older than it is kept')
      if (isHeldUp) log.warn({}, 'old partitions are in use and stay until the next time')
    },
  })
}
