import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { processUsage } from '../bench/poll/process-usage.ts'
import { type OwnPostgres, startOwnPostgres } from '../setup/own-postgres.ts'
import { startServedFleet } from '../setup/served-fleet.ts'

/** The long form of `npm run test:faults`: 200 readings a second, the first fault lasts ten minutes, the others one. */
const isLong = process.env['FAULT_ROUNDS'] !== undefined
const machines = isLong ? 200 : 12
const outageMs = isLong ? 600_000 : 8_000
const faultMs = isLong ? 60_000 : 6_000
/** What waits is stored within this after the fault, and a busy machine may take long. */
const drained = { timeout: 60_000, interval: 100 }

let server: OwnPostgres
let fleet: Awaited<ReturnType<typeof startServedFleet>>
beforeAll(async () => {
  server = await startOwnPostgres()
  fleet = await startServedFleet({ machines, workers: 2, databaseUrl: server.url })
  await fleet.polled()
  for (const answer of [await newestValues(), await listedValues()]) expect(answer.status).toBe(200)
  // What a process takes in its first minutes is not what a fault costs.
  if (isLong) await sleep(120_000)
}, 300_000)
afterAll(async () => {
  await fleet.stop()
  await server.stop()
})

/** A fault and how long it lasts; `away` is asked while the database does not answer. */
type Fault = (away: () => Promise<void>) => Promise<void>

const faults: Record<string, Fault> = {
  async 'is stopped and started again'(away) {
    await server.end()
    await sleep(outageMs)
    await away()
    await server.startAgain()
  },
  async 'is killed and started again'(away) {
    await server.kill()
    await sleep(faultMs)
    await away()
    await server.startAgain()
  },
  async 'is frozen'(away) {
    server.signal('SIGSTOP')
    await sleep(faultMs)
    await away()
    server.signal('SIGCONT')
  },
  async 'cuts its connections again and again'() {
    for (const untilMs = performance.now() + faultMs; performance.now() < untilMs; await sleep(200))
      await asAdmin(
        (sql) => sql`
        select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      )
  },
  async 'takes no writes'() {
    const readOnly = (value: 'on' | 'off') =>
      asAdmin(async (sql) => {
        await sql.unsafe(`alter system set default_transaction_read_only = ${value}`)
        await sql`select pg_reload_conf()`
      })
    await readOnly('on')
    await sleep(faultMs)
    await readOnly('off')
  },
  async 'has its readings locked'() {
    await asAdmin((sql) =>
      sql.begin(async (transaction) => {
        await transaction`lock table equipment_sensor_readings in access exclusive mode`
        await sleep(faultMs)
      }),
    )
  },
}

it.each(Object.keys(faults))(
  'a database that %s costs no reading: each value served is stored once, and polling goes on meanwhile',
  async (name) => {
    const sinceMs = performance.now()
    const memoryBefore = workersMiB()
    let memoryMax = memoryBefore
    const watching = setInterval(() => {
      memoryMax = memoryMax.map((most, index) => Math.max(most, workersMiB()[index] ?? 0))
    }, 500)
    await faults[name]?.(expectHonestAnswers)
    const endedMs = performance.now()
    const polls = fleet.machines.map(({ servedAtMs }) => servedAtMs.filter((atMs) => atMs > sinceMs).length)
    await vi.waitFor(async () => expect((await fleet.judge()).missingAtMs).toEqual([]), drained)
    await fleet.polled()
    const drainedMs = performance.now() - endedMs
    await vi.waitFor(async () => expect((await fleet.judge()).missingAtMs).toEqual([]), drained)
    clearInterval(watching)
    const growthMiB = memoryMax.map((most, index) => Math.round(most - (memoryBefore[index] ?? 0)))
    const { doubled } = await fleet.judge()
    const figures = { lastedMs: endedMs - sinceMs, drainedMs, pauseMs: fleet.longestPauseMs(sinceMs) }
    process.stdout.write(`${name}: ${JSON.stringify({ ...rounded(figures), growthMiB, doubled })}\n`)
    expect(doubled).toBe(0)
    // Every second, and a busy machine may let some pass.
    expect(Math.min(...polls)).toBeGreaterThan((endedMs - sinceMs) / 1_000 / 2)
    await vi.waitFor(
      () => expect(fleet.machines.map(({ connections }) => connections())).toEqual(fleet.machines.map(() => 1)),
      drained,
    )
  },
  Math.max(outageMs, faultMs) + 200_000,
)

const listedValues = () => fleet.get('/realtime-data?limit=3')
const newestValues = () => fleet.get(`/equipment/${fleet.machines[0]?.id}/realtime-data`)

/** What the api says of a database that does not answer. */
async function expectHonestAnswers(): Promise<void> {
  const { origin } = fleet.api
  expect((await fetch(`${origin}/health/live`)).status).toBe(200)
  const history = await fleet.get(`/equipment/${fleet.machines[0]?.id}/sensor-history`)
  expect(history.status).toBe(503)
  expect(Number(history.headers.get('retry-after'))).toBeGreaterThan(0)
  const newest = await newestValues()
  expect(newest.status).toBe(200)
  const stale = { stale: true, additional: { serial: expect.any(Number) } }
  expect(await newest.json()).toMatchObject(stale)
  const listed = await listedValues()
  expect(listed.status).toBe(200)
  expect(await listed.json()).toMatchObject({ items: [stale, stale, stale], next_cursor: expect.any(String) })
  // A page that nobody has asked for is not known.
  expect((await fleet.get('/realtime-data?limit=2')).status).toBe(503)
}

async function asAdmin(work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(server.url, {
    max: 1,
    onnotice: () => undefined,
    connection: { default_transaction_read_only: false },
  })
  try {
    await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

const workersMiB = () => fleet.workers.map(({ child }) => processUsage(child.pid ?? 0).rssMiB)
const rounded = (figures: Record<string, number>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.round(value)]))
