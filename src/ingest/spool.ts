import { statfsSync } from 'node:fs'
import { type Log, limits, type Reading } from '#core'
import { type Loss, lossesOf, takenAt } from './losses.ts'
import { adoptSpoolFiles, isFileLost, makeSpoolFile, noFile, type SpoolFile } from './spool-file.ts'

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
  /** The newest batches later than `after`, at most `batchesMax`, in order; `undefined` when there is none or the disk gives none now. */
  newest(after: number, batchesMax: number): Taken | undefined
  /** The oldest batches up to `upTo`, with about `readingsMax` readings, in order. */
  oldest(upTo: number, readingsMax: number): Taken | undefined
  remove(seqs: readonly number[]): void
  close(): void
}

/** Batches that wait, put together. They stay in the spool until they are removed. */
export interface Taken {
  readonly seqs: readonly number[]
  readonly readings: readonly Reading[]
}

export interface SpoolOptions {
  readonly directory: string
  readonly log: Log
  /** What was given up, by machine. Readings that cannot be read any more belong to no machine that is known: they are only counted. */
  readonly onDropped: (losses: readonly Loss[]) => void
  readonly bytesMax?: number
  readonly now?: () => number
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

/** A file that failed, or could not be made, is replaced at this pace. */
const replaceIntervalMs = 2_000
/** Unused space in the file that is worth giving back once all is stored. */
const unusedBytesMax = 1024 * 1024

/**
 * Opens the spool of this process below `directory`, taking over what dead processes left there. A disk that is full or
 * broken is reported and outlived: the oldest is dropped to make room, and what the disk does not take waits in memory
 * until it does, the oldest dropped and counted when it is too much.
 */
export function openSpool(options: SpoolOptions): Spool {
  const { directory, log, onDropped, bytesMax = limits.spoolBytesMax, now = Date.now } = options
  let file = noFile
  let waiting: Entry[] = []
  const cache = new Map<number, readonly Reading[]>()
  let diskFailed = false
  /** Why the file is not to be trusted any more. */
  let lostBy: unknown
  let replacedAt = Number.NEGATIVE_INFINITY

  /** Runs a disk operation; a failure is logged once until the disk works again. */
  const tryDisk = (operation: () => void): boolean => {
    try {
      operation()
      if (diskFailed) log.info({}, 'the spool is written to disk again')
      diskFailed = false
    } catch (error) {
      if (!diskFailed) log.error({ err: error }, 'the spool cannot be written to disk; readings wait in memory')
      diskFailed = true
      if (isFileLost(error)) lostBy = error
    }
    return !diskFailed
  }

  tryDisk(() => {
    file = adoptSpoolFiles(directory, log) ?? makeSpoolFile(directory, log)
    waiting = file.list()
  })
  let diskBytes = waiting.reduce((sum, entry) => sum + entry.bytes, 0)
  let readingsWaiting = waiting.reduce((sum, entry) => sum + entry.count, 0)
  let inMemoryOnly = 0
  let lastSeq = waiting.at(-1)?.seq ?? 0
  /** Taken last and perhaps on the way to the database: dropped now, it would be told as lost and be stored all the same. */
  let underWay: ReadonlySet<number> = new Set()
  let dropped = 0
  /** Of the batch that was asked for last: it is asked for again and again while nothing is stored. */
  let asked: { readonly seq: number; readonly at: number | undefined } | undefined

  /** `undefined` when the record is damaged. */
  const readingsOf = ({ seq }: Entry): readonly Reading[] | 'not now' | undefined => {
    let readings = cache.get(seq)
    if (readings) return readings
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
    const entry = waiting[index]
    if (!entry) return
    const readings = readingsOf(entry)
    dropped += entry.count
    forget(index)
    log.warn({ readings: entry.count, droppedInAll: dropped }, `${reason}: readings were dropped`)
    if (readings && readings !== 'not now') onDropped(lossesOf(readings, reason))
  }

  const save = (index: number, readings: readonly Reading[]): boolean => {
    const entry = waiting[index]
    if (!entry) return false
    const text = JSON.stringify(readings)
    makeRoom(text.length)
    const place = waiting.indexOf(entry)
    if (!tryDisk(() => file.insert(entry.seq, text, readings.length))) return false
    waiting[place] = { ...entry, bytes: text.length }
    diskBytes += text.length
    inMemoryOnly -= 1
    if (cache.size > cachedBatchesMax) cache.delete(entry.seq)
    return true
  }

  const saveAll = () => {
    while (inMemoryOnly > 0) {
      const index = waiting.findIndex((entry) => entry.bytes === 0)
      const readings = cache.get(waiting[index]?.seq ?? 0)
      if (!readings || !save(index, readings)) return
    }
  }

  const makeRoom = (bytes: number) => {
    for (;;) {
      const first = waiting.findIndex(({ seq, bytes: onDisk }) => onDisk > 0 && !underWay.has(seq))
      if (first < 0) return
      if (diskBytes + bytes > bytesMax) drop(first, 'the spool is full')
      else if (!hasRoom(file, directory, bytes)) drop(first, 'the disk is full')
      else return
    }
  }

  const dropAged = () => {
    for (let at = oldestAt(); at !== undefined && now() - at > limits.spoolAgeMsMax; at = oldestAt()) {
      if (underWay.has(waiting[0]?.seq ?? 0)) return
      drop(0, 'the spool holds readings that are too old')
    }
  }

  const oldestAt = () => {
    const [entry] = waiting
    if (!entry) return undefined
    if (asked?.seq === entry.seq) return asked.at
    const readings = readingsOf(entry)
    if (readings === 'not now') return undefined
    asked = { seq: entry.seq, at: readings && takenAt(readings) }
    return asked.at
  }

  /** A file that is not to be trusted gives way to a new one, which gets what memory holds and what can still be read. */
  const replaceFile = () => {
    if (file !== noFile && lostBy === undefined) return
    if (performance.now() - replacedAt < replaceIntervalMs) return
    replacedAt = performance.now()
    let made = noFile
    const isMade = tryDisk(() => {
      made = makeSpoolFile(directory, log)
    })
    if (!isMade) return
    const [lost, cause] = [file, lostBy]
    file = made
    lostBy = undefined
    const salvaged = waiting
    waiting = []
    diskBytes = 0
    inMemoryOnly = 0
    readingsWaiting = 0
    for (const { seq, count } of salvaged) {
      const readings = cache.get(seq) ?? salvage(lost, seq)
      if (readings) hold(seq, readings)
      else {
        dropped += count
        log.warn({ readings: count, droppedInAll: dropped }, 'the spool file is damaged: readings were dropped')
      }
      saveAll()
    }
    tryDisk(() => lost.setAside(cause))
  }

  const hold = (seq: number, readings: readonly Reading[]) => {
    waiting.push({ seq, count: readings.length, bytes: 0 })
    cache.set(seq, readings)
    readingsWaiting += readings.length
    inMemoryOnly += 1
  }

  const take = (wanted: readonly Entry[]): Taken | undefined => {
    const batches: { seq: number; readings: readonly Reading[] }[] = []
    underWay = new Set()
    for (const entry of wanted) {
      const readings = readingsOf(entry)
      if (readings === 'not now') break
      if (readings) batches.push({ seq: entry.seq, readings })
      // A damaged record costs itself, not what comes after it.
      else drop(waiting.indexOf(entry), 'a record of the spool is damaged')
    }
    if (batches.length === 0) return undefined
    underWay = new Set(batches.map(({ seq }) => seq))
    return { seqs: batches.map(({ seq }) => seq), readings: batches.flatMap(({ readings }) => readings) }
  }

  return {
    size() {
      return { batches: waiting.length, readings: readingsWaiting, bytes: diskBytes, dropped, onDisk: !diskFailed }
    },
    oldestAt,
    append(readings) {
      lastSeq += 1
      hold(lastSeq, readings)
      replaceFile()
      saveAll()
      dropAged()
      if (inMemoryOnly > cachedBatchesMax)
        drop(
          waiting.findIndex(({ seq, bytes }) => bytes === 0 && !underWay.has(seq)),
          'the spool cannot be written',
        )
    },
    newest: (after, batchesMax) => take(waiting.slice(-batchesMax).filter(({ seq }) => seq > after)),
    oldest: (upTo, readingsMax) => take(firstOf(waiting, upTo, readingsMax)),
    remove(seqs) {
      const gone = new Set(seqs)
      // Together at one end, so that few are looked at.
      const start = waiting.findIndex(({ seq }) => gone.has(seq))
      for (let left = gone.size; left > 0 && start >= 0 && gone.has(waiting[start]?.seq ?? 0); left -= 1) forget(start)
      if (waiting.length === 0) tryDisk(() => file.freeBytes() > unusedBytesMax && file.shrink())
    },
    close: () => file.close(),
  }
}

/** The oldest batches up to `upTo`: at least one, and no more than hold `readingsMax` readings. */
function firstOf(waiting: readonly Entry[], upTo: number, readingsMax: number): Entry[] {
  const found: Entry[] = []
  let readings = 0
  for (const entry of waiting) {
    readings += entry.count
    if (entry.seq > upTo || (found.length > 0 && readings > readingsMax)) break
    found.push(entry)
  }
  return found
}

/** Whether the file takes so much more without filling the disk: into space of its own, or into what is left free. */
function hasRoom(file: SpoolFile, directory: string, bytes: number): boolean {
  if (file.freeBytes() > 2 * bytes) return true
  try {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize - bytes > limits.spoolDiskFreeBytesMin
  } catch {
    // A disk that does not tell is asked by writing.
    return true
  }
}

const salvage = (file: SpoolFile, seq: number) => {
  try {
    return file.read(seq)
  } catch {
    return undefined // Given up: the caller counts it.
  }
}
