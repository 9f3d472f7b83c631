/** Time as a dependency, so that decisions about time can be tested. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. What is stored and shown. */
  now(): number
  /** Milliseconds of a clock that never jumps. What durations and due times are measured with. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}
