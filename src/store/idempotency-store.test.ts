import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BakewireError, limits, silentLog } from '#core'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase } from './database.ts'
import { createIdempotencyStore, type IdempotencyStore } from './idempotency-store.ts'
import { migrate } from './migrate.ts'
import { createSecretBox } from './secret-box.ts'

let temporary: TemporaryDatabase
let database: Database
let store: IdempotencyStore

beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  database = openDatabase(temporary.url, silentLog)
  await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
  store = createIdempotencyStore(database, createSecretBox([{ id: 'k1', key: Buffer.alloc(32, 'key') }]))
})
afterAll(async () => {
  await database.close()
  await temporary.drop()
})

const request = (changes: object = {}) => ({
  caller: crypto.randomUUID(),
  route: 'POST /x',
  key: crypto.randomUUID(),
  fingerprint: 'f',
  ...changes,
})
const rows = async (caller: string) =>
  (await database.bulk`select key from idempotency_keys where caller = ${caller} order by created_at`).map(
    ({ key }) => key,
  )

it.each([
  ['a refusal', new BakewireError('CONFLICT', 'taken'), 1],
  ['too much at once', new BakewireError('OVERLOADED', 'later'), 0],
  ['an outage', new BakewireError('UNAVAILABLE', 'away'), 0],
  ['a mistake of ours', new TypeError('x'), 0],
] as const)('of %s it keeps the answer or nothing, and of what was made nothing', async (_name, error, kept) => {
  const asked = request()
  const outcome = await store
    .once(asked, async ({ equipment }) => {
      await equipment.create({ name: asked.key, type: 'other' })
      throw error
    })
    .catch((thrown: unknown) => thrown)
  if (kept === 1)
    expect(outcome).toEqual({
      answer: { refused: { code: 'CONFLICT', message: 'taken', errors: [] } },
      isReplay: false,
    })
  else expect(outcome).toMatchObject(error instanceof BakewireError ? { code: error.code } : { code: 'INTERNAL' })
  expect(await rows(asked.caller)).toHaveLength(kept)
  expect(await database.bulk`select 1 from equipment where name = ${asked.key}`).toHaveLength(0)
})

it('keeps so many answers of one caller, the newest', async () => {
  const { caller } = request()
  await database.bulk`
    insert into idempotency_keys select ${caller}, 'POST /x', 'old ' || i, '', now() - i * interval '1 second'
    from generate_series(1, ${limits.answersKeptPerCaller + 5}::int) i`
  await store.once(request({ caller, key: 'new' }), async () => 1)
  const kept = await rows(caller)
  expect(kept).toHaveLength(limits.answersKeptPerCaller)
  expect([kept[0], kept.at(-1)]).toEqual([`old ${limits.answersKeptPerCaller - 1}`, 'new'])
})

it('forgets what is older than a day', async () => {
  const [old, young] = [request(), request()]
  for (const one of [old, young]) await store.once(one, async () => 1)
  await database.bulk`update idempotency_keys set created_at = now() - interval '24 hours 1 second' where key = ${old.key}`
  await store.removeExpired()
  expect([await rows(old.caller), await rows(young.caller)]).toEqual([[], [young.key]])
})
