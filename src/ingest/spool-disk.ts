import { statfsSync } from 'node:fs'
import { type Log, limits } from '#core'
import { adoptSpoolFiles, type Entry, isFileLost, makeSpoolFile, noFile, type SpoolFile } from './spool-file.ts'

/** The file that the spool writes to at the moment, on a disk that may be full or broken, or come back. */
export interface SpoolDisk {
  /** What dead processes left. */
  readonly adopted: readonly Entry[]
  /** Whether the operation succeeded. A failure is logged once until the disk works again. */
  attempt(operation: (file: SpoolFile) => void): boolean
  works(): boolean
  /** Whether the file takes so much more without filling the disk: into space of its own, or into what is left free. */
  hasRoom(bytes: number): boolean
  /** Puts a new file in the place of one that is not to be trusted; what can still be read of that one is to be saved to the new one. */
  replaceLost(save: (lost: SpoolFile) => void): void
  close(): void
}

/** A file that failed, or could not be made, is replaced at this pace. */
const replaceIntervalMs = 2_000

export function openSpoolDisk(directory: string, log: Log): SpoolDisk {
  let file = noFile
  let adopted: readonly Entry[] = []
  let failed = false
  /** Why the file is not to be trusted any more. */
  let lostBy: unknown
  let replacedAt = Number.NEGATIVE_INFINITY

  const isTrusted = () => file !== noFile && lostBy === undefined

  const attempt = (operation: (file: SpoolFile) => void): boolean => {
    try {
      operation(file)
      // A file that is not to be trusted does not work, even when it seems to.
      if (failed && isTrusted()) {
        log.info({}, 'the spool is written to disk again')
        failed = false
      }
      return true
    } catch (error) {
      if (!failed) log.error({ err: error }, 'the spool cannot be written to disk; readings wait in memory')
      failed = true
      if (isFileLost(error)) lostBy = error
      return false
    }
  }

  attempt(() => {
    file = adoptSpoolFiles(directory, log) ?? makeSpoolFile(directory, log)
    adopted = file.list()
  })

  return {
    adopted,
    attempt,
    works: () => !failed,
    hasRoom(bytes) {
      try {
        if (file.freeBytes() > 2 * bytes) return true
        const { bavail, bsize } = statfsSync(directory)
        return bavail * bsize - bytes > limits.spoolDiskFreeBytesMin
      } catch {
        // A disk that does not tell is asked by writing.
        return true
      }
    },
    replaceLost(save) {
      if (isTrusted()) return
      if (performance.now() - replacedAt < replaceIntervalMs) return
      replacedAt = performance.now()
      let made = noFile
      const isMade = attempt(() => {
        made = makeSpoolFile(directory, log)
      })
      if (!isMade) return
      const [lost, cause] = [file, lostBy]
      file = made
      lostBy = undefined
      save(lost)
      attempt(() => lost.setAside(cause))
    },
    close: () => file.close(),
  }
}
