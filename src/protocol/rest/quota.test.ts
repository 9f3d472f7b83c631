import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseTarget } from '#connector'
import { createPassingMemory } from '../../../test/setup/passing-memory.ts'
import { connector } from './machine-fixture.ts'
import { createQuota } from './quota.ts'
import type { RestTarget } from './schemas.ts'

const start = Date.UTC(2026, 0, 1)
const minute = 60_000
const day = 86_400_000

/** Processes one after the other that share a link's memory, and all requests that they made, by time. */
function account(settings: object) {
  const target = parseTarget(connector, 'oven-1', {
    endpoint: 'http://oven',
    additional_config: settings,
  }) as RestTarget
  const facts = new Map<string, unknown>()
  const made: number[] = []
  let now = start
  let writes = 0
  const memory = createPassingMemory(facts)
  const open = () => {
    const startedAt = now
    const clock = { now: () => now, monotonic: () => now - startedAt }
    const counting = {
      ...memory,
      remember(name: string, value: unknown) {
        writes += 1
        return memory.remember(name, value)
      },
    }
    const quota = createQuota(target, { clock, memory: counting }) ?? expect.fail('there is no quota')
    const ask = () => quota.take().then(() => made.push(now))
    return { ask, close: () => quota.close() }
  }
  return { open, made, facts, writes: () => writes, pass: (ms: number) => (now += ms) }
}

/** The most requests in any span of this length. */
const mostWithin = (times: readonly number[], span: number) =>
  Math.max(0, ...times.map((from) => times.filter((time) => time >= from && time < from + span).length))

it('counts nothing where nothing is set', () => {
  const target = parseTarget(connector, 'oven-1', { endpoint: 'http://oven' }) as RestTarget
  const clock = { now: () => start, monotonic: () => 0 }
  expect(createQuota(target, { clock, memory: createPassingMemory() })).toBeUndefined()
})

it('says which limit is used up, and when it goes on', async () => {
  const { open, pass } = account({ requests_per_minute: 2, requests_per_day: 3 })
  const { ask } = open()
  await ask()
  pass(20_000)
  await ask()
  await expect(ask()).rejects.toMatchObject({
    code: 'DEVICE_BUSY',
    message: 'requests_per_minute (2) is used up until 2026-01-01T00:01:01.000Z',
    retryAfterMs: 41_000,
  })
  pass(41_000)
  await ask()
  await expect(ask()).rejects.toMatchObject({
    message: expect.stringContaining('requests_per_minute (2) is used up until 2026-01-01T00:01:21.000Z'),
  })
  pass(minute)
  await expect(ask()).rejects.toMatchObject({
    message: 'requests_per_day (3) is used up until 2026-01-02T00:15:00.000Z',
  })
})

it('writes a tenth of the requests, and gives back what it reserved when it is closed', async () => {
  const { open, writes, facts } = account({ requests_per_minute: 100 })
  const { ask, close } = open()
  for (let count = 0; count < 35; count += 1) await ask()
  expect(writes()).toBe(4)
  await close()
  expect(facts.get('rest.quota')).toEqual({ reserved: 0, counts: { requests_per_minute: [[start / 1_000, 35]] } })
})

it('counts what a killed process had reserved as used', async () => {
  const { open, made } = account({ requests_per_day: 100 })
  const first = open()
  for (let count = 0; count < 11; count += 1) await first.ask()
  const second = open()
  await expect(
    (async () => {
      for (;;) await second.ask()
    })(),
  ).rejects.toMatchObject({ code: 'DEVICE_BUSY' })
  expect(made).toHaveLength(11 + 80)
})

it('is never exceeded, however requests, pauses, kills and ends follow each other', async () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.constant('ask' as const) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 * minute }) },
    { weight: 1, arbitrary: fc.integer({ min: minute, max: day }) },
    { weight: 1, arbitrary: fc.constantFrom('kill' as const, 'close' as const) },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 40 }),
      fc.array(step, { maxLength: 150 }),
      async (perMinute, perDay, steps) => {
        const { open, made, pass } = account({ requests_per_minute: perMinute, requests_per_day: perDay })
        let link = open()
        for (const doing of steps) {
          if (typeof doing === 'number') pass(doing)
          else if (doing === 'ask') await link.ask().catch(() => undefined)
          else {
            if (doing === 'close') await link.close()
            link = open()
          }
        }
        expect(mostWithin(made, minute)).toBeLessThanOrEqual(perMinute)
        expect(mostWithin(made, day)).toBeLessThanOrEqual(perDay)
      },
    ),
    { numRuns: 60 },
  )
})

it('goes on when the clock was set back by a year', async () => {
  const { open, pass } = account({ requests_per_day: 1 })
  await open().ask()
  pass(-365 * day)
  const second = open()
  await expect(second.ask()).rejects.toMatchObject({ code: 'DEVICE_BUSY', retryAfterMs: expect.any(Number) })
  pass(day + 1_800_000)
  await second.ask()
})

it('counts requests that are made at once one by one', async () => {
  const { open, made } = account({ requests_per_minute: 3 })
  const { ask } = open()
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, ask))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  expect(made).toHaveLength(3)
})
