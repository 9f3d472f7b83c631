import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { limits, silentLog } from '#core'
import { startEmbeddedPostgres } from '#embedded'
import { createAlertRuleStore, createEquipmentStore, createSecretBox, migrate, openDatabase } from '#store'
import { configureMachines } from './poll/configure-machines.ts'
import type { Verdict } from './poll/judge-arrivals.ts'
import { processUsage, serverCpuSeconds } from './poll/process-usage.ts'

/** `npm run bench poll [machines] [seconds] [interval] [ours]`: our worker with everything on, beside the bare limit in the same run. */
const numbers = process.argv.slice(2).filter((word) => word !== 'ours')
const [machineCount = 1000, seconds = 60, intervalSeconds = 1] = numbers.map(Number)
const onlyOurs = process.argv.includes('ours')
const intervalMs = intervalSeconds * 1_000
const pollsPerSecond = machineCount / intervalSeconds
/** Until every link is open, at the pace at which a worker opens them, and the code that polls is compiled. */
const warmUpMs = 20_000 + (machineCount / limits.openingsPerSecond) * 1_000
const root = join(import.meta.dirname, '../..')
/** More flags for our own process, beside the launcher's, for instance `--cpu-prof`. */
const ownFlags = (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '')
const key = { id: 'bench', key: crypto.getRandomValues(Buffer.alloc(32)) }

const directory = mkdtempSync(join(tmpdir(), 'bakewire-bench-'))
const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), log: () => undefined })
const machines = fork(join(import.meta.dirname, 'poll/machines.ts'), [String(machineCount), String(intervalMs)])
try {
  const [ports] = (await once(machines, 'message')) as [number[]]
  const bare = onlyOurs ? undefined : await run('bare script', () => startBare(ports), 'bare_readings')
  const ours = await run('Bakewire', () => startOurs(ports), 'equipment_sensor_readings')
  const times = (own: number, bareOne: number) => `${(own / bareOne).toFixed(2)} × the bare script's`
  if (bare) console.log(`\nCPU ${times(ours.cpu, bare.cpu)}; PostgreSQL's CPU ${times(ours.serverCpu, bare.serverCpu)}`)
} finally {
  machines.kill()
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
}

async function run(
  name: string,
  start: () => Promise<{ child: ChildProcess; url: string; startedAt: number }>,
  table: string,
) {
  await ask('reset')
  const { child, url, startedAt } = await start()
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  const pid = child.pid ?? 0
  const firstRowMs = await firstRow(sql, table, startedAt)
  await sleep(warmUpMs)
  const before = { ...processUsage(pid), server: serverCpuSeconds(server.pid) }
  await sleep(seconds * 1000)
  const after = { ...processUsage(pid), server: serverCpuSeconds(server.pid) }
  const verdict = await ask<Verdict>('judge', seconds * 1000)
  child.kill('SIGTERM')
  await once(child, 'exit')
  const served = await ask<number>('served')
  const [row] = await sql.unsafe(
    `select count(distinct (equipment_id, additional->>'serial'))::int as stored from ${table}`,
  )
  await sql.end()
  const cpu = (after.cpuSeconds - before.cpuSeconds) / seconds
  const serverCpu = (after.server - before.server) / seconds
  console.log(
    [
      `${name}: ${machineCount} machines × ${intervalMs} ms × ${seconds} s`,
      `  CPU ${(cpu * 100).toFixed(1)} % of a core (${((cpu / pollsPerSecond) * 1e6).toFixed(0)} µs a poll), PostgreSQL ${(serverCpu * 100).toFixed(1)} %`,
      `  memory ${after.rssMiB.toFixed(0)} MiB, first row after ${firstRowMs.toFixed(0)} ms`,
      `  lateness p50 ${verdict.p50.toFixed(1)} ms, p99 ${verdict.p99.toFixed(1)} ms, max ${verdict.max.toFixed(1)} ms; polls ${verdict.polls}, missed ${verdict.missed}`,
      `  served ${served}, stored ${row?.['stored']}, lost ${served - Number(row?.['stored'])}`,
    ].join('\n'),
  )
  return { cpu, serverCpu }
}

async function startBare(ports: readonly number[]) {
  const portsFile = join(directory, 'ports.json')
  writeFileSync(portsFile, JSON.stringify(ports))
  const startedAt = performance.now()
  const child = fork(join(import.meta.dirname, 'poll/bare-poller.ts'), [server.url, portsFile, String(intervalMs)])
  return { child, url: server.url, startedAt }
}

/** Configures the machines in a database of their own, then starts the service on it as an operator would. */
async function startOurs(ports: readonly number[]) {
  const admin = postgres(server.url, { max: 1 })
  await admin`create database bakewire_bench`
  await admin.end()
  const url = server.url.replace(/\/postgres$/, '/bakewire_bench')
  const database = openDatabase(url, silentLog)
  await migrate(database.bulk, join(root, 'migrations'), silentLog)
  await configureMachines(createEquipmentStore(database, createSecretBox([key])), ports, intervalSeconds)
  // Of every machine, and held by none: three states to keep for each reading.
  const rules = createAlertRuleStore(database, () => undefined)
  for (const [metric, above] of [
    ['temperature', 400],
    ['humidity', 400],
    ['power_kw', 400],
  ] as const)
    await rules.create({ name: `${metric} is high`, kind: 'threshold', metric, above, severity: 'warning' })
  await database.close()
  const env = {
    ...process.env,
    DATABASE_URL: url,
    DATA_DIR: join(directory, 'data'),
    ENCRYPTION_KEYS: `${key.id}:${key.key.toString('base64')}`,
    EGRESS_ALLOW: '127.0.0.0/8',
    LOG_LEVEL: 'warn',
    PORT: '0',
  }
  const startedAt = performance.now()
  return {
    child: fork(join(root, 'src/main.ts'), [], { env, execArgv: [...process.execArgv, ...ownFlags] }),
    url,
    startedAt,
  }
}

async function firstRow(sql: postgres.Sql, table: string, startedAt: number): Promise<number> {
  for (;;) {
    const [row] = await sql.unsafe(`select to_regclass('${table}') is not null as exists`)
    if (row?.['exists'] && (await sql.unsafe(`select from ${table} limit 1`)).length > 0)
      return performance.now() - startedAt
    await sleep(20)
  }
}

async function ask<T>(question: string, forMs?: number): Promise<T> {
  machines.send({ ask: question, forMs })
  const [answer] = await once(machines, 'message')
  return answer as T
}
