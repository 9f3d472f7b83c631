import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import postgres from 'postgres'
import { limits, type Reading, silentLog } from '#core'
import { startEmbeddedPostgres } from '#embedded'
import { openSpool, startIngest } from '#ingest'
import { createReadingWriter, migrate, openDatabase } from '#store'
import { serverCpuSeconds } from './poll/process-usage.ts'

/**
 * `npm run bench ingest [readings]`: wide readings as fast as they are taken, spooled and stored, beside the bare statement of
 * the same driver with the same batches into the same table, in turns. Both over one connection, and the same of each machine.
 */
const [readings = 200_000] = process.argv.slice(2).map(Number)
const rounds = 3
const machines = 1_000
const batchesAhead = 2

interface Measured {
  readonly perSecond: number
  /** Of a reading, µs. */
  readonly ownCpu: number
  readonly serverCpu: number
}

const directory = mkdtempSync(join(tmpdir(), 'bakewire-bench-'))
const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), log: () => undefined })
const database = openDatabase(server.url, silentLog)
const sql = postgres(server.url, { max: 1, onnotice: () => undefined })
const ids: string[] = []
let time = Date.now()
try {
  await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
  const rows = await sql<{ id: string }[]>`
    insert into equipment (name, type) select 'Oven ' || number, 'deck_oven' from generate_series(1, ${machines}) number
    returning id`
  ids.push(...rows.map(({ id }) => id))
  await sql`analyze equipment`
  const measured = { bare: [] as Measured[], ours: [] as Measured[] }
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, store] of [['bare', storeBare] as const, ['ours', storeOurs] as const]) {
      const one = await measure(store)
      if (round >= 0) measured[name].push(one)
    }
  }
  const [bare, ours] = [median(measured.bare), median(measured.ours)]
  for (const [name, { perSecond, ownCpu, serverCpu }] of Object.entries({ bare, ours }))
    console.log(
      `${name}: ${perSecond.toFixed(0)} readings/s; CPU of a reading ${ownCpu.toFixed(1)} µs, of PostgreSQL ${serverCpu.toFixed(1)} µs`,
    )
  console.log(`${((ours.perSecond / bare.perSecond) * 100).toFixed(0)} % of the bare statement`)
} finally {
  await Promise.all([database.close(), sql.end()])
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
}

async function measure(store: () => Promise<void>): Promise<Measured> {
  await sql`truncate equipment_sensor_readings`
  const [startedAt, own, ofServer] = [performance.now(), process.cpuUsage(), serverCpuSeconds(server.pid)]
  await store()
  const seconds = (performance.now() - startedAt) / 1_000
  const { user, system } = process.cpuUsage(own)
  return {
    perSecond: readings / seconds,
    ownCpu: (user + system) / readings,
    serverCpu: ((serverCpuSeconds(server.pid) - ofServer) * 1e6) / readings,
  }
}

/** One of each machine every millisecond. */
function* made(): Generator<Reading> {
  for (let index = 0; index < readings; index += 1) {
    if (index % machines === 0) time += 1
    yield {
      equipmentId: ids[index % machines] ?? '',
      readingTime: time,
      sourceTime: null,
      values: {
        temperature: 180 + (index % 100) / 10,
        target_temperature: 185,
        humidity: 12.5,
        energy_consumption_kwh: 1_000 + index / 100,
        power_kw: 9.25,
        operational_status: 'running',
        cycle_stage: 'baking',
        cycle_progress_percentage: index % 100,
        time_remaining_minutes: 12,
        door_status: 'closed',
      },
      zones: { top: 190.1, bottom: 178.3 },
      additional: { fan_speed: 1_420, programme: 'Baguette' },
      quality: null,
    }
  }
}

async function storeOurs(): Promise<void> {
  const spool = openSpool({ directory: join(directory, 'spool'), log: silentLog, onDropped: lost })
  const ingest = startIngest({
    spool,
    writer: createReadingWriter(database.bulk),
    log: silentLog,
    onReadings: () => undefined,
  })
  for (const reading of made()) {
    ingest.accept(reading)
    while (spool.size().batches > batchesAhead) await nextTurn()
  }
  await ingest.stop(60_000)
  const { stored } = ingest.counts()
  if (stored !== readings) throw new Error(`${stored} of ${readings} are stored`)
}

function lost(): never {
  throw new Error('the spool dropped readings')
}

async function storeBare(): Promise<void> {
  let batch: Reading[] = []
  for (const reading of made()) {
    batch.push(reading)
    if (batch.length === limits.batchReadingsMax) {
      await insert(batch)
      batch = []
    }
  }
  await insert(batch)
}

async function insert(batch: readonly Reading[]): Promise<void> {
  const numbers = (name: keyof Reading['values']) => batch.map(({ values }) => Number(values[name]))
  const words = (name: keyof Reading['values']) => batch.map(({ values }) => String(values[name]))
  await sql`
    insert into equipment_sensor_readings (equipment_id, reading_time, temperature, target_temperature, humidity,
      energy_consumption_kwh, power_kw, operational_status, cycle_stage, cycle_progress_percentage, time_remaining_minutes,
      door_status, temperature_zones, additional)
    select id, to_timestamp(time / 1000.0), a, b, c, d, e, f, g, h, i, j, zones::jsonb, additional::jsonb
    from unnest(${batch.map(({ equipmentId }) => equipmentId)}::uuid[],
      ${batch.map(({ readingTime }) => readingTime)}::float8[], ${numbers('temperature')}::float8[],
      ${numbers('target_temperature')}::float8[], ${numbers('humidity')}::float8[],
      ${numbers('energy_consumption_kwh')}::float8[], ${numbers('power_kw')}::float8[],
      ${words('operational_status')}::text[], ${words('cycle_stage')}::text[],
      ${numbers('cycle_progress_percentage')}::float8[], ${numbers('time_remaining_minutes')}::float8[],
      ${words('door_status')}::text[], ${batch.map(({ zones }) => JSON.stringify(zones))}::text[],
      ${batch.map(({ additional }) => JSON.stringify(additional))}::text[])
      as batch (id, time, a, b, c, d, e, f, g, h, i, j, zones, additional)
    on conflict (equipment_id, reading_time) do nothing`
}

function median(list: readonly Measured[]): Measured {
  const middle = list.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(list.length / 2)]
  if (!middle) throw new Error('nothing was measured')
  return middle
}
