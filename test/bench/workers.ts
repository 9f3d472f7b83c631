import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { shardCount, silentLog } from '#core'
import { startEmbeddedPostgres } from '#embedded'
import { createEquipmentStore, createSecretBox, migrate, openDatabase } from '#store'
import { hasRedis, startRedis } from '../setup/redis.ts'
import { configureMachines } from './poll/configure-machines.ts'

/** `npm run bench workers [machines] [seconds]`: what machines notice when a worker joins, ends in order, and is killed. */
const [machineCount = 1000, seconds = 15] = process.argv.slice(2, 4).map(Number)
const intervalMs = 1000
const balanceMsMax = 60_000
const root = join(import.meta.dirname, '../..')
const key = { id: 'bench', key: crypto.getRandomValues(Buffer.alloc(32)) }

interface Gaps {
  longestGapMs: number
  missed: number
  late: number
  doubled: number
}

const directory = mkdtempSync(join(tmpdir(), 'bakewire-bench-'))
const server = await startEmbeddedPostgres({ directory: join(directory, 'postgres'), log: () => undefined })
const redis = hasRedis ? await startRedis() : undefined
const machines = fork(join(import.meta.dirname, 'poll/machines.ts'), [String(machineCount), String(intervalMs)])
const processes = new Set<ChildProcess>()
const sql = postgres(server.url, { max: 1, onnotice: () => undefined })
try {
  const [ports] = (await once(machines, 'message')) as [number[]]
  const database = openDatabase(server.url, silentLog)
  await migrate(database.bulk, join(root, 'migrations'), silentLog)
  await configureMachines(createEquipmentStore(database, createSecretBox([key])), ports)
  await database.close()
  console.log(`${machineCount} machines × ${intervalMs} ms, the queue in ${redis ? 'Redis' : 'PostgreSQL'}`)
  start('api')
  const first = start('worker')
  const second = start('worker')
  await balanced(2)
  await sleep(5_000)
  await phase('two workers, nothing happens', 2, () => undefined)
  await phase('a third joins', 3, () => void start('worker'))
  await phase('one ends (SIGTERM)', 2, () => void first.kill('SIGTERM'))
  await phase('one is killed (SIGKILL)', 1, () => void second.kill('SIGKILL'))
} finally {
  const ended = [...processes].map((child) => (child.exitCode ?? child.signalCode) === null && once(child, 'exit'))
  for (const child of processes) child.kill('SIGTERM')
  await Promise.all(ended)
  machines.kill()
  await sql.end()
  await redis?.stop()
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
}

/** Lets something happen, waits for the balance, and tells what the machines noticed until well after it. */
async function phase(name: string, workers: number, happen: () => void): Promise<void> {
  const startedAt = performance.now()
  happen()
  const balancedMs = await balanced(workers)
  await sleep(Math.max(0, seconds * 1000 - balancedMs))
  const { longestGapMs, missed, late, doubled } = await gaps(performance.now() - startedAt)
  console.log(
    [
      `${name}:`,
      `  balanced after ${(balancedMs / 1000).toFixed(1)} s`,
      `  longest gap between two polls of a machine ${longestGapMs.toFixed(0)} ms, polls missed ${missed}`,
      `  machines that missed more than one poll in a row ${late}, second connections to a machine ${doubled}`,
    ].join('\n'),
  )
}

function start(role: 'api' | 'worker'): ChildProcess {
  const env = {
    ...process.env,
    ROLE: role,
    DATABASE_URL: server.url,
    ...(redis ? { REDIS_URL: redis.url } : {}),
    DATA_DIR: join(directory, 'data'),
    ENCRYPTION_KEYS: `${key.id}:${key.key.toString('base64')}`,
    ADMIN_API_KEY: `bw_${key.key.toString('hex')}`,
    EGRESS_ALLOW: '127.0.0.0/8',
    LOG_LEVEL: 'error',
    PORT: '0',
  }
  const child = fork(join(root, 'src/main.ts'), [], { env })
  processes.add(child)
  return child
}

/** How long it takes until as many workers hold all shards in fair shares, by who raised each epoch last. */
async function balanced(workers: number): Promise<number> {
  const startedAt = performance.now()
  while (performance.now() - startedAt < balanceMsMax) {
    const held = await sql`select count(*)::int as count from shard_leases where holder is not null group by holder`
    const counts = held.map((row) => Number(row['count']))
    const all = counts.reduce((sum, count) => sum + count, 0)
    if (all === shardCount && counts.length === workers && Math.max(...counts) <= Math.ceil(shardCount / workers)) {
      return performance.now() - startedAt
    }
    await sleep(50)
  }
  throw new Error(`not balanced between ${workers} workers within ${balanceMsMax / 1000} s`)
}

async function gaps(forMs: number): Promise<Gaps> {
  machines.send({ ask: 'gaps', forMs })
  const [answer] = await once(machines, 'message')
  return answer as Gaps
}
