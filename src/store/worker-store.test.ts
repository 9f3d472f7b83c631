import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '#core'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { createWorkerStore } from './worker-store.ts'

let temporary: TemporaryDatabase
let database: Database
beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  database = openDatabase(temporary.url, silentLog)
  await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
})
afterAll(async () => {
  await database.close()
  await temporary.drop()
})

const names = async () =>
  (await database.bulk<{ name: string }[]>`select instance_id as name from workers`).map(({ name }) => name)

it('notices that the database knows its last report no more, once, whether it knows an older one or none', async () => {
  const workers = createWorkerStore(database)
  const report = async () => (await workers.report('one', { unstoredForMs: 0 })) !== undefined
  expect([await report(), await report()]).toEqual([false, false])
  await database.bulk`update workers set seen_at = seen_at - interval '1 minute'`
  expect([await report(), await report()]).toEqual([true, false])
  await database.bulk`delete from workers`
  expect([await report(), await report()]).toEqual([true, false])
})

it('is not deceived by a report that was given up and comes through after a later one', async () => {
  const workers = createWorkerStore(database)
  const report = () => workers.report('one', { unstoredForMs: 0 })
  await report()
  // In a transaction the database's clock stands still.
  await database.db.transaction(async (givenUp) => {
    await report()
    const late = createWorkerStore({ ...database, db: givenUp as unknown as Database['db'] })
    await late.report('one', { unstoredForMs: 0 })
  })
  expect(await report()).toBeUndefined()
})

it('reports after an outage of days, and forgets who reported no more', async () => {
  const workers = createWorkerStore(database)
  for (const name of ['one', 'gone']) await workers.report(name, { unstoredForMs: 0 })
  await database.bulk`update workers set seen_at = now() - interval '2 days'`
  await workers.report('one', { unstoredForMs: 0 })
  expect(await names()).toEqual(['one'])
})
