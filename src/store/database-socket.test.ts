import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '#core'
import { startTcpProxy, type TcpProxy } from '../../test/setup/tcp-proxy.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase } from './database.ts'

let temporary: TemporaryDatabase
let proxy: TcpProxy
let database: Database

beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  const url = new URL(temporary.url)
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) })
  url.port = String(proxy.port)
  database = openDatabase(url.href, silentLog)
})
afterAll(async () => {
  await database.close()
  await proxy.stop()
  await temporary.drop()
})

const answer = async () => [...(await database.bulk`select 42 as answer`)]

it('fails queries while a proxy accepts connections and closes them, and answers when its server is back', async () => {
  proxy.cut()
  await expect(answer()).rejects.toMatchObject({ code: 'ECONNRESET' })
  await expect(answer()).rejects.toMatchObject({ code: 'ECONNRESET' })
  proxy.mend()
  expect(await answer()).toEqual([{ answer: 42 }])
})

it('does not dial on and on what closes every connection', async () => {
  let dialled = 0
  const server = createServer((socket) => {
    dialled += 1
    socket.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const other = openDatabase(`postgres://somebody@127.0.0.1:${port}/nothing`, silentLog)
  await expect(other.bulk`select 1`).rejects.toMatchObject({ code: 'ECONNRESET' })
  await sleep(100)
  expect(dialled).toBe(1)
  await other.close()
  server.close()
})
