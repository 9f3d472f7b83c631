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
        for (const delay of delays) clock.at(now + delay, () => ran.push(delay) === delays.length && resolve())
      })
      expect(ran).toEqual(delays.toSorted((a, b) => a - b))
    }),
    { numRuns: 20 },
  )
})

it('does not run what was taken back, nor anything before its time', async () => {
  const startedAt = systemClock.monotonic()
  const ran: string[] = []
  const cancel = pollClock.at(startedAt + 5, () => ran.push('taken back'))
  const done = new Promise<number>((resolve) => pollClock.at(startedAt + 10, () => resolve(systemClock.monotonic())))
  cancel()
  expect(await done).toBeGreaterThanOrEqual(startedAt + 9)
  expect(ran).toEqual([])
})

it('takes new entries from within a run, and nothing after stop', async () => {
  let runs = 0
  const again = () => {
    runs += 1
    if (runs < 5) pollClock.at(systemClock.monotonic() + 1, again)
  }
  pollClock.at(systemClock.monotonic(), again)
  await sleep(60)
  expect(runs).toBe(5)
  pollClock.at(systemClock.monotonic() + 5, again)
  pollClock.stop()
  await sleep(20)
  expect(runs).toBe(5)
})
