import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type QualityWord, type Reading, silentLog } from '#core'
import { createTemporaryDatabase, type TemporaryDatabase, timescaleUrl } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase, type Sql } from './database.ts'
import { writtenUpTo } from './fill-rollups.ts'
import { locks } from './locks.ts'
import { migrate } from './migrate.ts'
import { createReadingWriter } from './reading-writer.ts'
import { createRemovalStore } from './removal-store.ts'
import type { NamedRollup, NumberRollup, Rollup } from './rollup-columns.ts'
import { createRollupStore } from './rollup-store.ts'

const migrations = join(import.meta.dirname, '../../migrations')
const resolutions = { '1m': 60_000, '1h': 3_600_000, '1d': 86_400_000 } as const
const day = 86_400_000
/** Two days that are over, and all that belongs to them. */
const begin = Math.floor(Date.now() / day) * day - 3 * day
const unhurried = new AbortController().signal

const reading = (readingTime: number, rest: Partial<Reading> = {}): Reading => ({
  equipmentId: '',
  readingTime,
  sourceTime: null,
  values: {},
  zones: null,
  additional: null,
  quality: null,
  ...rest,
})

/** Few moments close together, around the edges of hours and days, so that buckets hold several. */
const moment = fc
  .tuple(fc.constantFrom(0, 23, 24, 25), fc.constantFrom(0, 1, 59), fc.integer({ min: 0, max: 59_999 }))
  .map(([hours, minutes, ms]) => begin + hours * 3_600_000 + minutes * 60_000 + ms)
