import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '#core'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { arrayText, parseTexts } from './array-types.ts'
import { type Database, openDatabase } from './database.ts'

let temporary: TemporaryDatabase
let database: Database
beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  database = openDatabase(temporary.url, silentLog)
})
afterAll(async () => {
  await database.close()
  await temporary.drop()
})

const texts = ['plain', '', ' ', 'a,b', '{}', '"', '\\', '\\"', 'null', 'NULL', 'ö\n\t', "it's"]

it('texts, numbers and ids go to the database and come back as they were', async () => {
  const ids = ['6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111']
  const numbers = [0, -1.5, 1e300, 0.1]
  const [row] = await database.reads`
    select ${texts}::text[] as texts, ${numbers}::float8[] as numbers, ${ids}::uuid[] as ids, ${[]}::text[] as none`
  expect(row).toEqual({ texts, numbers, ids, none: [] })
})

it('a null among them is one for the database', async () => {
  const [row] = await database.reads`select array_position(${['a', null]}::text[], null) as place`
  expect(row).toEqual({ place: 2 })
})

it('a literal made before stays as it is', async () => {
  expect(arrayText('{1,2}')).toBe('{1,2}')
  expect(parseTexts(arrayText(texts))).toEqual(texts)
})

it('nothing comes between a new connection and its first statement: what is lost there cannot be caught', async () => {
  const url = new URL(temporary.url)
  const port = Number(url.port)
  const server = createServer((inner) => {
    const outer = connect(port, url.hostname)
    inner.on('data', (sent) => (sent.includes('pg_type') ? inner.destroy() : outer.write(sent)))
    outer.pipe(inner)
    for (const socket of [inner, outer]) socket.on('error', () => socket.destroy())
    inner.on('close', () => outer.destroy())
  }).listen(0, url.hostname)
  await once(server, 'listening')
  url.port = String((server.address() as AddressInfo).port)
  const own = openDatabase(url.href, silentLog)
  expect(await own.reads`select 1 as one`).toEqual([{ one: 1 }])
  await own.close()
  server.close()
})
