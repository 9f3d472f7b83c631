import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Reading, silentLog } from '#core'
import { createTemporaryDatabase, type TemporaryDatabase, timescaleUrl } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { createReadingWriter } from './reading-writer.ts'
import { createRemovalStore } from './removal-store.ts'
import { createRetentionStore, type Retention } from './retention-store.ts'
import { createRollupStore } from './rollup-store.ts'

const migrations = join(import.meta.dirname, '../../migrations')
const day = 86_400_000
const unhurried = new AbortController().signal
const forEver: Retention = {
  ...{ raw: 0, '1m': 0, '1h': 0, '1d': 0, connectionLogs: 0, closedAlerts: 0, auditLog: 0 },
  sites: new Map(),
}
const noon = (daysAgo: number) => (Math.floor(Date.now() / day) - daysAgo) * day + day / 2

function reading(equipmentId: string, readingTime: number): Reading {
  const values = { temperature: 4 }
  return { equipmentId, readingTime, sourceTime: null, values, zones: null, additional: null, quality: null }
}

describe.each(timescaleUrl ? (['plain', 'timescale'] as const) : (['plain'] as const))('on %s', (backend) => {
  let temporary: TemporaryDatabase
  let database: Database
  let other: Database
  const expire = (keep: Partial<Retention>, signal = unhurried) =>
    createRetentionStore(database).expire({ ...forEver, ...keep }, signal)
  const fill = () => createRollupStore(database).fill(unhurried)

  beforeAll(async () => {
    temporary = await createTemporaryDatabase(backend === 'timescale' ? { on: 'timescale' } : {})
    database = openDatabase(temporary.url, silentLog)
    other = openDatabase(temporary.url, silentLog)
    expect(await migrate(database.bulk, migrations, silentLog)).toBe(backend)
  })
  beforeEach(async () => {
    await database.bulk`truncate equipment, equipment_sensor_readings, readings_1m, readings_1h, readings_1d, audit_log cascade`
  })
  afterAll(async () => {
    await Promise.all([database.close(), other.close()])
    await temporary.drop()
  })

  async function addMachine(daysAgo: readonly number[], site: string | null = null): Promise<string> {
    const id = randomUUID()
    await database.bulk`insert into equipment (id, name, type, site) values (${id}, 'Machine', 'other', ${site})`
    await createReadingWriter(database.bulk).write(daysAgo.map((days) => reading(id, noon(days))))
    return id
  }

  /** Of a machine, how many days ago its rows are. */
  async function daysIn(table: string, id: string): Promise<number[]> {
    const moment = table === 'equipment_sensor_readings' ? 'reading_time' : 'bucket'
    const sql = database.bulk
    const rows = await sql<{ at: Date }[]>`
      select ${sql(moment)} as at from ${sql(table)} where equipment_id = ${id} order by 1`
    return rows.map(({ at }) => Math.floor(Date.now() / day) - Math.floor(at.getTime() / day))
  }

  async function partsEndingBefore(moment: number): Promise<number> {
    const sql = database.bulk
    const [row] =
      backend === 'plain'
        ? await sql<{ parts: number }[]>`
            select count(*)::int as parts from pg_inherits join pg_class on oid = inhrelid
            where inhparent = 'equipment_sensor_readings'::regclass
              and right(relname, 8) < to_char(${new Date(moment)}::timestamptz, 'YYYYMMDD')`
        : await sql<{ parts: number }[]>`
            select count(*)::int as parts from timescaledb_information.chunks
            where hypertable_name = 'equipment_sensor_readings' and range_end <= ${new Date(moment)}`
    return row?.parts ?? -1
  }

  it('drops the days that are too old, and no other', async () => {
    const id = await addMachine([40, 31, 29, 0])
    expect(await expire({ raw: 30 })).toMatchObject({ parts: expect.any(Number), isHeldUp: false, rows: 0 })
    expect(await daysIn('equipment_sensor_readings', id)).toEqual([29, 0])
    expect(await partsEndingBefore(noon(31))).toBe(0)
    expect(await expire({ raw: 30 })).toEqual({ parts: 0, isHeldUp: false, rows: 0 })
  })

  it('keeps everything where nothing is said', async () => {
    const id = await addMachine([4_000, 31])
    expect(await expire({})).toEqual({ parts: 0, isHeldUp: false, rows: 0 })
    expect(await daysIn('equipment_sensor_readings', id)).toEqual([4_000, 31])
  })

  it('leaves what roll-ups are still to be filled from', async () => {
    const id = await addMachine([40, 35], 'north')
    const sql = database.bulk
    await sql`update rollup_progress set filled_up_to = ${new Date(noon(38))} where resolution = '1m'`
    await expire({ raw: 30, sites: new Map([['north', 10]]) })
    expect(await daysIn('equipment_sensor_readings', id)).toEqual([35])
    await fill()
    await expire({ raw: 30 })
    expect(await daysIn('equipment_sensor_readings', id)).toEqual([])
    expect(await daysIn('readings_1d', id)).toContain(35)
  })

  it('rolls up what comes later than it would have been kept, and drops it then', async () => {
    const id = await addMachine([60])
    await fill()
    await expire({ raw: 30 })
    expect(await daysIn('equipment_sensor_readings', id)).toEqual([])
    expect(await partsEndingBefore(noon(31))).toBe(0)
    for (const table of ['readings_1m', 'readings_1h', 'readings_1d']) expect(await daysIn(table, id)).toEqual([60])
  })

  it('drops roll-ups by their own age', async () => {
    const id = await addMachine([500, 300])
    await fill()
    await expire({ '1m': 200, '1h': 400, '1d': 450 })
    expect(await daysIn('readings_1m', id)).toEqual([])
    expect(await daysIn('readings_1h', id)).toEqual([300])
    expect(await daysIn('readings_1d', id)).toEqual([300])
    expect(await daysIn('equipment_sensor_readings', id)).toEqual([500, 300])
  })

  it('forgets with the days what was missing then, and no gap that reaches into those that are kept', async () => {
    const id = await addMachine([])
    for (const [from, to] of [
      [401, 399.5],
      [410, 405],
      [500, null],
      [3, 2],
    ] as const)
      await database.bulk`
        insert into equipment_gaps (equipment_id, started_at, missing_since, ended_at, reason, interval_seconds)
        values (${id}, ${new Date(noon(from))}, ${new Date(noon(from))}, ${to === null ? null : new Date(noon(to))}, 'restart', 60)`
    await expire({ '1d': 0 })
    const left = () => database.bulk<{ days: number }[]>`
      select round(extract(epoch from now() - started_at) / 86400)::int as days from equipment_gaps order by 1`
    expect(await left()).toHaveLength(4)
    await expire({ '1d': 400 })
    const days = (await left()).map((gap) => Math.round(gap.days / 10) * 10)
    expect(days).toEqual([0, 400, 500])
  })

  it('gives way to who uses a partition, without holding up writers for long', async () => {
    const id = await addMachine([40])
    await other.bulk.begin(async (using) => {
      await using`select from equipment_sensor_readings where reading_time < ${new Date(noon(39))}`
      const expiring = expire({ raw: 30 })
      await createReadingWriter(other.bulk).write([reading(id, noon(1))])
      expect(await expiring).toEqual({ parts: 0, isHeldUp: true, rows: 0 })
    })
    expect(await daysIn('equipment_sensor_readings', id)).toEqual([40, 1])
    expect(await expire({ raw: 30 })).toMatchObject({ isHeldUp: false })
    expect(await daysIn('equipment_sensor_readings', id)).toEqual([1])
  })

  it('deletes the readings of a site sooner, of its machines alone', async () => {
    const [ours, theirs] = [await addMachine([20, 12, 9, 0], 'north'), await addMachine([20, 9], 'south')]
    expect(await expire({ sites: new Map([['north', 10]]) })).toEqual({ parts: 0, isHeldUp: false, rows: 2 })
    expect(await daysIn('equipment_sensor_readings', ours)).toEqual([9, 0])
    expect(await daysIn('equipment_sensor_readings', theirs)).toEqual([20, 9])
  })

  it.runIf(backend === 'timescale')(
    'deletes the readings of a site, and of a machine that is gone, from compressed chunks',
    async () => {
      const [ours, theirs] = [await addMachine([], 'east'), await addMachine([], 'west')]
      const sql = database.bulk
      for (const id of [ours, theirs]) {
        await sql`insert into equipment_sensor_readings (equipment_id, reading_time, temperature)
        select ${id}::uuid, ${new Date(noon(30))}::timestamptz + make_interval(secs => 60 * n), 180
        from generate_series(0, 1440 * 14) n`
      }
      await sql`select compress_chunk(chunk, true) from show_chunks('equipment_sensor_readings') as chunk`
      // A day of one machine is all that a statement may unpack: all of it, or the other's days, would be refused.
      const { pathname } = new URL(temporary.url)
      await sql`alter database ${sql(pathname.slice(1))} set timescaledb.max_tuples_decompressed_per_dml_transaction = 1500`
      const bounded = openDatabase(temporary.url, silentLog)
      try {
        const sites = new Map([['east', 10]])
        const expired = await createRetentionStore(bounded).expire({ ...forEver, sites }, unhurried)
        expect(expired).toMatchObject({ rows: 1440 * 14 + 1 })
        expect(await daysIn('equipment_sensor_readings', ours)).toEqual([])
        expect(await daysIn('equipment_sensor_readings', theirs)).toHaveLength(1440 * 14 + 1)
        await sql`insert into equipment_removals (equipment_id) values (${theirs})`
        expect(await createRemovalStore(bounded).removeReadings(unhurried)).toBe(1)
        expect(await daysIn('equipment_sensor_readings', theirs)).toEqual([])
      } finally {
        await bounded.close()
      }
    },
  )

  it('stops when it is told to', async () => {
    const id = await addMachine([40])
    await expect(expire({ raw: 30 }, AbortSignal.abort(new Error('stopping')))).rejects.toThrow()
    expect(await daysIn('equipment_sensor_readings', id)).toEqual([40])
  })

  it('deletes old connection logs, resolved alerts with all of theirs, and audits, and no open alert', async () => {
    const sql = database.bulk
    const id = await addMachine([])
    const old = new Date(noon(100))
    for (const at of [old, new Date()]) {
      await sql`insert into equipment_connection_logs (equipment_id, event_type, event_time, connection_status)
        values (${id}, 'connected', ${at}, 'connected')`
      await sql`insert into audit_log (actor, action, at) values ('somebody', 'equipment.created', ${at})`
    }
    // More than one statement deletes.
    await sql`insert into equipment_connection_logs (equipment_id, event_type, event_time, connection_status)
      select ${id}, 'connected', ${old}, 'connected' from generate_series(1, 5000)`
    const addAlert = async (resolvedAt: Date | null) => {
      const [alert] = await sql<{ id: string }[]>`
        insert into equipment_iot_alerts
          (equipment_id, type, severity, status, title, message, raised_at, last_raised_at, resolved_at)
        values (${id}, 'no_data', 'high', ${resolvedAt ? 'resolved' : 'active'}, 't', 'm', ${old}, ${old}, ${resolvedAt})
        returning id`
      await sql`insert into alert_transitions (alert_id, kind, at, texts, severity)
        values (${alert?.id ?? ''}, 'raised', ${old}, '{}', 'high')`
      return alert?.id
    }
    await addAlert(old)
    const staying = [await addAlert(new Date()), await addAlert(null)].sort()

    expect(await expire({ connectionLogs: 90, closedAlerts: 90 })).toMatchObject({ rows: 5_002 })
    const alerts = await sql<{ id: string }[]>`select id from equipment_iot_alerts order by id`
    expect(alerts.map((alert) => alert.id)).toEqual(staying)
    expect(await sql`select from alert_transitions`).toHaveLength(2)
    expect(await sql`select from equipment_connection_logs`).toHaveLength(1)
    expect(await sql`select from audit_log`).toHaveLength(2)
    expect(await expire({ auditLog: 90 })).toMatchObject({ rows: 1 })
  })
})
