import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { silentLog } from '#core'
import { startEmbeddedPostgres } from '#embedded'
import {
  createEquipmentStore,
  createReadingWriter,
  createRollupStore,
  createSecretBox,
  type Database,
  migrate,
  openDatabase,
} from '#store'
import { freePort } from '../../setup/free-port.ts'
import { fillYear } from './fill-year.ts'

const root = join(import.meta.dirname, '../../..')
export const adminKey = `bw_${crypto.getRandomValues(Buffer.alloc(32)).toString('base64url')}`

/** A database with machines, and our service in the role `api` on it, as an operator would start it. */
export async function startApi(machineCount: number) {
  const directory = mkdtempSync(join(tmpdir(), 'bakewire-bench-'))
  const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), log: () => undefined })
  const database = openDatabase(server.url, silentLog)
  await migrate(database.bulk, join(root, 'migrations'), silentLog)
  const key = { id: 'bench', key: crypto.getRandomValues(Buffer.alloc(32)) }
  const equipment = createEquipmentStore(database, createSecretBox([key]))
  const ids: string[] = []
  for (let index = 0; index < machineCount; index += 1) {
    ids.push((await equipment.create({ name: `Machine ${index}`, type: 'deck_oven' })).id)
  }
  const port = await freePort()
  const env = {
    ...process.env,
    ROLE: 'api',
    PORT: String(port),
    DATABASE_URL: server.url,
    DATA_DIR: join(directory, 'data'),
    ENCRYPTION_KEYS: `${key.id}:${key.key.toString('base64')}`,
    ADMIN_API_KEY: adminKey,
    LOG_LEVEL: 'warn',
  }
  const api = fork(join(root, 'src/main.ts'), [], { env })
  const origin = `http://127.0.0.1:${port}`
  while (!(await isReady(origin))) {
    if (api.exitCode !== null) throw new Error('the service did not start')
    await sleep(50)
  }
  return {
    ids,
    url: server.url,
    api,
    origin,
    /** One reading of every machine, or of a part of them, as workers write it; gives how many. */
    write: (readingTime: number, { part, of } = { part: 0, of: 1 }) =>
      writeReadings(
        database,
        ids.filter((_, index) => index % of === part),
        readingTime,
      ),
    /** Readings of one machine, made in the database. */
    async fill(id: string, { rows, start, everySeconds }: { rows: number; start: Date; everySeconds: number }) {
      const sql = await database.bulk.reserve()
      const days = Math.ceil((rows * everySeconds) / 86_400)
      await sql`set statement_timeout = 0`
      await sql`select ensure_reading_partitions(${start}::date, ${start}::date + ${days}::int)`
      await sql`
        insert into equipment_sensor_readings
          (equipment_id, reading_time, temperature, target_temperature, humidity, operational_status, temperature_zones, additional)
        select ${id}::uuid, ${start}::timestamptz + make_interval(secs => n * ${everySeconds}::int), 180 + n % 100 / 10.0, 185,
          12.5, 'running', '{"top": 190.1, "bottom": 178.3}', '{"fan_speed": 1420, "programme": "Baguette"}'
        from generate_series(0, ${rows}::int - 1) as n`
      await sql`analyze equipment_sensor_readings`
      sql.release()
    },
    fillYear: (id: string, end: Date) => fillYear(database, id, end),
    fillRollups: () => createRollupStore(database).fill(new AbortController().signal),
    async stop() {
      api.kill('SIGTERM')
      await once(api, 'exit')
      await database.close()
      await server.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const isReady = (origin: string) =>
  fetch(`${origin}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  )

async function writeReadings(database: Database, ids: readonly string[], readingTime: number): Promise<number> {
  const readings = ids.map((equipmentId) => ({
    equipmentId,
    readingTime,
    sourceTime: null,
    values: { temperature: 184.5, target_temperature: 185, humidity: 12.5, operational_status: 'running' },
    zones: { top: 190.1, bottom: 178.3 },
    additional: { fan_speed: 1_420, programme: 'Baguette' },
    quality: null,
  }))
  await createReadingWriter(database.bulk).write(readings)
  return readings.length
}

/**
 * Starts the program that asks, without pauses of its own: one collection of 40 ms was most of what it measured of an
 * answer's 99th percentile. At 500 requests a second this young generation outlasts a round.
 */
export async function generateLoad<T>(args: readonly unknown[]): Promise<T> {
  const flags = ['--min-semi-space-size=512', '--max-semi-space-size=512']
  return (await startBeside<T>('generate-load.ts', args.map(String), flags)).said
}

/** Starts a script of this folder with the flags of our service and more; `said` is its first message. */
export async function startBeside<T>(
  script: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<{ child: ChildProcess; said: T }> {
  const child = fork(join(import.meta.dirname, script), [...args], { execArgv: [...process.execArgv, ...flags] })
  const [said] = await once(child, 'message')
  return { child, said: said as T }
}
