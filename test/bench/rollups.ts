import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '#core'
import { startEmbeddedPostgres } from '#embedded'
import { createReadingWriter, createRollupStore, migrate, openDatabase } from '#store'
import { serverCpuSeconds } from './poll/process-usage.ts'

/** `npm run bench rollups [machines] [minutes]`: what filling the roll-ups of readings of every second costs, and the marks of late ones. */
const [machines = 1_000, minutes = 5] = process.argv.slice(2).map(Number)
const batch = 2_000
const directory = mkdtempSync(join(tmpdir(), 'bakewire-bench-'))
const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), log: () => undefined })
const database = openDatabase(server.url, silentLog)
try {
  await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
  const ids = (
    await database.bulk<{ id: string }[]>`
      insert into equipment (name, type) select 'Machine', 'deck_oven' from generate_series(1, ${machines}) returning id`
  ).map(({ id }) => id)

  const start = Math.floor(Date.now() / 60_000) * 60_000 - (minutes + 5) * 60_000
  await database.bulk`update rollup_progress set filled_up_to = ${new Date(start)}
    where resolution = '1m'`
  console.log(`in time: ${await batches(ids, Date.now() - 30_000, 30)} ms for ${batch} readings`)
  console.log(`late: ${await batches(ids, start, 30 * minutes)} ms for ${batch} readings`)
  await database.bulk`delete from rollup_marks`
  await database.bulk`vacuum analyze equipment_sensor_readings`

  const { fill } = createRollupStore(database)
  await measured('in order', () => fill(new AbortController().signal))
  await database.bulk`
    insert into rollup_marks (hour, equipment_id)
    select distinct date_trunc('hour', reading_time), equipment_id from equipment_sensor_readings`
  await measured('late', () => fill(new AbortController().signal))
} finally {
  await database.close()
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
}

async function measured(name: string, work: () => Promise<unknown>): Promise<void> {
  const before = { at: performance.now(), cpu: serverCpuSeconds(server.pid) }
  const done = await work()
  const seconds = (performance.now() - before.at) / 1_000
  const cpu = serverCpuSeconds(server.pid) - before.cpu
  console.log(
    `${name}: ${minutes} minutes of ${machines} machines in ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of CPU, ${(cpu / minutes).toFixed(2)} s for a minute`,
    done,
  )
}

/** Median time of a batch, ms. */
async function batches(ids: readonly string[], start: number, count: number): Promise<string> {
  const writer = createReadingWriter(database.bulk)
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const readings = Array.from({ length: batch }, (_, row) => ({
      equipmentId: ids[row % ids.length] ?? '',
      readingTime: start + (index * Math.ceil(batch / ids.length) + Math.floor(row / ids.length)) * 1_000 + (row % 997),
      sourceTime: null,
      values: {
        temperature: 180 + (row % 100) / 10,
        target_temperature: 185,
        humidity: 12.5,
        power_kw: 11.25,
        energy_consumption_kwh: 1_000 + index,
        operational_status: 'running',
      },
      zones: { top: 190.1, bottom: 178.3 },
      additional: { fan_speed: 1_420, voltage_l1: 231.4, programme: 'Baguette' },
      quality: null,
    }))
    const startedAt = performance.now()
    await writer.write(readings)
    times.push(performance.now() - startedAt)
  }
  return (times.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? 0).toFixed(1)
}
