import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '#core'
import { createTemporaryDatabase, type TemporaryDatabase, timescaleUrl } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase } from './database.ts'
import { createGapStore } from './gap-store.ts'
import { migrate } from './migrate.ts'
import { createReadingWriter } from './reading-writer.ts'
import { createRetentionStore } from './retention-store.ts'
import { createRollupStore } from './rollup-store.ts'

const unhurried = new AbortController().signal
const quarter = 900_000
const day = 86_400_000
const keptForEver = {
  raw: 0,
  '1m': 0,
  '1h': 0,
  '1d': 0,
  connectionLogs: 0,
  closedAlerts: 0,
  auditLog: 0,
  sites: new Map(),
}

describe.each(timescaleUrl ? (['plain', 'timescale'] as const) : (['plain'] as const))('on %s', (backend) => {
  let temporary: TemporaryDatabase
  let database: Database
  beforeAll(async () => {
    temporary = await createTemporaryDatabase(backend === 'timescale' ? { on: 'timescale' } : {})
    database = openDatabase(temporary.url, silentLog)
    expect(await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)).toBe(backend)
  })
  afterAll(async () => {
    await database.close()
    await temporary.drop()
  })

  const fill = () => createRollupStore(database).fill(unhurried)
  const expire = (keep: object) => createRetentionStore(database).expire({ ...keptForEver, ...keep }, unhurried)
  const today = Math.floor(Date.now() / day) * day
  const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10)
  /** Of the days that began so many days ago. */
  async function storedOf(id: string, [first, last]: [number, number], timezone = 'UTC'): Promise<number[]> {
    const span = { first: dateOf(today - first * day), last: dateOf(today - last * day), timezone }
    return (await createGapStore(database).storedByDay(id, span)).map(({ stored }) => stored)
  }
  async function oldRows(table: string, moment: string): Promise<number> {
    const sql = database.bulk
    const rows = await sql`select from ${sql(table)} where ${sql(moment)} < ${new Date(today - 60 * day)}`
    return rows.length
  }
  async function addMachine(): Promise<string> {
    const [row] = await database.bulk<
      { id: string }[]
    >`insert into equipment (name, type) values ('Oven', 'other') returning id`
    return row?.id ?? ''
  }
  const write = (equipmentId: string, times: readonly number[]) =>
    createReadingWriter(database.bulk).write(
      times.map((readingTime) => ({
        equipmentId,
        readingTime,
        sourceTime: null,
        values: { temperature: 20 },
        zones: null,
        additional: null,
        quality: null,
      })),
    )
  /** Four an hour for so many hours, from so many days ago on. */
  const quarters = (daysAgo: number, hours: number) =>
    Array.from({ length: 4 * hours }, (_, nth) => today - daysAgo * day + nth * quarter)

  it('is the same before and after the readings, and the minutes, are dropped by age', async () => {
    const id = await addMachine()
    await write(id, [...quarters(70, 24), ...quarters(69, 6), ...quarters(2, 24)])
    const zones = ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Europe/Berlin']
    const counts = () => Promise.all(zones.map((zone) => storedOf(id, [71, 68], zone)))
    const before = await counts()
    expect(before[0]).toEqual([0, 96, 24, 0])
    await fill()
    expect(await counts()).toEqual(before)
    await expire({ raw: 30 })
    expect(await oldRows('equipment_sensor_readings', 'reading_time')).toBe(0)
    expect(await counts()).toEqual(before)
    await expire({ '1m': 30 })
    expect(await oldRows('readings_1m', 'bucket')).toBe(0)
    // Even of days that begin within an hour, as its readings are as far apart as can be.
    expect(await counts()).toEqual(before)
    expect(await storedOf(id, [2, 2])).toEqual([96])
  })

  it('counts at once what comes late, and what is too new to be rolled up', async () => {
    const id = await addMachine()
    await write(id, quarters(3, 24))
    await fill()
    await write(id, [today - 3 * day + 1_000, Date.now()])
    expect(await storedOf(id, [3, 3])).toEqual([97])
    expect(await storedOf(id, [0, 0])).toEqual([1])
  })

  it('does not count less where one comes late to an hour whose others were dropped', async () => {
    const id = await addMachine()
    await write(id, quarters(40, 24))
    await fill()
    await expire({ raw: 30 })
    await write(id, [today - 40 * day + 1_000])
    expect(await storedOf(id, [40, 40])).toEqual([96])
  })
})
