import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { limits, silentLog } from '#core'
import { createLinkMemoryStore, createSecretBox, type Database } from '#store'
import { type ProxiedDatabase, startProxiedDatabase } from '../../test/setup/proxied-database.ts'
import { createLinkMemories } from './link-memories.ts'

const box = createSecretBox([{ id: 'k1', key: Buffer.alloc(32, 'key') }])
let database: ProxiedDatabase
let direct: Database
let proxy: ProxiedDatabase['proxy']
let through: Database

beforeAll(async () => {
  database = await startProxiedDatabase()
  ;({ direct, through, proxy } = database)
})
afterEach(() => proxy.mend())
afterAll(() => database.stop())

/** A worker's memories; another one that takes the link over has memories of its own. */
const worker = () => createLinkMemories(createLinkMemoryStore(through, box))
const stored = (key: string) => createLinkMemoryStore(direct, box).recall(key)

it('hands on what one worker knew of a link to the next', async () => {
  const first = worker()
  const memory = first.of('moved', silentLog)
  expect(await memory.recall('a')).toBeUndefined()
  await memory.remember('a', { at: 1 })
  await memory.remember('b', 2)
  await memory.remember('b', undefined)
  await first.settled('moved')
  const taken = worker().of('moved', silentLog)
  expect([await taken.recall('a'), await taken.recall('b')]).toEqual([{ at: 1 }, undefined])
})

it('does not bring back what was replaced before it was read', async () => {
  await worker().of('early', silentLog).remember('a', 'old')
  const memory = worker().of('early', silentLog)
  await memory.remember('a', undefined)
  expect(await memory.recall('b')).toBeUndefined()
  expect(await memory.recall('a')).toBeUndefined()
})

it('goes on with what it has while the database is away, and stores the newest when it is back', async () => {
  const memories = worker()
  const memory = memories.of('cut', silentLog)
  await memory.remember('a', 1)
  proxy.cut()
  await memory.remember('a', 2)
  await memory.remember('a', 3)
  expect(await memory.recall('a')).toBe(3)
  await memories.settled('cut')
  expect(memories.of('cut', silentLog)).toBe(memory)
  await memories.settled('cut')
  proxy.mend()
  await vi.waitFor(async () => expect(await stored('cut')).toEqual(new Map([['a', 3]])), {
    timeout: 30_000,
    interval: 200,
  })
  // Another worker may change it from then on.
  await vi.waitFor(
    async () => {
      await memories.settled('cut')
      expect(memories.of('cut', silentLog)).not.toBe(memory)
    },
    { timeout: 30_000, interval: 50 },
  )
}, 60_000)

it('says that it does not know, where it never has', async () => {
  proxy.cut()
  const memory = worker().of('unknown', silentLog)
  await expect(memory.recall('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await expect(memory.recall('a')).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await memory.remember('a', 1)
  expect(await memory.recall('a')).toBe(1)
}, 30_000)

it('refuses what is too large to be a fact', async () => {
  const memory = worker().of('large', silentLog)
  await expect(memory.remember('a', 'x'.repeat(limits.linkMemoryBytesMax))).rejects.toMatchObject({ code: 'INTERNAL' })
})
