import { type Log, limits, type Reading } from '#core'
import { type Holding, holdingsOf, type Loss, takenAt } from './losses.ts'
import { openSpoolDisk } from './spool-disk.ts'
import type { Entry, SpoolFile } from './spool-file.ts'

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
  /** Of the newest batch, whether it waits or not; 0 before the first. */
  newestSeq(): number
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
  /** What was given up, by machine. What was in a damaged record whose contents are damaged too is only counted. */
  readonly onDropped: (losses: readonly Loss[]) => void
  readonly bytesMax?: number
  readonly now?: () => number
}

/** Batches kept in memory besides the disk, so that in quiet times nothing is read back: 16 s of readings. */
const cachedBatchesMax = 64

/** Unused space in the file that is worth giving back once all is stored. */
const unusedBytesMax = 1024 * 1024

/**
 * Opens the spool of this process below `directory`, taking over what dead processes left there. A disk that is full or
 * broken is reported and outlived: the oldest is dropped to make room, and what the disk does not take waits in memory
 * until it does, the oldest dropped and counted when it is too much.
 */
export function openSpool(options: SpoolOptions): Spool {
  const { directory, log, onDropped, bytesMax = limits.spoolBytesMax, now = Date.now } = options
  const disk = openSpoolDisk(directory, log)
  let waiting = [...disk.adopted]
  const cache = new Map<number, readonly Reading[]>()
  /** Stored, but not yet deleted by a disk that failed. */
  let leftovers: Entry[] = []
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
    const isRead = disk.attempt((file) => {
      readings = file.read(seq)
    })
    return isRead ? readings : 'not now'
  }

  const deleted = ({ seq, bytes }: Entry) => bytes === 0 || disk.attempt((file) => file.remove(seq))

  const deleteLeftovers = () => {
    for (let entry = leftovers.at(-1); entry && deleted(entry); entry = leftovers.at(-1)) leftovers.pop()
  }

  const forget = (index: number) => {
    const [entry] = waiting.splice(index, 1)
    if (!entry) return
    cache.delete(entry.seq)
    if (entry.bytes === 0) inMemoryOnly -= 1
    diskBytes -= entry.bytes
    readingsWaiting -= entry.count
  }

  const tell = (readings: number, reason: string, holdings: readonly Holding[] = []) => {
    dropped += readings
    log.warn({ readings, droppedInAll: dropped }, `${reason}: readings were dropped`)
    if (holdings.length > 0) onDropped(holdings.map((holding) => ({ ...holding, reason })))
  }

  /** Whether it is gone: what the disk does not delete waits on, since the next start would store what was told as lost. */
  const drop = (index: number, reason: string): boolean => {
    const entry = waiting[index]
    if (!entry) return false
    const readings = cache.get(entry.seq)
    let holdings = readings && holdingsOf(readings)
    const isKnown =
      holdings !== undefined ||
      disk.attempt((file) => {
        holdings = file.holdings(entry.seq)
      })
    if (!isKnown || !deleted(entry)) return false
    forget(index)
    tell(entry.count, reason, holdings)
    return true
  }

  const save = (index: number, readings: readonly Reading[]): boolean => {
    const entry = waiting[index]
    if (!entry) return false
    const text = JSON.stringify(readings)
    makeRoom(text.length)
    const place = waiting.indexOf(entry)
    const batch = { seq: entry.seq, count: entry.count, text, holdings: holdingsOf(readings) }
    if (!disk.attempt((file) => file.insert(batch))) return false
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
      if (diskBytes + bytes <= bytesMax && disk.hasRoom(bytes)) return
      if (!drop(first, diskBytes + bytes > bytesMax ? 'the spool is full' : 'the disk is full')) return
    }
  }

  const dropAged = () => {
    for (let at = oldestAt(); at !== undefined && now() - at > limits.spoolAgeMsMax; at = oldestAt()) {
      if (underWay.has(waiting[0]?.seq ?? 0)) return
      if (!drop(0, 'the spool holds readings that are too old')) return
    }
  }

  const dropUnsaved = () => {
    while (inMemoryOnly > cachedBatchesMax) {
      const first = waiting.findIndex(({ seq, bytes }) => bytes === 0 && !underWay.has(seq))
      if (!drop(first, 'the spool cannot be written')) return
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

  /** What waits goes along to a new file: what memory holds, and what can still be read of the one that failed. */
  const saveFrom = (lost: SpoolFile) => {
    const before = waiting
    waiting = []
    leftovers = []
    diskBytes = 0
    inMemoryOnly = 0
    readingsWaiting = 0
    for (const { seq, count } of before) {
      const readings = cache.get(seq) ?? salvage(() => lost.read(seq))
      if (readings) hold(seq, readings)
      else
        tell(
          count,
          'the spool file is damaged',
          salvage(() => lost.holdings(seq)),
        )
      saveAll()
      dropUnsaved()
    }
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
      return { batches: waiting.length, readings: readingsWaiting, bytes: diskBytes, dropped, onDisk: disk.works() }
    },
    oldestAt,
    newestSeq: () => lastSeq,
    append(readings) {
      lastSeq += 1
      hold(lastSeq, readings)
      disk.replaceLost(saveFrom)
      deleteLeftovers()
      saveAll()
      dropAged()
      dropUnsaved()
      disk.attempt((file) => file.checkpoint())
    },
    newest: (after, batchesMax) => take(waiting.slice(-batchesMax).filter(({ seq }) => seq > after)),
    oldest: (upTo, readingsMax) => take(firstOf(waiting, upTo, readingsMax)),
    remove(seqs) {
      const gone = new Set(seqs)
      // Together at one end, so that few are looked at.
      const start = waiting.findIndex(({ seq }) => gone.has(seq))
      for (let left = gone.size; left > 0; left -= 1) {
        const entry = waiting[start]
        if (!entry || !gone.has(entry.seq)) break
        if (!deleted(entry)) leftovers.push(entry)
        forget(start)
      }
      disk.attempt((file) => file.checkpoint())
      if (waiting.length === 0) disk.attempt((file) => file.freeBytes() > unusedBytesMax && file.shrink())
    },
    close: disk.close,
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

/** `undefined` is told by the caller as lost. */
function salvage<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
