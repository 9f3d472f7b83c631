import fc from 'fast-check'
import { expect, it } from 'vitest'
import { localPhase, nextOnGrid, phaseOf, skippedTicks } from './poll-schedule.ts'

it.each([
  ['just before its phase', 999, 1000, 0, 1000],
  ['on its phase: the next one', 1000, 1000, 0, 2000],
  ['within the interval', 1200, 1000, 0.5, 1500],
  ['past the phase', 1600, 1000, 0.5, 2500],
  ['a day', 10, 86_400_000, 0.25, 21_600_000],
])('%s', (_, now, interval, phase, expected) => {
  expect(nextOnGrid(now, interval, phase)).toBe(expected)
})

it('is always in the future, at most one interval away', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.integer({ min: 1000, max: 86_400_000 }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (now, interval, phase) => {
        const next = nextOnGrid(now, interval, phase)
        return next > now && next - now <= interval * (1 + 1e-9) + 1e-3
      },
    ),
  )
})

it('is the same moment in every process, whenever each was started', () => {
  const wall = fc.integer({ min: 1.7e12, max: 1.9e12 })
  const phase = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
  const startedBefore = fc.integer({ min: 1, max: 1e9 })
  fc.assert(
    fc.property(
      wall,
      fc.integer({ min: 1000, max: 86_400_000 }),
      phase,
      startedBefore,
      (now, interval, place, uptime) => {
        const own = localPhase(place, interval, now - uptime)
        const due = now - uptime + nextOnGrid(uptime, interval, own)
        const elsewhere = nextOnGrid(now, interval, place)
        const apart = Math.abs(due - elsewhere) % interval
        return Math.min(apart, interval - apart) < 0.01
      },
    ),
  )
})

it('spreads a fleet over the interval', () => {
  const tenths = new Array<number>(10).fill(0)
  for (let index = 0; index < 1000; index += 1) {
    const tenth = Math.floor(phaseOf(`machine-${index}`) * 10)
    tenths[tenth] = (tenths[tenth] ?? 0) + 1
  }
  for (const count of tenths) expect(count).toBeGreaterThan(60)
})

it.each([
  [1000, 1999, 0],
  [1000, 2000, 1],
  [1000, 4500, 3],
  [1000, 900, 0],
])('a read due at %i that ends at %i skips %i ticks of a second', (due, now, skipped) => {
  expect(skippedTicks(due, now, 1000)).toBe(skipped)
})
