import fc from 'fast-check'
import { expect, it } from 'vitest'
import { limits } from '#core'
import { retryDelayMs } from './retry-schedule.ts'

it.each([
  [1, 1_000],
  [2, 2_000],
  [3, 4_000],
  [5, 16_000],
  [6, 30_000],
  [60, 30_000],
])('after %i failures about %i ms', (failures, delay) => {
  expect(retryDelayMs(failures, () => 0.5)).toBe(delay * 0.875)
})

it('spreads by a quarter and never leaves its bounds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e9 }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (failures, chance) => {
        const delay = retryDelayMs(failures, () => chance)
        return delay >= limits.retryDelayMsMin * 0.75 && delay <= limits.retryDelayMsMax
      },
    ),
  )
})
