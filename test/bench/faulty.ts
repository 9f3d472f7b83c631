import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { silentLog } from '#core'
import { startEmbeddedPostgres } from '#embedded'
import { createEquipmentStore, createSecretBox, migrate, openDatabase } from '#store'
import { freePort } from '../setup/free-port.ts'
import { configureAddresses, type MachineAddress } from './poll/configure-machines.ts'
import type { Verdict } from './poll/judge-arrivals.ts'
import { processUsage } from './poll/process-usage.ts'

/** `npm run bench faulty [seconds]`: 180 machines beside 20 that hang, drip or flood, and without them. */
const [seconds = 60] = process.argv.slice(2).map(Number)
const healthy = 180
const faulty = 20
const warmUpMs = 15_000
const root = join(import.meta.dirname, '../..')

console.log(`load ${loadavg()[0]?.toFixed(1)}; polled every second for ${seconds} s`)
await run(0)
await run(faulty)

async function run(faultyOnes: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bakewire-bench-'))
  const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), log: () => undefined })
  const machines = fork(join(import.meta.dirname, 'faulty/machines.ts'), [String(healthy), String(faultyOnes)])
  try {
    const [addresses] = (await once(machines, 'message')) as [MachineAddress[]]
    const key = { id: 'bench', key: crypto.getRandomValues(Buffer.alloc(32)) }
    const database = openDatabase(server.url, silentLog)
    await migrate(database.bulk, join(root, 'migrations'), silentLog)
    await configureAddresses(createEquipmentStore(database, createSecretBox([key])), addresses)
    await database.close()
    const port = await freePort()
    const env = {
      ...process.env,
      ROLE: 'worker',
      PORT: String(port),
      METRICS_PUBLIC: 'true',
      DATABASE_URL: server.url,
      DATA_DIR: join(directory, 'data'),
      ENCRYPTION_KEYS: `${key.id}:${key.key.toString('base64')}`,
      EGRESS_ALLOW: '127.0.0.0/8',
      LOG_LEVEL: 'error',
    }
    const worker = fork(join(root, 'src/main.ts'), [], { env })
    const pid = worker.pid ?? 0
    await sleep(warmUpMs)
    // Each look at the metrics begins the figures of the loop's lag anew.
    await lagMs(port)
    const before = processUsage(pid)
    await sleep(seconds * 1_000)
    const lag = await lagMs(port)
    const after = processUsage(pid)
    machines.send({ forMs: seconds * 1_000 })
    const [verdict] = (await once(machines, 'message')) as [Verdict]
    const sql = postgres(server.url, { max: 1 })
    const states = await sql<{ state: string; machines: number }[]>`
      select iot_connection_status || coalesce(' ' || (iot_connection_error->>'code'), '') as state, count(*)::int as machines
      from equipment group by state order by state`
    await sql.end()
    tell(faultyOnes, verdict, {
      states,
      lag,
      cpu: (after.cpuSeconds - before.cpuSeconds) / seconds,
      rssMiB: after.rssMiB,
    })
    worker.kill('SIGTERM')
    await once(worker, 'exit')
  } finally {
    machines.kill()
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

interface Lag {
  readonly p99: number
  readonly max: number
}

async function lagMs(port: number): Promise<Lag> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) * 1_000
  return { p99: figure('nodejs_eventloop_lag_p99_seconds'), max: figure('nodejs_eventloop_lag_max_seconds') }
}

function tell(
  faultyOnes: number,
  { polls, missed, p50, p99, max }: Verdict,
  {
    states,
    lag,
    cpu,
    rssMiB,
  }: { states: readonly { state: string; machines: number }[]; lag: Lag; cpu: number; rssMiB: number },
): void {
  console.log(
    [
      `${healthy} machines beside ${faultyOnes} that hang, drip or flood:`,
      `  polls ${polls}, missed ${missed}; lateness p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`,
      `  event loop's lag p99 ${lag.p99.toFixed(1)} ms, max ${lag.max.toFixed(1)} ms; CPU ${(cpu * 100).toFixed(1)} %, memory ${rssMiB.toFixed(0)} MiB`,
      `  ${states.map(({ state, machines }) => `${machines} ${state}`).join(', ')}`,
    ].join('\n'),
  )
}
