import { setTimeout as sleep } from 'node:timers/promises'
import { type BakewireError, type Log, limits, type Reading, toBakewireError } from '#core'
import type { ReadingWriter } from '#store'
import type { Spool } from './spool.ts'

export interface IngestOptions {
  readonly spool: Spool
  readonly writer: ReadingWriter
  readonly log: Log
  /** Readings that are safe on disk, in order of time for each machine. */
  readonly onReadings: (readings: readonly Reading[]) => void
}

/** Takes readings, keeps them safe, and stores them. */
export interface Ingest {
  accept(reading: Reading): void
  /** How long readings have been waiting without a break to be stored; 0 while none waits longer than a batch does. */
  unstoredForMs(): number
  counts(): { readonly accepted: number; readonly stored: number; readonly refused: number }
  /** Spools what was accepted and stores what it can in the time given; the rest waits in the spool for the next start. */
  stop(timeoutMs: number): Promise<void>
}

const retryDelayMsMin = 250
const retryDelayMsMax = 5_000
/** Batches that wait while all is well: those of the last three seconds. */
export const batchesInGoodTimes = 12

export function startIngest({ spool, writer, log, onReadings }: IngestOptions): Ingest {
  let gathered: Reading[] = []
  let draining: Promise<void> | undefined
  /** When storing began last, monotonic ms, and how many readings came since. */
  let storedAt = Number.NEGATIVE_INFINITY
  let unstored = 0
  let stopping = false
  let closed = false
  /** Up to this batch readings were announced, or were left by an earlier process; what waits of them is no news. */
  let told = spool.newestSeq()
  /** When storing began to lag behind, monotonic ms. */
  let behindSince: number | undefined
  const counts = { accepted: 0, stored: 0, refused: 0 }

  const flush = () => {
    if (gathered.length > 0) {
      const batch = gathered
      gathered = []
      spool.append(batch)
      unstored += batch.length
      noteBacklog()
      onReadings(batch)
    }
    if (isTimeToStore()) {
      draining ??= drain().finally(() => {
        draining = undefined
      })
    }
  }

  /** Few statements: each costs the database as much as the readings of hundreds of machines. */
  const isTimeToStore = () => {
    const sinceMs = performance.now() - storedAt
    return (
      stopping || unstored >= limits.batchReadingsMax || sinceMs >= limits.storeIntervalMs - limits.batchIntervalMs / 2
    )
  }

  const noteBacklog = () => {
    if (spool.size().batches <= batchesInGoodTimes) behindSince = undefined
    else behindSince ??= performance.now()
  }

  /**
   * Stores until none waits: the newest first, so that live values are not kept waiting by what an outage left, and after each
   * of these some of the oldest. Of those nobody is told: they are not news.
   */
  const drain = async () => {
    let failures = 0
    storedAt = performance.now()
    unstored = 0
    while (!closed) {
      const fresh = spool.newest(told, batchesInGoodTimes)
      const taken = fresh ?? spool.oldest(told, limits.drainReadingsMax)
      if (!taken) return
      try {
        await store(taken.readings, fresh ? 'announced' : 'silent')
        if (closed) return
        if (failures > 0) log.info({ batchesWaiting: spool.size().batches }, 'readings are stored again')
        failures = 0
        spool.remove(taken.seqs)
        told = Math.max(told, taken.seqs.at(-1) ?? 0)
        noteBacklog()
      } catch (error) {
        failures += 1
        if (failures === 1) log.warn({ err: error }, 'readings cannot be stored now; they wait in the spool')
        if (stopping) return
        await sleep(Math.min(retryDelayMsMin * 2 ** failures, retryDelayMsMax))
      }
    }
  }

  /** A batch with a reading that can never be stored is halved until the reading at fault stands alone; that one is given up and counted. */
  const store = async (readings: readonly Reading[], how: 'announced' | 'silent'): Promise<void> => {
    try {
      await writer.write(readings, how)
      counts.stored += readings.length
    } catch (thrown) {
      const error = toBakewireError(thrown, 'storing readings')
      // Whatever else is wrong is wrong with the database, not with the reading, and can be put in order.
      if (error.code !== 'VALUE_INVALID') throw error
      if (readings.length === 1) return giveUp(error, readings[0])
      const middle = readings.length >> 1
      await store(readings.slice(0, middle), how)
      await store(readings.slice(middle), how)
    }
  }

  const giveUp = (error: BakewireError, reading: Reading | undefined) => {
    counts.refused += 1
    log.error(
      { err: error, equipment_id: reading?.equipmentId, readingTime: reading?.readingTime },
      'the database refuses a reading',
    )
  }

  const timer = setInterval(flush, limits.batchIntervalMs)
  return {
    accept(reading) {
      counts.accepted += 1
      gathered.push(reading)
      if (gathered.length >= limits.batchReadingsMax) flush()
    },
    unstoredForMs: () => (behindSince === undefined ? 0 : performance.now() - behindSince),
    counts: () => ({ ...counts }),
    async stop(timeoutMs) {
      clearInterval(timer)
      stopping = true
      flush()
      await Promise.race([draining, sleep(timeoutMs)])
      closed = true
      spool.close()
    },
  }
}
