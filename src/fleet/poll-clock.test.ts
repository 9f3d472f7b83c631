import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { systemClock } from '#core'
import { createPollClock } from './poll-clock.ts'

const pollClock = createPollClock(systemClock)
afterEach(() => pollClock.stop())

it('runs in the order of due times, whatever the order of arrival', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 40 }), async (delays) => {
      const clock = createPollClock(systemClock)
      const now = systemClock.monotonic()
      const ran: number[] = []
      await new Promise<void>((resolve) => {
        for (const delay of delays) clock.alarm(() => ran.push(delay) === delays.length && resolve()).set(now + delay)
      })
      expect(ran).toEqual(delays.toSorted((a, b) => a - b))
    }),
    { numRuns: 20 },
  )
})

it('does not run what was taken back, nor anything before its time', async () => {
  const startedAt = systemClock.monotonic()
  const ran: string[] = []
  const alarm = pollClock.alarm(() => ran.push('taken back'))
  alarm.set(startedAt + 5)
  const done = new Promise<number>((resolve) =>
    pollClock.alarm(() => resolve(systemClock.monotonic())).set(startedAt + 10),
  )
  alarm.clear()
  expect(await done).toBeGreaterThanOrEqual(startedAt + 9)
  expect(ran).toEqual([])
})

it('takes new entries from within a run, and nothing after stop', async () => {
  let runs = 0
  const alarm = pollClock.alarm(() => {
    runs += 1
    if (runs < 5) alarm.set(systemClock.monotonic() + 1)
  })
  alarm.set(systemClock.monotonic())
  await sleep(60)
  expect(runs).toBe(5)
  alarm.set(systemClock.monotonic() + 5)
  pollClock.stop()
  await sleep(20)
  expect(runs).toBe(5)
})

it('rings once, at the time that it was set to last', async () => {
  const startedAt = systemClock.monotonic()
  const rangAt: number[] = []
  const alarm = pollClock.alarm(() => rangAt.push(systemClock.monotonic() - startedAt))
  for (const delay of [30, 10, 50]) alarm.set(startedAt + delay)
  await sleep(90)
  expect(rangAt).toHaveLength(1)
  expect(rangAt[0]).toBeGreaterThanOrEqual(49)
  alarm.set(startedAt + 100)
  alarm.clear()
  alarm.set(startedAt + 120)
  await sleep(60)
  expect(rangAt).toHaveLength(2)
  expect(rangAt[1]).toBeGreaterThanOrEqual(119)
})
