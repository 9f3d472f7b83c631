import { expect, it } from 'vitest'
import { createPollTimes } from '#core'
import { phaseOf } from './poll-schedule.ts'
import { cronRhythm } from './rhythm.ts'

const minute = 60_000
const times = createPollTimes({ expression: '*/5 5-20 * * *', timezone: 'Europe/Berlin' })
const spreadMs = phaseOf('oven') * 1_000

/** A clock that is set to a wall time and whose own time began at zero. */
function clockAt(wall: string) {
  const begun = Date.parse(wall)
  const clock = { elapsed: 0, ahead: 0, now: () => begun + clock.elapsed + clock.ahead, monotonic: () => clock.elapsed }
  return clock
}

/** From now until then, in minutes. */
const inMinutes = (dueAt: number, clock: ReturnType<typeof clockAt>) => (dueAt - spreadMs - clock.elapsed) / minute

it.each([
  ['a machine that was just read, at the next time', '2026-11-26T10:02Z', '2026-11-26T10:00:00.700Z', 3],
  ['one that was read in the evening, in the morning', '2026-11-26T22:00Z', '2026-11-26T19:55:00.700Z', 360],
  ['one that was configured in the night, in the morning', '2026-11-26T22:00Z', '2026-11-26T21:59Z', 360],
  ['one whose time passed while nobody polled, at once', '2026-11-26T10:02Z', '2026-11-26T09:55:00.700Z', 0],
  ['one that was read just before its time, not again', '2026-11-26T10:02Z', '2026-11-26T09:59:59.500Z', 3],
])('polls %s', (_what, now, since, minutes) => {
  const clock = clockAt(now)
  const rhythm = cronRhythm('oven', times, Date.parse(since), clock)
  expect(inMinutes(rhythm.first()(), clock)).toBe(minutes)
  expect(inMinutes(rhythm.resumed()(), clock)).toBe(minutes)
})

it('goes on from each reading, and follows a wall clock that is set meanwhile', () => {
  const clock = clockAt('2026-11-26T10:00Z')
  const rhythm = cronRhythm('oven', times, clock.now(), clock)
  clock.elapsed = 6 * minute
  const due = rhythm.next(5 * minute)
  expect(inMinutes(due(), clock)).toBe(4)
  clock.ahead = 3 * minute
  expect(inMinutes(due(), clock)).toBe(1)
  clock.ahead = 30 * minute
  expect(inMinutes(due(), clock)).toBe(0)
})

it('counts the times that pass during a read', () => {
  const clock = clockAt('2026-11-26T10:00Z')
  const rhythm = cronRhythm('oven', times, clock.now(), clock)
  clock.elapsed = 5 * minute + 30_000
  expect(rhythm.skipped(5 * minute)).toBe(0)
  clock.elapsed = 17 * minute
  expect(rhythm.skipped(5 * minute)).toBe(2)
})
