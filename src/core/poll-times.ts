import { Cron } from 'croner'

/** Times at which a machine is polled, in the five fields of cron, and whose clock they are on. */
export interface PollCron {
  readonly expression: string
  /** A name of the IANA database. */
  readonly timezone: string
}

/** Due times of a cron, ms since 1970. */
export interface PollTimes {
  readonly cron: PollCron
  /** The first after a moment; infinity where there are no more. */
  next(after: number): number
  /** The last before a moment; minus infinity where there are none. */
  previous(before: number): number
  /** How many lie in from ≤ time < to. */
  count(from: number, to: number): number
}

/** A reading so shortly before a due time serves it: the clocks of workers differ, and timers may fire early. */
export const servedEarlyMs = 1_000

const day = 86_400_000
/** A shorter wait than all of these comes so seldom that it is no measure of the others. */
const timesLookedAt = 50
/** Any would do; a fixed one makes the shortest wait of a cron always the same. */
const lookedAtFrom = new Date(Date.UTC(2026, 0, 1))

/** Five fields, no more: seconds are for intervals, and names such as `@daily` say nothing of the hour. */
const fiveFields = /^\S+( \S+){4}$/

/**
 * What keeps an expression from being a cron that comes round, `undefined` where nothing does. A time that the clocks skip is
 * served when they have; a single time that they pass twice is served the first time, several in such an hour are served each time.
 */
export function faultOfCron(expression: string): string | undefined {
  if (!fiveFields.test(expression)) {
    return 'must be five fields with one space between them: minute, hour, day of month, month, day of week'
  }
  try {
    if (cronOf({ expression, timezone: 'UTC' }).nextRuns(2).length === 2) return undefined
    return 'never comes round: no month has such a day'
  } catch (error) {
    return `is no cron: ${String(error instanceof Error ? error.message : error).replace(/^CronPattern: /, '')}`
  }
}

/** By a name of the IANA database, of whatever age: offsets would mean their opposite to the database. */
export function isTimezone(name: string): boolean {
  if (!/^(UTC|[A-Z]\w+(\/[\w+-]+)+)$/.test(name)) return false
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

/** The shortest wait between two times, ms. */
export function shortestWaitMs(cron: PollCron): number {
  const times = cronOf(cron).nextRuns(timesLookedAt, lookedAtFrom)
  return Math.min(...times.slice(1).map((time, nth) => time.getTime() - (times[nth]?.getTime() ?? 0)))
}

/** `cron`: one that `faultOfCron` has nothing against. */
export function createPollTimes(cron: PollCron): PollTimes {
  const times = cronOf(cron)
  const midnights = cronOf({ expression: '0 0 * * *', timezone: cron.timezone })
  const next = (after: number) => times.nextRun(new Date(after))?.getTime() ?? Infinity
  /** Of a day of 24 hours, from its beginning: they are the same on all such days that have any. */
  let usual: number[] | undefined

  const timesOf = (from: number, to: number): number[] => {
    const first = next(from - 1)
    if (first >= to) return []
    if (to - from === day && usual) return usual
    const offsets: number[] = []
    for (let at = first; at < to; at = next(at)) offsets.push(at - from)
    if (to - from === day) usual = offsets
    return offsets
  }

  return {
    cron,
    next,
    // The library looks at whole seconds and takes a moment as before itself.
    previous: (before) => times.previousRuns(1, new Date(Math.ceil(before / 1_000) * 1_000))[0]?.getTime() ?? -Infinity,
    count(from, to) {
      let count = 0
      let begin = midnights.previousRuns(1, new Date(from + 1_000))[0]?.getTime() ?? from
      while (begin < to) {
        const end = midnights.nextRun(new Date(begin))?.getTime() ?? to
        for (const offset of timesOf(begin, end)) if (begin + offset >= from && begin + offset < to) count += 1
        begin = end
      }
      return count
    },
  }
}

function cronOf({ expression, timezone }: PollCron): Cron {
  return new Cron(expression, { timezone, mode: '5-part' })
}
