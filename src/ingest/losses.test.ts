import { expect, it } from 'vitest'
import { gapOfLoss } from './losses.ts'

it.each([
  [{ from: 1_000, to: 21_000, readings: 3 }, 10_000],
  [{ from: 1_000, to: 1_000, readings: 1 }, 1_000],
  [{ from: 1_000, to: 1_250, readings: 2 }, 1_000],
])('a loss of %o is a gap of readings %i ms apart', (span, intervalMs) => {
  const { readings, ...times } = span
  const gap = { equipmentId: 'a', ...times, reason: 'dropped', detail: 'the spool is full', intervalMs, lost: readings }
  expect(gapOfLoss({ equipmentId: 'a', ...span, reason: 'the spool is full' })).toEqual(gap)
})
