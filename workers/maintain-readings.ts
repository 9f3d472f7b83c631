import type { Log } from '#core'
import { type QueueBackend, type RunningJobWorker, startJobWorker } from '#queue'
import type { ReadingStore, RemovalStore } from '#store'

/** Keeps the readings table in order: partitions of the coming days, nothing of deleted machines. One process does it at a time, rung by the sweep. */
export function maintainReadings(
  queue: QueueBackend,
  { readings, removals, log }: { readings: ReadingStore; removals: RemovalStore; log: Log },
): Promise<RunningJobWorker> {
  return startJobWorker(queue, 'maintain-readings', {
    concurrency: 1,
    log,
    async handle(_payload, signal) {
      const made = await readings.makePartitionsAhead()
      if (made > 0) log.info({ partitions: made }, 'partitions made ahead')
      const removed = await removals.removeReadings(signal)
      if (removed > 0) log.info({ machines: removed }, 'readings of deleted machines deleted')
    },
  })
}
