import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Reading, silentLog } from '#core'
import { soon } from '../../test/setup/soon.ts'
import { createTemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { createReadingStore } from './reading-store.ts'
import { createReadingWriter } from './reading-writer.ts'

const backends = process.env['TIMESCALE_URL'] ? (['plain', 'timescale'] as const) : (['plain'] as const)
const migrations = join(import.meta.dirname, '../../migrations')
const equipmentId = '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111'
const silentId = '0f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a222'

function reading(readingTime: number, values: Reading['values'] = { temperature: 4.5 }): Reading {
  return { equipmentId, readingTime, sourceTime: null, values, zones: null, additional: null, quality: null }
}

describe.each(backends)('readings on %s', (backend) => {
  let temporary: Awaited<ReturnType<typeof createTemporaryDatabase>>
  let database: Database

  beforeAll(async () => {
    temporary = await createTemporaryDatabase(backend === 'timescale' ? { on: 'timescale' } : {})
    database = openDatabase(temporary.url, silentLog)
    expect(await migrate(database.bulk, migrations, silentLog)).toBe(backend)
    for (const id of [equipmentId, silentId]) {
      await database.bulk`insert into equipment (id, name, type) values (${id}, 'Machine', 'other')`
    }
  })
  afterAll(async () => {
    await database.close()
    await temporary.drop()
  })

  it('announces what is written, but not what is filled in afterwards', async () => {
    const heard: string[] = []
    await database.listen('readings_written', (payload) => heard.push(payload))
    const writer = createReadingWriter(database.bulk)
    const now = Date.now() - 3_600_000
    await writer.write([{ ...reading(now), quality: { temperature: 'BACKFILLED' } }])
    await writer.write([{ ...reading(now + 1), quality: { temperature: 'UNCERTAIN' } }])
    await vi.waitFor(() => expect(heard).toEqual([`${equipmentId}@${now + 1}`]), soon)
    const { history } = createReadingStore(database)
    const span = { start: new Date(now), end: new Date(now + 2), limit: 10 }
    expect((await history(equipmentId, span)).map(({ quality }) => quality)).toEqual([
      { temperature: 'BACKFILLED' },
      { temperature: 'UNCERTAIN' },
    ])
  })

  it('tells when a machine was last read before a moment', async () => {
    const at = Date.UTC(2026, 0, 15)
    const { lastBefore } = createReadingStore(database)
    await createReadingWriter(database.bulk).write([reading(at), reading(at + 1000)])
    expect(await lastBefore(equipmentId, at + 2000)).toBe(at + 1000)
    expect(await lastBefore(equipmentId, at + 1000)).toBe(at)
    expect(await lastBefore(equipmentId, at + 40 * 86_400_000)).toBeUndefined()
    expect(await lastBefore(silentId, at + 2000)).toBeUndefined()
  })

  it('goes by counters that were filled in, and not by doubtful ones', async () => {
    const at = Date.UTC(2026, 0, 20)
    const counter = (ms: number, kwh: number, word: 'BACKFILLED' | 'UNCERTAIN' | 'COUNTER_RESET') => ({
      ...reading(at + ms, { energy_consumption_kwh: kwh }),
      quality: { energy_consumption_kwh: word },
    })
    await createReadingWriter(database.bulk).write([counter(0, 5, 'BACKFILLED'), counter(1, 6, 'UNCERTAIN')])
    const { counterBefore } = createReadingStore(database)
    expect(await counterBefore(equipmentId, { start: new Date(at), end: new Date(at + 10) })).toBe(5)
    await createReadingWriter(database.bulk).write([counter(2, 1, 'COUNTER_RESET')])
    expect(await counterBefore(equipmentId, { start: new Date(at), end: new Date(at + 10) })).toBe(1)
  })

  it('gives back what was written, every kind of column', async () => {
    const now = Date.now()
    await createReadingWriter(database.bulk).write([
      {
        equipmentId,
        readingTime: now,
        sourceTime: now - 5000,
        values: { temperature: 181.25, operational_status: 'running', door_status: 'closed', power_kw: 0 },
        zones: { cabinet: 180, core: 72.5 },
        additional: { programme: 'Baguette "extra"', fan: true, load: 3 },
        quality: { humidity: 'VALUE_INVALID' },
      },
    ])
    expect(await createReadingStore(database).latest(equipmentId)).toMatchObject({
      reading_time: new Date(now),
      source_time: new Date(now - 5000),
      temperature: 181.25,
      power_kw: 0,
      humidity: null,
      operational_status: 'running',
      door_status: 'closed',
      temperature_zones: { cabinet: 180, core: 72.5 },
      additional: { programme: 'Baguette "extra"', fan: true, load: 3 },
      quality: { humidity: 'VALUE_INVALID' },
    })
  })

  it('keeps the first of two rows with the same key', async () => {
    const time = Date.now() - 60_000
    const writer = createReadingWriter(database.bulk)
    await writer.write([reading(time, { temperature: 1 })])
    await writer.write([reading(time, { temperature: 2 }), reading(time + 1, { temperature: 3 })])
    const rows = await createReadingStore(database).history(equipmentId, {
      start: new Date(time),
      end: new Date(time + 2),
      limit: 10,
    })
    expect(rows.map((row) => row.temperature)).toEqual([1, 3])
  })

  it('keeps the first of a batch also where the database would rather go by its machines', async () => {
    await database.bulk`insert into equipment (id, name, type)
      select gen_random_uuid(), 'Machine', 'other' from generate_series(1, 300)`
    await database.bulk`analyze equipment`
    const time = Date.now() - 50_000
    const batch = Array.from({ length: 40 }, (_, index) => reading(time + (index % 2), { temperature: index }))
    await createReadingWriter(database.bulk).write(batch)
    const span = { start: new Date(time), end: new Date(time + 2), limit: 10 }
    const rows = await createReadingStore(database).history(equipmentId, span)
    expect(rows.map((row) => row.temperature)).toEqual([0, 1])
  })

  it('takes readings that waited for months, and of days to come', async () => {
    const old = Date.UTC(2024, 1, 29, 23, 59, 59, 999)
    const soon = Date.now() + 30 * 86_400_000
    await createReadingWriter(database.bulk).write([reading(old), reading(soon)])
    const store = createReadingStore(database)
    expect(await store.history(equipmentId, { start: new Date(old), end: new Date(old + 1), limit: 1 })).toHaveLength(1)
    expect(await store.history(equipmentId, { start: new Date(soon), end: new Date(soon + 1), limit: 1 })).toHaveLength(
      1,
    )
  })

  it('pages through history without a gap or a double', async () => {
    const start = Date.now() - 3_600_000
    await createReadingWriter(database.bulk).write(Array.from({ length: 25 }, (_, index) => reading(start + index)))
    const store = createReadingStore(database)
    const seen: number[] = []
    let after: Date | undefined
    for (;;) {
      const page = await store.history(equipmentId, {
        start: new Date(start),
        end: new Date(start + 25),
        after,
        limit: 10,
      })
      seen.push(...page.map((row) => row.reading_time.getTime()))
      after = page.at(-1)?.reading_time
      if (page.length < 10) break
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => start + index))
  })

  it('finds the last values of a machine that has been silent for weeks', async () => {
    const weeksAgo = Date.now() - 21 * 86_400_000
    await createReadingWriter(database.bulk).write([{ ...reading(weeksAgo), equipmentId: silentId }])
    expect((await createReadingStore(database).latest(silentId))?.reading_time).toEqual(new Date(weeksAgo))
  })

  it('makes partitions ahead only once', async () => {
    const store = createReadingStore(database)
    await store.makePartitionsAhead()
    expect(await store.makePartitionsAhead()).toBe(0)
  })

  it.runIf(backend === 'plain')('goes on after days without anybody who made partitions', async () => {
    const sql = database.bulk
    const dropAll = sql<{ statement: string }[]>`
      select 'drop table ' || inhrelid::regclass as statement from pg_inherits
      where inhparent = 'equipment_sensor_readings'::regclass`
    for (const { statement } of await dropAll) await sql.unsafe(statement)
    const now = Date.now()
    const days = [9, 5, 0].map((daysAgo) => now - daysAgo * 86_400_000)
    await createReadingWriter(sql).write(days.map((at) => reading(at)))
    const store = createReadingStore(database)
    const span = { start: new Date(now - 10 * 86_400_000), end: new Date(now + 1), limit: 10 }
    expect((await store.history(equipmentId, span)).map((row) => row.reading_time.getTime())).toEqual(days)
    // Yesterday and the week to come.
    expect(await store.makePartitionsAhead()).toBe(8)
  })

  it.runIf(backend === 'timescale')('takes late readings into a compressed chunk, the first of each key', async () => {
    const sql = database.bulk
    const start = Date.UTC(2025, 5, 10)
    const writer = createReadingWriter(sql)
    await writer.write([0, 2, 4].map((ms) => reading(start + ms, { temperature: 1 })))
    const compressed = await sql`
      select compress_chunk(chunk) from show_chunks(
        'equipment_sensor_readings', newer_than => ${new Date(start - 1)}::timestamptz,
        older_than => ${new Date(start + 86_400_001)}::timestamptz
      ) as chunk`
    expect(compressed).toHaveLength(1)
    await writer.write([1, 2, 3, 4].map((ms) => reading(start + ms, { temperature: 2 })))
    const span = { start: new Date(start), end: new Date(start + 10), limit: 10 }
    const rows = await createReadingStore(database).history(equipmentId, span)
    expect(rows.map((row) => row.temperature)).toEqual([1, 2, 1, 2, 1])
  })

  it('migrates only once, also when several processes start together', async () => {
    const run = () => migrate(database.bulk, migrations, silentLog)
    expect(await Promise.all([run(), run()])).toEqual([backend, backend])
  })
})
