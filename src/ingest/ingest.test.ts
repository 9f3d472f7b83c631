import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type Log, type Reading, silentLog } from '#core'
import { createReadingStore, createReadingWriter, type Database } from '#store'
import { type ProxiedDatabase, startProxiedDatabase } from '../../test/setup/proxied-database.ts'
import { soon } from '../../test/setup/soon.ts'
import { type Ingest, startIngest } from './ingest.ts'
import { openSpool } from './spool.ts'

let database: ProxiedDatabase
let proxy: ProxiedDatabase['proxy']
let direct: Database
let through: Database
let directory: string
let ingest: Ingest
let accepted: Reading[]
/** What was given to the database, and how. */
let written: string[]

beforeAll(async () => {
  database = await startProxiedDatabase()
  ;({ direct, through, proxy } = database)
})
afterAll(() => database.stop())
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bakewire-ingest-'))
  start()
})
afterEach(async () => {
  proxy.mend()
  await ingest.stop(5_000)
  rmSync(directory, { recursive: true, force: true })
})

function start(log: Log = silentLog): void {
  accepted = []
  written = []
  const writer = createReadingWriter(through.bulk)
  ingest = startIngest({
    spool: openSpool({ directory, log, onDropped: () => undefined }),
    writer: {
      write(readings, how) {
        written.push(...readings.map(({ readingTime }) => `${readingTime - base} ${how}`))
        return writer.write(readings, how)
      },
    },
    log,
    onReadings: (readings) => accepted.push(...readings),
  })
}

const base = Date.now()
function reading(equipmentId: string, index: number, temperature = index): Reading {
  const values = { temperature }
  return {
    equipmentId,
    readingTime: base + index,
    sourceTime: null,
    values,
    zones: null,
    additional: null,
    quality: null,
  }
}

async function addMachine(): Promise<string> {
  const [row] = await direct.bulk<{ id: string }[]>`
    insert into equipment (name, type) values ('Machine', 'other') returning id`
  return row?.id ?? ''
}

async function stored(equipmentId: string): Promise<unknown[]> {
  const rows = await createReadingStore(direct).history(equipmentId, {
    start: new Date(base),
    end: new Date(base + 1e6),
    limit: 10_000,
  })
  return rows.map((row) => row.temperature)
}

it('stores what it takes and hands it on in order', async () => {
  const id = await addMachine()
  for (let index = 0; index < 10; index += 1) ingest.accept(reading(id, index))
  await vi.waitFor(async () => expect(await stored(id)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), soon)
  expect(accepted.map((one) => one.readingTime - base)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
})

it('loses nothing and doubles nothing while the database is away', async () => {
  const id = await addMachine()
  ingest.accept(reading(id, 0))
  await vi.waitFor(async () => expect(await stored(id)).toEqual([0]), soon)
  proxy.cut()
  for (let index = 1; index <= 50; index += 1) ingest.accept(reading(id, index))
  await vi.waitFor(() => expect(accepted).toHaveLength(51), soon)
  expect(await stored(id)).toEqual([0])
  proxy.mend()
  const all = Array.from({ length: 51 }, (_, index) => index)
  await vi.waitFor(async () => expect(await stored(id)).toEqual(all), soon)
})

it('hands what it could not store to the next start', async () => {
  const id = await addMachine()
  proxy.cut()
  ingest.accept(reading(id, 0))
  await ingest.stop(300)
  expect(await stored(id)).toEqual([])
  proxy.mend()
  start()
  ingest.accept(reading(id, 1))
  await vi.waitFor(async () => expect(await stored(id)).toEqual([0, 1]), soon)
  // Nobody is told as news what another process had taken.
  expect(written.toSorted()).toEqual(['0 silent', '1 announced'])
})

it('gives up the one reading that the database refuses for good, and none of its neighbours', async () => {
  const id = await addMachine()
  ingest.accept(reading(id, 0))
  ingest.accept(reading('not a uuid', 1))
  ingest.accept(reading(id, 2))
  await vi.waitFor(async () => expect(await stored(id)).toEqual([0, 2]), soon)
  await vi.waitFor(() => expect(ingest.counts()).toMatchObject({ accepted: 3, stored: 2, refused: 1 }), soon)
})

it('gives up no reading for what is wrong with the database', async () => {
  const id = await addMachine()
  await direct.bulk`alter table equipment_sensor_readings rename to mislaid`
  for (let index = 0; index < 3; index += 1) ingest.accept(reading(id, index))
  await vi.waitFor(() => expect(accepted).toHaveLength(3), soon)
  await sleep(300)
  await direct.bulk`alter table mislaid rename to equipment_sensor_readings`
  await vi.waitFor(async () => expect(await stored(id)).toEqual([0, 1, 2]), soon)
  await vi.waitFor(() => expect(ingest.counts()).toMatchObject({ stored: 3, refused: 0 }), soon)
})

it('touches the spool no more once it has stopped', async () => {
  proxy.cut()
  ingest.accept(reading(await addMachine(), 0))
  await ingest.stop(300)
  const said: string[] = []
  const hear = (_: object, line: string) => void said.push(line)
  start({ ...silentLog, warn: hear, error: hear })
  await vi.waitFor(() => expect(said).toEqual([expect.stringContaining('cannot be stored now')]), soon)
  await ingest.stop(1)
  // Longer than the first wait before another try.
  await sleep(700)
  expect(said).toHaveLength(1)
  start()
})

it('leaves out what a machine said that was deleted meanwhile', async () => {
  const [gone, kept] = [await addMachine(), await addMachine()]
  proxy.cut()
  ingest.accept(reading(gone, 0))
  ingest.accept(reading(kept, 0))
  await vi.waitFor(() => expect(accepted).toHaveLength(2), soon)
  await direct.bulk`delete from equipment where id = ${gone}`
  proxy.mend()
  await vi.waitFor(async () => expect(await stored(kept)).toEqual([0]), soon)
  expect(await stored(gone)).toEqual([])
})
