const dayMs = 86_400_000
/** OPC UA counts from 1601, all others from 1970: who has no time to give gives that. Who means "never" gives 9999. */
const none = { until: 0, from: Date.UTC(9999, 0, 1) }
/** Clocks without battery begin at 1970, at 1980 or at their firmware's birth. */
const earliestSet = Date.UTC(2000, 0, 1)

/**
 * A machine's own time, ms since 1970, as it stands beside ours; undefined where it stands for none. It may be as wrong as it
 * likes: `CLOCK_SKEW` tells of it.
 */
export function sourceTimeOf(time: number): number | undefined {
  return time > none.until && time < none.from ? Math.round(time) : undefined
}

/** Whether a time is of a clock that was set, and so may tell how old a value is: from 2000 to a day after `now`. */
export function isOfSetClock(sourceTime: number, now: number): boolean {
  return sourceTime >= earliestSet && sourceTime <= now + dayMs
}
