import { mkdirSync } from 'node:fs'
import { type Log, limits, type Reading } from '#core'
import { adoptSpoolFiles, type SpoolFile } from './spool-file.ts'

/** Readings on their way to the database: on disk before they are inserted, gone once they are committed. */
export interface Spool {
  /** Batches that wait, and their readings; bytes on disk; readings dropped since the start. */
  size(): {
    readonly batches: number
    readonly readings: number
    readonly bytes: number
    readonly dropped: number
    readonly onDisk: boolean
  }
  /** When the oldest reading that waits was taken, wall clock ms; `undefined` when none waits or the disk does not tell it now. */
  oldestAt(): number | undefined
  append(readings: readonly Reading[]): void
  /** The oldest batch, `undefined` when none waits or the disk does not give it now. */
  first(): { readonly seq: number; readonly readings: readonly Reading[] } | undefined
  remove(seq: number): void
  close(): void
}

interface Entry {
  readonly seq: number
  /** Readings in the batch. */
  readonly count: number
  /** On disk; 0 when the batch is in memory only. */
  readonly bytes: number
}

/** Batches kept in memory besides the disk, so that in quiet times nothing is read back: 16 s of readings. */
const cachedBatchesMax = 64

/**
 * Opens the spool of this process below `directory`, taking over what dead processes left there. A disk that is full or
 * broken is reported and outlived: batches then wait in memory, the oldest dropped and counted when they are too many.
 */
export function openSpool(directory: string, log: Log): Spool {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = adoptSpoolFiles(directory, log) ?? noFile
  const waiting: Entry[] = file.list()
  const cache = new Map<number, readonly Reading[]>()
  let diskBytes = waiting.reduce((sum, entry) => sum + entry.bytes, 0)
  let readingsWaiting = waiting.reduce((sum, entry) => sum + entry.count, 0)
  let inMemoryOnly = 0
  let lastSeq = waiting.at(-1)?.seq ?? 0
  let dropped = 0
  let diskFailed = false
  /** Of the batch that was asked for last: it is asked for again and again while nothing is stored. */
  let oldest: { readonly seq: number; readonly at: number | undefined } | undefined

  /** Runs a disk operation; a failure is logged once until the disk works again. */
  const tryDisk = (operation: () => void): boolean => {
    try {
      operation()
      if (diskFailed) log.info({}, 'the spool is written to disk again')
      diskFailed = false
    } catch (error) {
      if (!diskFailed) log.error({ err: error }, 'the spool cannot be written to disk; readings wait in memory')
      diskFailed = true
    }
    return !diskFailed
  }

  const readBack = (seq: number): readonly Reading[] | 'not now' | undefined => {
    let readings: readonly Reading[] | undefined
    const isRead = tryDisk(() => {
      readings = file.read(seq)
    })
    return isRead ? readings : 'not now'
  }

  const forget = (index: number) => {
    const [entry] = waiting.splice(index, 1)
    if (!entry) return
    cache.delete(entry.seq)
    if (entry.bytes === 0) inMemoryOnly -= 1
    else tryDisk(() => file.remove(entry.seq))
    diskBytes -= entry.bytes
    readingsWaiting -= entry.count
  }

  const drop = (index: number, reason: string) => {
    const readings = waiting[index]?.count ?? 0
    dropped += readings
    forget(index)
    log.warn({ readings, droppedInAll: dropped }, `${reason}: readings were dropped`)
  }

  return {
    size: () => ({
      batches: waiting.length,
      readings: readingsWaiting,
      bytes: diskBytes,
      dropped,
      onDisk: !diskFailed,
    }),
    oldestAt() {
      const seq = waiting[0]?.seq
      if (seq === undefined) return undefined
      if (oldest?.seq === seq) return oldest.at
      const readings = cache.get(seq) ?? readBack(seq)
      if (readings === 'not now') return undefined
      oldest = { seq, at: readings?.[0]?.readingTime }
      return oldest.at
    },
    append(readings) {
      lastSeq += 1
      const seq = lastSeq
      const text = JSON.stringify(readings)
      const bytes = tryDisk(() => file.insert(seq, text, readings.length)) ? text.length : 0
      waiting.push({ seq, count: readings.length, bytes })
      diskBytes += bytes
      readingsWaiting += readings.length
      if (bytes === 0) inMemoryOnly += 1
      if (bytes === 0 || cache.size < cachedBatchesMax) cache.set(seq, readings)
      while (diskBytes > limits.spoolBytesMax) drop(0, 'the spool is full')
      if (inMemoryOnly > cachedBatchesMax)
        drop(
          waiting.findIndex((entry) => entry.bytes === 0),
          'the spool cannot be written',
        )
    },
    first() {
      for (;;) {
        const [oldest] = waiting
        if (!oldest) return undefined
        const readings = cache.get(oldest.seq) ?? readBack(oldest.seq)
        if (readings === 'not now') return undefined
        if (readings) return { seq: oldest.seq, readings }
        // A damaged record costs itself, not what comes after it.
        drop(0, 'a record of the spool is damaged')
      }
    },
    remove(seq) {
      if (waiting[0]?.seq === seq) forget(0)
    },
    close: () => file.close(),
  }
}

/** Stands in for a file where none can be made: every batch then waits in memory. */
const noFile: SpoolFile = {
  list: () => [],
  insert: () => {
    throw new Error('there is no spool file')
  },
  read: () => undefined,
  remove: () => undefined,
  close: () => undefined,
}
