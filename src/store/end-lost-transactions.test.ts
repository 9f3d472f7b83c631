import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { silentLog } from '#core'
import { soon } from '../../test/setup/soon.ts'
import { startTcpProxy, type TcpProxy } from '../../test/setup/tcp-proxy.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase } from './database.ts'
import { sql } from './drizzle.ts'

let temporary: TemporaryDatabase
let proxy: TcpProxy
let database: Database
beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  const { hostname, port } = new URL(temporary.url)
  proxy = await startTcpProxy({ host: hostname, port: Number(port) })
  const through = new URL(temporary.url)
  through.host = `127.0.0.1:${proxy.port}`
  database = openDatabase(through.href, silentLog)
})
afterAll(async () => {
  await database.close()
  await proxy.stop()
  await temporary.drop()
})

const ended = /CONNECTION_CLOSED|ECONNRESET|EPIPE|terminating/
const terminate = (pid: number) => database.reads`select pg_terminate_backend(${pid})`

/** An exception that nobody can catch fails the run: vitest reports it. */
const untilItWouldHaveThrown = () => sleep(50)

it.each(['terminated', 'cut'] as const)(
  'a transaction ends with a connection that is %s under a query',
  async (how) => {
    const open = Promise.withResolvers<number>()
    const transaction = database.db.transaction(async (tx) => {
      const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
      open.resolve(Number(row?.pid))
      await tx.execute(sql`select pg_sleep(30)`)
    })
    const outcome = expect(transaction).rejects.toThrow()
    const pid = await open.promise
    if (how === 'cut') {
      proxy.cut()
      proxy.mend()
    } else await terminate(pid)
    await outcome
    await untilItWouldHaveThrown()
  },
)

it('a transaction ends with a connection that is lost between two queries, whatever it does then', async () => {
  for (const next of ['queries', 'throws', 'returns'] as const) {
    const open = Promise.withResolvers<number>()
    const goOn = Promise.withResolvers<void>()
    const transaction = database.db.transaction(async (tx) =>
      // Once more inside, with a savepoint.
      tx.transaction(async (nested) => {
        const [row] = await nested.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
        open.resolve(Number(row?.pid))
        await goOn.promise
        if (next === 'queries') await nested.execute(sql`select 1`)
        if (next === 'throws') throw new Error('of its own')
      }),
    )
    const outcome = expect(transaction).rejects.toThrow(ended)
    await terminate(await open.promise)
    await outcome
    goOn.resolve()
    await untilItWouldHaveThrown()
  }
})

it('others go on, and a transaction that fails by itself is rolled back as ever', async () => {
  // The driver tells the next who uses a connection that was terminated while idle; the one after is served.
  await vi.waitFor(() => database.bulk`create table kept (n int)`, soon)
  const failing = database.bulk.begin(async (tx) => {
    await tx`insert into kept values (1)`
    throw new Error('of its own')
  })
  await expect(failing).rejects.toThrow('of its own')
  await database.bulk.begin(async (tx) => {
    await tx`insert into kept values (2)`
    await tx.savepoint(async (nested) => nested`insert into kept values (3)`)
  })
  expect(await database.reads`select n from kept order by n`).toEqual([{ n: 2 }, { n: 3 }])
  // More than there are connections: none of them was spoilt.
  const many = () => Array.from({ length: 30 }, () => database.db.transaction((tx) => tx.execute(sql`select 1 as one`)))
  await vi.waitFor(async () => expect((await Promise.all(many())).flat()).toHaveLength(30), soon)
})
