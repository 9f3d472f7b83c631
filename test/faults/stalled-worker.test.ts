import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { hasRedis, startRedis, type TestRedis } from '../setup/redis.ts'
import { startServedFleet } from '../setup/served-fleet.ts'
import { soon } from '../setup/soon.ts'

/** Longer than a lease; in the form of `npm run test:faults` shorter than one, and long enough for everything to time out, too. */
const isLong = process.env['FAULT_ROUNDS'] !== undefined
const faults = isLong
  ? [frozen(5_000), frozen(45_000), frozen(120_000), busy(40_000), crowded(30_000)]
  : [frozen(12_000), busy(12_000)]
/** What a machine answered to a worker that just stalled is lost, and what a worker that wakes is told is not stored twice. */
const underWayMs = 2_000

let redis: TestRedis | undefined
let fleet: Awaited<ReturnType<typeof startServedFleet>>
const directory = mkdtempSync(join(tmpdir(), 'bakewire-stalled-'))
const busyFile = join(directory, 'busy-ms')
beforeAll(async () => {
  redis = hasRedis ? await startRedis() : undefined
  const connectors = join(directory, 'connectors')
  mkdirSync(join(connectors, 'busy'), { recursive: true })
  copyFileSync(join(import.meta.dirname, 'busy-connector.child.ts'), join(connectors, 'busy/index.ts'))
  const settings = { CONNECTOR_DIRS: connectors }
  fleet = await startServedFleet({ machines: 12, workers: 2, settings, ...(redis ? { redisUrl: redis.url } : {}) })
  const { id = '' } = await fleet.call('/equipment', { name: 'Busy', type: 'other' })
  const additional_config = { file: busyFile }
  const configuration = { protocol: 'busy', endpoint: '127.0.0.1', poll_interval_seconds: 1, additional_config }
  await fleet.call(`/equipment/${id}/iot-config`, configuration)
  await fleet.polled()
}, 300_000)
afterAll(async () => {
  await fleet.stop()
  await redis?.stop()
  rmSync(directory, { recursive: true, force: true })
})

it.each(faults)(
  'a worker that $name for $forMs ms and goes on polls, judges and tells nothing twice',
  async ({ name, forMs, stall }) => {
    const stalledAtMs = performance.now()
    const goOn = await stall()
    // Wrong at any value, so that each machine has one alert for as long as it is polled; who goes on hears of it at once.
    const title = `Always: ${name} ${forMs}`
    const rule = { name: title, kind: 'threshold', metric: 'additional.serial', above: 0, severity: 'info' }
    await fleet.call('/alert-rules', rule)
    await sleep(stalledAtMs + forMs - performance.now())
    goOn()
    const wentOnAtMs = performance.now()
    await Promise.all(fleet.workers.map((worker) => worker.ready()))
    await fleet.polled()
    const pauseMs = fleet.longestPauseMs(stalledAtMs)
    await vi.waitFor(
      () => expect(fleet.machines.map(({ connections }) => connections())).toEqual(fleet.machines.map(() => 1)),
      soon,
    )
    const once = fleet.machines.map(({ id }) => id).toSorted()
    await vi.waitFor(async () => expect(await alertsOf(title)).toEqual(once), soon)
    const { doubled, missingAtMs } = await fleet.judge()
    const figures = { name, forMs, pauseMs: Math.round(pauseMs), doubled, missing: missingAtMs.length }
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    expect(doubled).toBe(0)
    const isExplained = (atMs: number) => [stalledAtMs, wentOnAtMs].some((at) => Math.abs(at - atMs) < underWayMs)
    expect(missingAtMs.filter((atMs) => !isExplained(atMs))).toEqual([])
    expect(await alertsOf(title)).toEqual(once)
    expect(await fleet.sql`select name from equipment where iot_connection_status <> 'connected'`).toEqual([])
    expect(await gapsWithReadings()).toEqual([])
  },
  240_000,
)

function frozen(forMs: number) {
  const stall = async () => {
    const [worker] = fleet.workers
    worker?.child.kill('SIGSTOP')
    return () => void worker?.child.kill('SIGCONT')
  }
  return { name: 'is frozen', forMs, stall }
}

/** Whichever polls the busy machine. */
function busy(forMs: number) {
  const stall = async () => {
    writeFileSync(`${busyFile}.new`, String(forMs))
    renameSync(`${busyFile}.new`, busyFile)
    await vi.waitFor(() => expect(existsSync(busyFile)).toBe(false), soon)
    return () => undefined
  }
  return { name: 'is kept busy by a connector', forMs, stall }
}

/** Two loops that want a processor each. */
function crowded(forMs: number) {
  const stall = async () => {
    const loops = [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
    return () => loops.forEach((loop) => void loop.kill('SIGKILL'))
  }
  return { name: 'is crowded by other programs', forMs, stall }
}

async function alertsOf(ruleName: string): Promise<string[]> {
  const rows = await fleet.sql<{ id: string }[]>`
    select alert.equipment_id as id from equipment_iot_alerts alert join alert_rules rule on rule.id = alert.rule_id
    where rule.name = ${ruleName} order by id`
  return rows.map(({ id }) => id)
}

/** Gaps that one worker found while another was reading, or that nobody ends. */
const gapsWithReadings = () => fleet.sql`
  select reason, started_at, ended_at from equipment_gaps g
  where ended_at is null or exists (select from equipment_sensor_readings r
    where r.equipment_id = g.equipment_id and r.reading_time > g.started_at and r.reading_time < g.ended_at)`
