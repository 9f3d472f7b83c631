import { BakewireError, type Clock } from '#core'

/**
 * What the database says to a question; while it is away, what is known instead. Throws UNAVAILABLE where nothing is
 * (`undefined`), after four seconds when the database hangs.
 */
export type DatabaseOrKnown = <T>(ask: () => Promise<T>, known: () => T | undefined) => Promise<T>

/** How long the database is waited for: where something is known, and where nothing is. */
const patienceMs = { known: 1_000, unknown: 4_000 }
/** A database found away is taken to be so for this long after it was last asked in vain … */
const awayMs = 3_000
/** … and asked again this often, by one question at a time that nobody waits for. A database that hangs is so waited for once. */
const askAgainMs = 500

export function createDatabaseOrKnown({ clock }: { clock: Clock }): DatabaseOrKnown {
  let awayUntil = 0
  let askAgainAt = 0
  let isAsking = false

  const askInTime = async <T>(ask: () => Promise<T>, timeMs: number): Promise<T> => {
    try {
      const answer = await inTime(ask(), timeMs)
      awayUntil = 0
      return answer
    } catch (error) {
      if (isUnavailable(error)) awayUntil = clock.monotonic() + awayMs
      throw error
    }
  }

  const askBeside = async (ask: () => Promise<unknown>) => {
    isAsking = true
    askAgainAt = clock.monotonic() + askAgainMs
    // What came of it is told by the next question.
    await askInTime(ask, patienceMs.known).catch(() => undefined)
    isAsking = false
  }

  return async (ask, known) => {
    const instead = known()
    if (instead === undefined) return askInTime(ask, patienceMs.unknown)
    const now = clock.monotonic()
    if (now < awayUntil) {
      if (!isAsking && now >= askAgainAt) void askBeside(ask)
      return instead
    }
    try {
      return await askInTime(ask, patienceMs.known)
    } catch (error) {
      if (isUnavailable(error)) return instead
      throw error
    }
  }
}

async function inTime<T>(asked: Promise<T>, timeMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    const refuse = () => reject(new BakewireError('UNAVAILABLE', 'the database takes too long; it may be away'))
    timer = setTimeout(refuse, timeMs)
  })
  try {
    return await Promise.race([asked, tooLong])
  } finally {
    clearTimeout(timer)
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof BakewireError && error.code === 'UNAVAILABLE'
}
