import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '#core'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase } from './database.ts'
import { createLinkMemoryStore, type LinkMemoryStore } from './link-memory-store.ts'
import { migrate } from './migrate.ts'
import { createSecretBox } from './secret-box.ts'

let temporary: TemporaryDatabase
let database: Database
let store: LinkMemoryStore

beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  database = openDatabase(temporary.url, silentLog)
  await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
  store = createLinkMemoryStore(database, createSecretBox([{ id: 'k1', key: Buffer.alloc(32, 'key') }]))
})
afterAll(async () => {
  await database.close()
  await temporary.drop()
})

it('recalls what was remembered last, of this link alone', async () => {
  await store.remember('a', 'token', { value: 'first' })
  await store.remember('a', 'token', { value: 'second' })
  await store.remember('a', 'count', 7)
  await store.remember('b', 'token', 'other')
  expect(await store.recall('a')).toEqual(
    new Map<string, unknown>([
      ['token', { value: 'second' }],
      ['count', 7],
    ]),
  )
  await store.remember('a', 'token', undefined)
  expect(await store.recall('a')).toEqual(new Map([['count', 7]]))
  expect(await store.recall('nobody')).toEqual(new Map())
})

it('stores nothing that can be read, and refuses a row that was put in the place of another', async () => {
  await store.remember('c', 'token', 'refresh-me')
  const [row] = await database.bulk`select value from link_memory where link_key = 'c'`
  expect(String(row?.['value'])).not.toContain('refresh-me')
  await database.bulk`insert into link_memory select 'd', name, value from link_memory where link_key = 'c'`
  await expect(store.recall('d')).rejects.toMatchObject({ code: 'INTERNAL' })
})

it('forgets what is older than a day, unless a machine uses the link', async () => {
  for (const key of ['old', 'used', 'young']) await store.remember(key, 'token', key)
  await database.bulk`insert into equipment (name, type, link_key) values ('Oven', 'other', 'used')`
  await database.bulk`update link_memory set changed_at = now() - interval '25 hours' where link_key in ('old', 'used')`
  await store.removeUnused()
  const left = await database.bulk`select link_key from link_memory where link_key in ('old', 'used', 'young')`
  expect(left.map((row) => row['link_key']).toSorted()).toEqual(['used', 'young'])
})
