import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { Log, Reading } from '#core'
import { type Holding, holdingsOf } from './losses.ts'

/** One spool file: batches of readings as JSON, by sequence number. Held exclusively while open, by a lock that ends with the process. */
export interface SpoolFile {
  list(): Entry[]
  insert(batch: Batch): void
  /** `undefined` when the record is gone or damaged; throws when it cannot be read now. */
  read(seq: number): Reading[] | undefined
  /** What the batch holds, even when it is damaged itself; `undefined` when that is too. Throws when it cannot be read now. */
  holdings(seq: number): Holding[] | undefined
  remove(seq: number): void
  /** Space inside the file that further batches take without making it longer. */
  freeBytes(): number
  /** Brings into the file what waits beside it, once that is enough. Throws when the disk fails at it. */
  checkpoint(): void
  /** Gives free space back to the disk. */
  shrink(): void
  /** Moves the file out of the way, with what belongs to it, and lets go of it. */
  setAside(cause: unknown): void
  close(): void
}

export interface Entry {
  readonly seq: number
  /** Readings in the batch. */
  readonly count: number
  /** On disk; 0 when the batch is in memory only. */
  readonly bytes: number
}

interface Batch {
  readonly seq: number
  readonly count: number
  /** Readings as JSON. */
  readonly text: string
  readonly holdings: readonly Holding[]
}

const entries = z.array(z.object({ seq: z.int(), count: z.int(), bytes: z.int() }))
const version = z.object({ user_version: z.int() })
const wal = z.object({ log: z.int() })
const contents = z.object({ holdings: z.string() })
const held = z.array(z.object({ equipmentId: z.string(), from: z.number(), to: z.number(), readings: z.int() }))
const freeSpace = z.object({ bytes: z.int() })
/** 1/2 MiB of changes wait outside the file at most: they are what a full disk must still have room for. */
const walPagesMax = 128
const record = z.object({ readings: z.string() })
/** Enough to know a reading of ours from something else; its parts were checked before it was spooled. */
const spooled = z.array(z.looseObject({ equipmentId: z.string(), readingTime: z.number() }))

/**
 * Takes over a spool file that no living process holds. Further ownerless files are emptied into it; a
 * file that is damaged is set aside and reported, one that cannot be read now is left for the next start. `undefined` when
 * there is none to take over.
 */
export function adoptSpoolFiles(directory: string, log: Log): SpoolFile | undefined {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const names = readdirSync(directory)
    .filter((name) => name.endsWith('.sqlite'))
    .sort()
  let own: SpoolFile | undefined
  for (const name of names) {
    const path = join(directory, name)
    let file: SpoolFile | undefined
    try {
      file = openSpoolFile(path, log)
      file.list()
      if (own === undefined) {
        own = file
        continue
      }
      moveInto(own, file)
      file.close()
      for (const suffix of fileSuffixes) rmSync(path + suffix, { force: true })
    } catch (error) {
      if (file !== own) file?.close()
      if (isOf(error, SQLITE_BUSY)) continue
      if (isOf(error, SQLITE_CORRUPT, SQLITE_NOTADB)) setAside(path, error, log)
      else log.error({ err: error, file: path }, 'a spool file cannot be taken over now and is left for the next start')
    }
  }
  return own
}

/** Throws when none can be made, for instance on a full disk; nothing is left of it then. */
export function makeSpoolFile(directory: string, log: Log): SpoolFile {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, `${crypto.randomUUID()}.sqlite`)
  try {
    return openSpoolFile(path, log)
  } catch (error) {
    for (const suffix of fileSuffixes) rmSync(path + suffix, { force: true })
    throw error
  }
}

/** What SQLite keeps beside a file belongs to it. */
const fileSuffixes = ['', '-wal', '-shm']
const damagedKept = 3

function setAside(path: string, error: unknown, log: Log): void {
  for (const suffix of fileSuffixes) {
    if (existsSync(path + suffix)) renameSync(path + suffix, `${path}.damaged${suffix}`)
  }
  log.error({ err: error, file: `${path}.damaged` }, 'a spool file is damaged and was set aside')
  removeOldDamaged(dirname(path))
}

/** A disk that fails again and again must not be filled by what is of no use but to find out why. */
function removeOldDamaged(directory: string): void {
  // Another process may clean up beside this one.
  const setAsideAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0
  const damaged = readdirSync(directory)
    .filter((name) => name.endsWith('.damaged'))
    .map((name) => join(directory, name))
    .sort((one, other) => setAsideAt(other) - setAsideAt(one))
  for (const path of damaged.slice(damagedKept))
    for (const suffix of fileSuffixes) rmSync(path + suffix, { force: true })
}

function openSpoolFile(path: string, log: Log): SpoolFile {
  const database = new DatabaseSync(path)
  try {
    return takeHold(database, path, log)
  } catch (error) {
    database.close()
    throw error
  }
}

/** Of the tables in the file, as its `user_version`: 0 knew the batches alone. */
const schemaVersion = 1