/** Sums of these are exact, in whatever order. */
const number = fc.integer({ min: -4_000, max: 4_000 }).map((quarters) => quarters / 4)
const word = fc.constantFrom<QualityWord>('UNCERTAIN', 'IMPLAUSIBLE', 'BACKFILLED', 'VALUE_INVALID')
const someOf = <T extends object>(parts: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(parts, { requiredKeys: [] })

const anyReading: fc.Arbitrary<Reading> = fc.record({
  equipmentId: fc.constant(''),
  readingTime: moment,
  sourceTime: fc.constant(null),
  values: someOf({
    temperature: number,
    humidity: number,
    energy_consumption_kwh: fc.integer({ min: 0, max: 40 }).map((quarters) => quarters / 4),
    operational_status: fc.constantFrom('ready', 'running', 'off'),
  }),
  zones: fc.option(someOf({ top: number, core: number })),
  additional: fc.option(
    someOf({ fan: number, mode: fc.oneof(number, fc.constantFrom('auto', 'off'), fc.boolean()), lamp: fc.boolean() }),
  ),
  quality: fc.option(
    someOf({
      temperature: word,
      energy_consumption_kwh: word,
      operational_status: word,
      'temperature_zones.top': word,
      'additional.mode': word,
    }),
  ),
}) as fc.Arbitrary<Reading>

function numbersOf(values: readonly unknown[]): NumberRollup | null {
  const numbers = values.filter((value) => typeof value === 'number')
  if (numbers.length === 0) return null
  const sum = numbers.reduce((a, b) => a + b, 0)
  return { count: numbers.length, sum, min: Math.min(...numbers), max: Math.max(...numbers) }
}

/** What a bucket of readings comes to, computed the long way. */
function expectedOf(bucket: number, readings: readonly Reading[]): Rollup {
  const good = (metric: string, { quality }: Reading) => (quality?.[metric] ?? 'BACKFILLED') === 'BACKFILLED'
  const valuesOf = (metric: keyof Reading['values']) =>
    readings.filter((one) => good(metric, one) && one.values[metric] !== undefined).map((one) => one.values[metric])
  const named = (field: 'zones' | 'additional', prefix: string): Record<string, NamedRollup> | null => {
    const names = new Set(readings.flatMap((one) => Object.keys(one[field] ?? {})))
    const entries = [...names].flatMap((name) => {
      const values = readings
        .filter((one) => one[field]?.[name] !== undefined && good(`${prefix}.${name}`, one))
        .map((one) => one[field]?.[name])
      const last = values.at(-1)
      if (last === undefined) return []
      return [[name, { numbers: numbersOf(values), last: typeof last === 'number' ? null : last }] as const]
    })
    return entries.length === 0 ? null : Object.fromEntries(entries)
  }
  const kwh = valuesOf('energy_consumption_kwh').map(Number)
  const growth = kwh.slice(1).reduce((sum, value, index) => sum + Math.max(0, value - (kwh[index] ?? 0)), 0)
  const status = valuesOf('operational_status').at(-1)
  const numbers = (['temperature', 'humidity'] as const).flatMap((metric) => {
    const found = numbersOf(valuesOf(metric))
    return found ? [[metric, found]] : []
  })
  const quality: Record<string, number> = {}
  for (const { quality: words } of readings) {
    for (const [metric, one] of Object.entries(words ?? {}))
      if (one !== 'BACKFILLED') quality[metric] = (quality[metric] ?? 0) + 1
  }
  return {
    bucket: new Date(bucket),
    readings: readings.length,
    numbers: Object.fromEntries(numbers),
    counters: kwh.length === 0 ? {} : { energy_consumption_kwh: { first: kwh[0] ?? 0, last: kwh.at(-1) ?? 0, growth } },
    words: status === undefined ? {} : { operational_status: String(status) },
    temperature_zones: named('zones', 'temperature_zones') as Rollup['temperature_zones'],
    additional: named('additional', 'additional'),
    quality,
  }
}

function expectedRollups(readings: readonly Reading[], widthMs: number): Rollup[] {
  // The first of two at the same moment is kept.
  const kept = new Map<number, Reading>()
  for (const one of readings) if (!kept.has(one.readingTime)) kept.set(one.readingTime, one)
  const sorted = [...kept.values()].sort((a, b) => a.readingTime - b.readingTime)
  const buckets = Map.groupBy(sorted, ({ readingTime }) => Math.floor(readingTime / widthMs) * widthMs)
  return [...buckets].map(([bucket, ofBucket]) => expectedOf(bucket, ofBucket))
}

describe.each(timescaleUrl ? (['plain', 'timescale'] as const) : (['plain'] as const))('roll-ups on %s', (backend) => {
  let temporary: TemporaryDatabase
  let database: Database
  let other: Database

  beforeAll(async () => {
    temporary = await createTemporaryDatabase(backend === 'timescale' ? { on: 'timescale' } : {})
    database = openDatabase(temporary.url, silentLog)
    other = openDatabase(temporary.url, silentLog)
    await migrate(database.bulk, migrations, silentLog)
  })
  afterAll(async () => {
    await Promise.all([database.close(), other.close()])
    await temporary.drop()
  })

  const fill = () => createRollupStore(database).fill(unhurried)
  const write = (id: string, readings: readonly Reading[], sql: Sql = database.bulk) =>
    createReadingWriter(sql).write(readings.map((one) => ({ ...one, equipmentId: id })))
  const addMachine = async (): Promise<string> => {
    const id = randomUUID()
    await database.bulk`insert into equipment (id, name, type) values (${id}, 'Machine', 'other')`
    return id
  }
  /** As if nothing had been filled yet, and all that is written had come in time. */
  const forgetProgress = async (to = begin) => {
    await database.bulk`update rollup_progress set filled_up_to = ${new Date(to)}`
    await database.bulk`delete from rollup_marks`
  }
  const rollupsOf = (id: string, resolution: keyof typeof resolutions) =>
    createRollupStore(database).history(id, {
      resolution,
      start: new Date(0),
      end: new Date(Date.now() + day),
      limit: 10_000,
    })
  const upTo = async (resolution: keyof typeof resolutions) => {
    const span = { start: new Date(0), end: new Date() }
    return (await createRollupStore(other).coverage(randomUUID(), span)).upTo[resolution]
  }
  const expectRollups = async (id: string, readings: readonly Reading[]) => {
    for (const [resolution, widthMs] of Object.entries(resolutions)) {
      const found = await rollupsOf(id, resolution as keyof typeof resolutions)
      expect(found).toEqual(expectedRollups(readings, widthMs))
    }
  }

  it('are what the readings come to, in time or late, in whatever order', async () => {
    const several = fc.array(anyReading, { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(several, several, async (inTime, late) => {
        const id = await addMachine()
        await write(id, inTime)
        await forgetProgress()
        await fill()
        await expectRollups(id, inTime)
        await write(id, late)
        await fill()
        await expectRollups(id, [...inTime, ...late])
        await forgetProgress()
        await fill()
        await expectRollups(id, [...inTime, ...late])
      }),
      // Six runs are some seconds; by then it tells what it has found, while it still looks for less.
      { numRuns: 6, interruptAfterTimeLimit: 100_000 },
    )
  }, 150_000)

  it('are filled up to the last whole bucket, and no late hour is left', async () => {
    await forgetProgress()
    await fill()
    const [minute, hour, ofDay] = [await upTo('1m'), await upTo('1h'), await upTo('1d')].map(Number)
    expect(minute).toBeGreaterThan(Date.now() - 300_000)
    expect(minute).toBeLessThanOrEqual(Date.now() - 120_000)
    expect(hour).toBe(Math.floor((minute ?? 0) / 3_600_000) * 3_600_000)
    expect(ofDay).toBe(Math.floor((minute ?? 0) / day) * day)
    expect(await database.bulk`select from rollup_marks`).toHaveLength(0)
  })

  it('page by page come without a gap or a double', async () => {
    const id = await addMachine()
    const readings = Array.from({ length: 7 }, (_, index) => reading(begin + index * 60_000))
    await write(id, readings)
    await fill()
    const { history } = createRollupStore(database)
    const span = { resolution: '1m', start: new Date(begin + 60_000), end: new Date(begin + 360_000) } as const
    const first = await history(id, { ...span, limit: 3 })
    const rest = await history(id, { ...span, after: first.at(-1)?.bucket, limit: 3 })
    expect([...first, ...rest].map(({ bucket }) => bucket.getTime())).toEqual(
      readings.slice(1, 6).map(({ readingTime }) => readingTime),
    )
  })

  it('are not passed by what is still being written', async () => {
    await other.bulk.begin(async (writing) => {
      const [row] = await writing<{ begun: Date }[]>`select now() as begun`
      expect(await writtenUpTo(database.bulk, 0)).toEqual(new Date(Number(row?.begun) - 60_000))
    })
    expect(Number(await writtenUpTo(database.bulk, 0))).toBeGreaterThan(Date.now() - 70_000)
  })

  it('miss no late reading that is committed while its hour is filled', async () => {
    const id = await addMachine()
    const [first, second] = [reading(begin + 1_000), reading(begin + 2_000)]
    await write(id, [first])
    await other.bulk.begin(async (writing) => {
      await write(id, [second], writing as unknown as Sql)
      await fill()
    })
    await fill()
    await expectRollups(id, [first, second])
  })

  it('are all or none of a late hour when filling breaks off, and are filled the next time', async () => {
    const id = await addMachine()
    const readings = [reading(begin + 5_000, { values: { temperature: 7 } })]
    await write(id, readings)
    await database.bulk.unsafe(`
      create function breaks() returns trigger language plpgsql as $$ begin raise exception 'on purpose'; end $$;
      create trigger breaks before insert on readings_1d for each row execute function breaks()`)
    await expect(fill()).rejects.toThrow('filling roll-ups failed')
    expect(await rollupsOf(id, '1m')).toEqual([])
    await database.bulk`drop function breaks cascade`
    await fill()
    await expectRollups(id, readings)
  })

  it('go on where they were stopped', async () => {
    const id = await addMachine()
    const readings = Array.from({ length: 50 }, (_, index) => reading(begin + index * 1_700_000))
    await write(id, readings)
    await forgetProgress()
    const stopping = new AbortController()
    const stopped = createRollupStore(database).fill(stopping.signal)
    await expect.poll(async () => Number(await upTo('1m')), { interval: 1 }).toBeGreaterThan(begin)
    stopping.abort()
    await stopped.catch(() => undefined)
    await fill()
    await expectRollups(id, readings)
  })

  it('are left to the process that is at them', async () => {
    const id = await addMachine()
    await write(id, [reading(begin)])
    await other.bulk.begin(async (filling) => {
      await filling`select pg_advisory_xact_lock(${locks.rollups})`
      expect(await fill()).toEqual({ slices: 0, lateHours: 0 })
    })
    expect(await fill()).toEqual({ slices: expect.any(Number), lateHours: 1 })
  })

  it('come out the same when two processes fill them at once', async () => {
    const id = await addMachine()
    const readings = Array.from({ length: 60 }, (_, index) =>
      reading(begin + index * 1_300_000, { values: { energy_consumption_kwh: index } }),
    )
    await write(id, readings.slice(0, 40))
    await forgetProgress()
    await write(id, readings.slice(40))
    await Promise.all([fill(), createRollupStore(other).fill(unhurried), write(id, readings.slice(0, 3), other.bulk)])
    await fill()
    await expectRollups(id, readings)
  })

  it('pass over empty time at once', async () => {
    const id = await addMachine()
    await write(id, [reading(5_000), reading(begin)])
    await forgetProgress(0)
    const { slices } = await fill()
    expect(slices).toBeLessThan(100)
    await expectRollups(id, [reading(5_000), reading(begin)])
  })

  it('keep what they hold of readings that are gone', async () => {
    const id = await addMachine()
    const readings = [1, 2, 3].map((seconds) => reading(begin + seconds * 1_000, { values: { temperature: seconds } }))
    await write(id, readings)
    await fill()
    await database.bulk`delete from equipment_sensor_readings where equipment_id = ${id}`
    await write(id, [reading(begin + 4_000)])
    await fill()
    await expectRollups(id, readings)
  })

  it('leave out numbers that cannot be added up', async () => {
    const id = await addMachine()
    const none = Number.MAX_VALUE
    await write(id, [
      reading(begin, { values: { power_kw: none }, additional: { load: none } }),
      reading(begin + 1, { values: { power_kw: none }, additional: { load: none } }),
      reading(begin + 2, { values: { power_kw: 2 }, additional: { load: 4 } }),
    ])
    await fill()
    const [found] = await rollupsOf(id, '1d')
    expect(found).toMatchObject({
      readings: 3,
      numbers: { power_kw: { count: 1, sum: 2 } },
      additional: { load: { numbers: { count: 1, sum: 4 } } },
    })
  })

  it('go with their machine', async () => {
    const [id, staying] = [await addMachine(), await addMachine()]
    await write(id, [reading(begin), reading(begin + 40 * 3_600_000)])
    await write(staying, [reading(begin)])
    await fill()
    await write(id, [reading(begin + 1)])
    await database.bulk`delete from equipment where id = ${id}`
    await database.bulk`insert into equipment_removals (equipment_id) values (${id})`
    await fill()
    expect(await createRemovalStore(database).removeReadings(unhurried)).toBe(1)
    await fill()
    await expectRollups(id, [])
    expect(await database.bulk`select from rollup_marks where equipment_id = ${id}`).toHaveLength(0)
    await expectRollups(staying, [reading(begin)])
  })
})
