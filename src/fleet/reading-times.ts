import type { Clock } from '#core'

/** Times are given out in steps of so many ms, and as many passes over the same time have each a ms of the step for themselves. */
const stepMs = 4
/** A clock that is corrected by less goes on from the last time; one that is set back further is followed. */
const correctionMs = 1_000

/**
 * Times for the readings of one machine, whose key they are: none is given out twice, although the wall clock is corrected or
 * set back, unless that happens four times over the same time.
 */
export function createReadingTimes(clock: Pick<Clock, 'now'>): () => number {
  let pass = 0
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const step = Math.floor(clock.now() / stepMs) * stepMs
    if (last - step >= correctionMs) {
      pass = (pass + 1) % stepMs
      last = step + pass
    } else last = Math.max(step + pass, last + stepMs)
    return last
  }
}
