import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SetupError } from './setup-error.ts'

/** A folder that belongs to this process until `release` or its death. Releasing twice is safe. */
export interface FolderLock {
  release(): void
}

/** Another living process holds the folder. */
export class FolderInUseError extends SetupError {
  override readonly name = 'FolderInUseError'
  readonly directory: string
  readonly pid: number | undefined

  constructor(directory: string, pid: number | undefined) {
    const owner = pid === undefined ? 'Another Bakewire' : `Another Bakewire (process ${pid})`
    super(`${owner} is using the folder ${directory}. Stop it, or choose another DATA_DIR.`)
    this.directory = directory
    this.pid = pid
  }
}

const SQLITE_BUSY = 5

/** Without a reference the garbage collector would close a database, and with it drop its lock. */
const held = new Set<DatabaseSync>()

/**
 * Takes `directory` (made when missing) for this process, waiting at most `waitMs` (blocking) for
 * an owner that is just dying.
 *
 * The lock is an open transaction on an empty SQLite file: the kernel drops it when the process
 * dies, and no reused pid can pretend to hold it. The owner's pid is only for the message and lies
 * in a file of its own, because closing any descriptor of a locked file drops a POSIX lock.
 *
 * @throws FolderInUseError when another living process holds it.
 */
export function lockFolder(directory: string, { waitMs = 0 }: { readonly waitMs?: number } = {}): FolderLock {
  const ownerFile = join(directory, 'instance.pid')
  const database = openLockFile(directory, waitMs)
  try {
    // Nothing is ever written, so there is nothing to undo from a file that a killed owner leaves.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    rmSync(ownerFile, { force: true }) // Root may have written it, in a folder that is ours.
    writeFileSync(ownerFile, `${process.pid}\n`, { mode: 0o600 })
  } catch (error) {
    database.close()
    if (isBusy(error)) throw new FolderInUseError(directory, readOwner(ownerFile))
    throw cannotLock(directory, error)
  }
  held.add(database)
  return {
    release() {
      if (held.delete(database)) database.close()
    },
  }
}

function openLockFile(directory: string, waitMs: number): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    return new DatabaseSync(join(directory, 'instance.lock'), { timeout: waitMs })
  } catch (error) {
    throw cannotLock(directory, error)
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
}

function cannotLock(directory: string, cause: unknown): SetupError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new SetupError(`Cannot take the folder ${directory}: ${reason}.`, { cause })
}

function readOwner(ownerFile: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(ownerFile, 'utf8'), 10)
    return Number.isNaN(pid) ? undefined : pid
  } catch {
    return undefined // The owner is between taking the lock and writing its pid.
  }
}
