import { expect, it } from 'vitest'
import { z } from 'zod'
import { defineConnector, type Target } from '#connector'
import { BakewireError, limits, silentLog } from '#core'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createAccountOf } from './account-of.ts'
import { plainDefinition, plainTarget } from './connector-fixture.ts'
import { createKeptWaits } from './kept-waits.ts'

const connector = defineConnector({
  ...plainDefinition,
  credentials: z.strictObject({ token: z.string().optional() }),
  settings: z.strictObject({ quota: z.number().optional() }),
  linkSettings: ({ settings }) => ({ quota: settings.quota }),
  open: async () => ({}),
  close: () => undefined,
})

const target = (changes: Partial<Target> = {}): Target => ({
  ...plainTarget,
  credentials: { token: 'a' },
  ...changes,
})
const busy = (retryAfterMs: number) => new BakewireError('DEVICE_BUSY', 'asked too often', { retryAfterMs })
const start = Date.UTC(2026, 0, 1)

/** One process after the other, with the same memory; each has a monotonic clock of its own. */
function installation() {
  const facts = new Map<string, unknown>()
  let now = start
  return {
    facts,
    pass: (ms: number) => {
      now += ms
    },
    process() {
      const startedAt = now
      const clock = { now: () => now, monotonic: () => now - startedAt }
      return createKeptWaits({
        accountOf: createAccountOf(connector),
        memory: createPassingMemory(facts),
        clock,
        log: silentLog,
      })
    },
  }
}

it('keeps a wait over a restart, and no longer than it lasts', async () => {
  const { process, pass } = installation()
  await process().keep(target(), busy(70_300_000))
  pass(300_000)
  const restarted = process()
  await expect(restarted.refuseEarly(target())).rejects.toMatchObject({
    code: 'DEVICE_BUSY',
    message: 'asked too often; it is not asked again before 2026-01-01T19:31:40.000Z',
    retryAfterMs: 70_000_000,
  })
  pass(70_000_000)
  await restarted.refuseEarly(target())
})

it('keeps it for all machines of the account, and for no other account', async () => {
  const { process } = installation()
  await process().keep(target(), busy(60_000))
  const restarted = process()
  await expect(restarted.refuseEarly(target({ equipmentId: 'other' }))).rejects.toMatchObject({ code: 'DEVICE_BUSY' })
  await restarted.refuseEarly(target({ credentials: { token: 'b' } }))
  await restarted.refuseEarly(target({ settings: { quota: 2 } }))
})

it('leaves short waits to the poller, and forgets those that are over', async () => {
  const { process, pass, facts } = installation()
  const waits = process()
  await waits.keep(target(), busy(29_999))
  expect(facts.size).toBe(0)
  await waits.keep(target(), busy(60_000))
  pass(60_000)
  await waits.keep(target({ credentials: { token: 'b' } }), busy(60_000))
  expect(Object.values(facts.get('session.waits') ?? {})).toEqual([
    { code: 'DEVICE_BUSY', message: 'asked too often', until: start + 120_000 },
  ])
})

it('waits at most a day when the clock was set back meanwhile', async () => {
  const { process, pass } = installation()
  await process().keep(target(), busy(60_000))
  pass(-30 * 86_400_000)
  await expect(process().refuseEarly(target())).rejects.toMatchObject({ retryAfterMs: 86_400_000 })
})

it.each([
  ['nothing', undefined],
  ['a text', 'x'],
  ['a wait of another release', { account: { code: 'NO_SUCH_CODE', message: 'x', until: start + 1e9 } }],
  ['half a wait', { account: { code: 'DEVICE_BUSY' } }],
])('asks when what is remembered is %s', async (_name, kept) => {
  const { process, facts } = installation()
  facts.set('session.waits', kept)
  await process().refuseEarly(target())
})

it('does not replace what it could not recall', async () => {
  const { process, facts } = installation()
  await process().keep(target(), busy(60_000))
  let isAway = true
  const passing = createPassingMemory(facts)
  const memory = {
    ...passing,
    recall: async (name: string) => {
      if (isAway) throw new BakewireError('UNAVAILABLE', 'the database is away')
      return passing.recall(name)
    },
  }
  const clock = { now: () => start, monotonic: () => 0 }
  const waits = createKeptWaits({ accountOf: createAccountOf(connector), memory, clock, log: silentLog })
  const other = target({ credentials: { token: 'b' } })
  await waits.keep(other, busy(90_000))
  await waits.refuseEarly(target())
  expect(Object.keys(facts.get('session.waits') ?? {})).toHaveLength(1)
  await expect(waits.refuseEarly(other)).rejects.toMatchObject({ retryAfterMs: 90_000 })
  isAway = false
  await expect(waits.refuseEarly(target())).rejects.toMatchObject({ retryAfterMs: 60_000 })
  expect(Object.keys(facts.get('session.waits') ?? {})).toHaveLength(2)
})

it('holds a wait that cannot be remembered, and throws nothing for it', async () => {
  const memory = {
    recall: async () => undefined,
    remember: async () => {
      throw new BakewireError('INTERNAL', 'it is too large')
    },
  }
  const clock = { now: () => start, monotonic: () => 0 }
  const waits = createKeptWaits({ accountOf: createAccountOf(connector), memory, clock, log: silentLog })
  await waits.keep(target(), busy(60_000))
  await expect(waits.refuseEarly(target())).rejects.toMatchObject({ code: 'DEVICE_BUSY' })
})

it('keeps the newest waits of many accounts, whatever their messages are, within what a link remembers', async () => {
  const { process, facts } = installation()
  const waits = process()
  const machines = Array.from({ length: limits.waitsPerLink + 5 }, (_, index) =>
    target({ credentials: { token: String(index) } }),
  )
  const wordy = new BakewireError('DEVICE_BUSY', 'busy '.repeat(2_000), { retryAfterMs: 60_000 })
  for (const machine of [...machines, target({ credentials: { token: '5' } })]) await waits.keep(machine, wordy)
  expect(JSON.stringify(facts.get('session.waits')).length).toBeLessThan(limits.linkMemoryBytesMax)
  const restarted = process()
  await restarted.refuseEarly(target({ credentials: { token: '4' } }))
  await expect(restarted.refuseEarly(target({ credentials: { token: '5' } }))).rejects.toThrow('busy')
})
