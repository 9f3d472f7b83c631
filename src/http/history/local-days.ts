import { offsetsOf } from '#core'

export interface LocalDays {
  /** The day of a moment (ms since 1970-01-01T00:00Z), numbered from 1970-01-01. */
  dayOf(time: number): number
  /** When a day begins. */
  midnightOf(nth: number): number
  /** Whether clocks are ahead of UTC by a multiple of so many ms throughout a span. */
  areShiftedBy(multipleMs: number, span: { readonly start: Date; readonly end: Date }): boolean
}

const day = 86_400_000
/** Zones keep an offset for longer. */
const lookEveryMs = 7 * day

/** The days of a zone of the IANA database: where its clocks are changed, one is an hour longer or shorter. */
export function localDays(timezone: string): LocalDays {
  const offsetAt = offsetsOf(timezone)
  const midnights = new Map<number, number>()

  const findMidnight = (nth: number): number => {
    const local = nth * day
    const [before, after] = [local - offsetAt(local - day), local - offsetAt(local + day)]
    const shown = [before, after].filter((moment) => moment + offsetAt(moment) === local)
    // Clocks that skip midnight end the day before when they do; those that show it twice begin the day with the first.
    return shown.length > 0 ? Math.min(...shown) : before
  }
  const midnightOf = (nth: number): number => {
    const midnight = midnights.get(nth) ?? findMidnight(nth)
    midnights.set(nth, midnight)
    return midnight
  }

  return {
    midnightOf,
    dayOf(time) {
      let nth = Math.floor((time + offsetAt(time)) / day)
      while (time < midnightOf(nth)) nth -= 1
      while (time >= midnightOf(nth + 1)) nth += 1
      return nth
    },
    areShiftedBy(multipleMs, { start, end }) {
      for (let time = start.getTime(); time < end.getTime() + lookEveryMs; time += lookEveryMs) {
        if (offsetAt(time) % multipleMs !== 0) return false
      }
      return true
    },
  }
}