function takeHold(database: DatabaseSync, path: string, log: Log): SpoolFile {
  // Takes effect in a file that is new: one of an earlier release keeps its length.
  database.exec('pragma auto_vacuum = incremental')
  // Exclusive locking must be set before the first access: the lock is then kept until the file is closed.
  database.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal')
  // SQLite tells nobody when a checkpoint of its own fails, and a disk that fails does so there.
  database.exec('pragma wal_autocheckpoint = 0')
  database.exec('begin immediate')
  const { user_version: found } = version.parse(database.prepare('pragma user_version').get())
  if (found > schemaVersion) throw new Error('the spool file was written by a later release')
  // What the batches hold is in pages of its own: it is known still when theirs are damaged.
  if (found < schemaVersion)
    database.exec(`
      create table if not exists batches (seq integer primary key, count integer not null, readings text not null);
      create table contents (seq integer primary key, count integer not null, bytes integer not null, holdings text not null);
      insert into contents select seq, count, octet_length(readings), '' from batches;
      pragma user_version = ${schemaVersion}`)
  database.exec('commit')
  const list = database.prepare('select seq, count, bytes from contents order by seq')
  const insertContents = database.prepare('insert into contents (seq, count, bytes, holdings) values (?, ?, ?, ?)')
  const insert = database.prepare('insert into batches (seq, count, readings) values (?, ?, ?)')
  const read = database.prepare('select readings from batches where seq = ?')
  const readContents = database.prepare('select holdings from contents where seq = ?')
  const remove = database.prepare('delete from batches where seq = ?')
  const removeContents = database.prepare('delete from contents where seq = ?')
  const free = database.prepare(
    'select freelist_count * page_size as bytes from pragma_freelist_count, pragma_page_size',
  )
  const logged = database.prepare('pragma wal_checkpoint(noop)')
  const atomically = (operation: () => void) => {
    database.exec('begin')
    try {
      operation()
      database.exec('commit')
    } catch (error) {
      if (database.isTransaction) database.exec('rollback')
      throw error
    }
  }
  // The records are our own; the check catches a damaged page, not a forger.
  const readingsIn = (seq: number) =>
    spooled.parse(JSON.parse(record.parse(read.get(seq)).readings)) as unknown as Reading[]
  return {
    freeBytes: () => freeSpace.parse(free.get()).bytes,
    checkpoint() {
      if (wal.parse(logged.get()).log > walPagesMax) database.exec('pragma wal_checkpoint(passive)')
    },
    shrink: () => database.exec('pragma incremental_vacuum; pragma wal_checkpoint(truncate)'),
    setAside(cause) {
      setAside(path, cause, log)
      database.close()
    },
    list: () => entries.parse(list.all()),
    insert: ({ seq, count, text, holdings }) =>
      atomically(() => {
        insert.run(seq, count, text)
        insertContents.run(seq, count, text.length, JSON.stringify(holdings))
      }),
    read: (seq) => unlessDamaged(() => readingsIn(seq)),
    holdings: (seq) =>
      unlessDamaged(() => {
        const { holdings } = contents.parse(readContents.get(seq))
        // Written before there were contents.
        return holdings === '' ? holdingsOf(readingsIn(seq)) : held.parse(JSON.parse(holdings))
      }),
    remove: (seq) =>
      atomically(() => {
        remove.run(seq)
        removeContents.run(seq)
      }),
    close: () => database.close(),
  }
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    // A disk that fails now may give the record later.
    if (isSqliteError(error) && !isOf(error, SQLITE_CORRUPT, SQLITE_NOTADB)) throw error
    return undefined
  }
}

/** A damaged record moves as one: it is told as lost when its turn comes. */
function moveInto(own: SpoolFile, other: SpoolFile): void {
  let seq = own.list().at(-1)?.seq ?? 0
  for (const entry of other.list()) {
    const holdings = other.holdings(entry.seq) ?? []
    seq += 1
    own.insert({ seq, count: entry.count, text: JSON.stringify(other.read(entry.seq) ?? null), holdings })
    // Were the rest not to move, this would come again.
    other.remove(entry.seq)
  }
}

/** Primary result codes: https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

function isSqliteError(error: unknown): error is Error & { errcode: number } {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
}

/** A file that does not keep what it was given: after a failed fsync nothing tells what of it is on the disk. */
export function isFileLost(error: unknown): boolean {
  return isOf(error, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR)
}

/** Whether an error is one of these; an extended code has its primary code in its lowest byte. */
function isOf(error: unknown, ...codes: readonly number[]): boolean {
  return isSqliteError(error) && codes.includes(error.errcode & 0xff)
}

/** Stands in for a file where none can be made: every batch then waits in memory. */
export const noFile: SpoolFile = {
  list: () => [],
  insert: () => {
    throw new Error('there is no spool file')
  },
  read: () => undefined,
  holdings: () => undefined,
  remove: () => undefined,
  freeBytes: () => 0,
  checkpoint: () => undefined,
  shrink: () => undefined,
  setAside: () => undefined,
  close: () => undefined,
}
