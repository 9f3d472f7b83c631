import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReadingTimes } from './reading-times.ts'

const start = Date.UTC(2026, 10, 27)

function timesAt(moments: readonly number[]): number[] {
  let now = 0
  const next = createReadingTimes({ now: () => now })
  return moments.map((moment) => {
    now = moment
    return next()
  })
}

describe('the time of a reading', () => {
  it('is the clock, to four milliseconds', () => {
    expect(timesAt([start, start + 1_003, start + 2_007]).map((time) => time - start)).toEqual([0, 1_000, 2_004])
  })

  it.each([
    ['the same moment', [0, 0, 1], [0, 4, 8]],
    ['a clock that is corrected a little', [1_000, 2_000, 1_200, 3_000], [1_000, 2_000, 2_004, 3_000]],
    ['a clock that is set back', [7_200_000, 0, 1_000], [7_200_000, 1, 1_001]],
    ['a clock that leaps ahead', [0, 7_200_000], [0, 7_200_000]],
  ])('of %s', (_what, moments, times) => {
    expect(timesAt(moments.map((ms) => start + ms)).map((time) => time - start)).toEqual(times)
  })

  it('comes once, though the clock is set back three times over the same time, and is never a second from the clock', () => {
    const pass = fc.record({
      begin: fc.integer({ min: 0, max: 3 }).map((seconds) => seconds * 1_000),
      waits: fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 30 }),
    })
    fc.assert(
      fc.property(fc.array(pass, { minLength: 1, maxLength: 4 }), (passes) => {
        const moments = passes.flatMap(({ begin, waits }) =>
          waits.map((_, nth) => start + begin + sum(waits.slice(0, nth + 1))),
        )
        const times = timesAt(moments)
        expect(new Set(times).size).toBe(times.length)
        for (const [nth, time] of times.entries()) expect(Math.abs(time - (moments[nth] ?? 0))).toBeLessThan(1_200)
      }),
    )
  })
})

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
