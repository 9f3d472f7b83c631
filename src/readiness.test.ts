import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { silentLog, systemClock } from '#core'
import { createOperationStore, type Database, migrate, migrationNames, openDatabase } from '#store'
import { soon } from '../test/setup/soon.ts'
import { startTcpProxy, type TcpProxy } from '../test/setup/tcp-proxy.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../test/setup/temporary-database.ts'
import { createReadiness, type PollingParts } from './readiness.ts'

const folder = join(import.meta.dirname, '../migrations')
let temporary: TemporaryDatabase
let proxy: TcpProxy
let database: Database
let dataDir: string

beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  const url = new URL(temporary.url)
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) })
  url.port = String(proxy.port)
  database = openDatabase(url.href, silentLog)
  await migrate(database.bulk, folder, silentLog)
  dataDir = mkdtempSync(join(tmpdir(), 'bakewire-readiness-'))
})
afterAll(async () => {
  await database.close()
  await proxy.stop()
  await temporary.drop()
  rmSync(dataDir, { recursive: true, force: true })
})

const leases = { lastGoodTickAgeMs: 0, held: 32, orphaned: 0, lost: 0, members: 2 }
const spool = { batches: 0, readings: 0, bytes: 0, dropped: 0, onDisk: true }

async function readiness(options: { polling?: PollingParts; working?: boolean; dataDir?: string } = {}) {
  const { working = true } = options
  return createReadiness({
    database,
    operation: createOperationStore(database),
    queue: { working },
    migrations: await migrationNames(folder),
    clock: systemClock,
    polling: options.polling,
    dataDir: options.dataDir ?? dataDir,
    spoolBytesMax: 2 ** 20,
  })
}

const polling = (ofLeases: Partial<typeof leases> = {}, ofSpool: Partial<typeof spool> = {}): PollingParts => ({
  leases: { health: () => ({ ...leases, ...ofLeases }) },
  spool: { size: () => ({ ...spool, ...ofSpool }) },
})

it('of a process that answers tells of the database and the queue', async () => {
  const { ready, parts } = await (await readiness())()
  expect(ready).toBe(true)
  expect(Object.entries(parts).map(([name, { state }]) => `${name} ${state}`)).toEqual([
    'database ok',
    'schema ok',
    'readings ok',
    // Nobody polls or fills roll-ups here, and the process is ready all the same. New roll-ups begin at midnight.
    expect.stringMatching(/^rollups (ok|degraded)$/),
    'workers degraded',
    'clock ok',
    'queue ok',
  ])
})

it('of a process that polls tells of its spool, its shards and its disk too', async () => {
  const { parts } = await (await readiness({ polling: polling() }))()
  expect(parts).toMatchObject({ spool: { state: 'ok' }, polling: { state: 'ok' }, disk: { detail: /MiB are free/ } })
})

it.each([
  ['polling', 'leases that cannot be renewed', { polling: polling({ lastGoodTickAgeMs: 11_000 }) }],
  ['polling', 'leases that were lost', { polling: polling({ held: 31, orphaned: 1 }) }],
  ['polling', 'fewer shards than its share', { polling: polling({ held: 31 }) }],
  ['spool', 'a disk that takes nothing', { polling: polling({}, { onDisk: false }) }],
  ['spool', 'readings that wait', { polling: polling({}, { batches: 40 }) }],
  ['disk', 'a data folder that is gone', { polling: polling(), dataDir: '/nowhere' }],
  ['queue', 'a queue that is away', { working: false }],
])('says of %s what to do: %s', async (part, _name, options) => {
  const { ready, parts } = await (await readiness(options))()
  expect(ready).toBe(true)
  expect(parts[part]).toEqual({ state: 'degraded', detail: expect.any(String), advice: expect.any(String) })
})

it('is not ready while the database is away, says of it no more, and is ready when it is back', async () => {
  const ask = await readiness()
  proxy.cut()
  const { ready, parts } = await ask()
  expect(ready).toBe(false)
  expect(Object.keys(parts)).toEqual(['database', 'queue'])
  expect(parts['database']).toMatchObject({ state: 'down', advice: expect.any(String) })
  proxy.mend()
  await vi.waitFor(async () => expect((await ask()).ready).toBe(true), soon)
})
