import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { hasRedis, startRedis, type TestRedis } from '../setup/redis.ts'
import { startServedFleet } from '../setup/served-fleet.ts'
import { soon } from '../setup/soon.ts'

/** Longer than a lease and, in the form of `npm run test:faults`, shorter than one and long enough for everything to time out. */
const frozenMs = process.env['FAULT_ROUNDS'] === undefined ? [12_000] : [5_000, 45_000, 120_000]
/** What a machine answered to a worker that was just frozen is lost, and what a worker that wakes is told is not stored twice. */
const underWayMs = 2_000

let redis: TestRedis | undefined
let fleet: Awaited<ReturnType<typeof startServedFleet>>
beforeAll(async () => {
  redis = hasRedis ? await startRedis() : undefined
  fleet = await startServedFleet({ machines: 12, workers: 2, ...(redis ? { redisUrl: redis.url } : {}) })
  await fleet.polled()
}, 300_000)
afterAll(async () => {
  await fleet.stop()
  await redis?.stop()
})

it.each(frozenMs)(
  'a worker that is frozen for %d ms and wakes polls, judges and tells nothing twice',
  async (forMs) => {
    const [frozen] = fleet.workers
    const frozenAtMs = performance.now()
    frozen?.child.kill('SIGSTOP')
    // Wrong at any value, so that each machine has one alert for as long as it is polled; who wakes hears of it at once.
    const rule = { name: `Always ${forMs}`, kind: 'threshold', metric: 'additional.serial', above: 0, severity: 'info' }
    await fleet.call('/alert-rules', rule)
    await sleep(forMs)
    frozen?.child.kill('SIGCONT')
    const wokenAtMs = performance.now()
    await frozen?.ready()
    await fleet.polled()
    const pauseMs = fleet.longestPauseMs(frozenAtMs)
    await vi.waitFor(
      () => expect(fleet.machines.map(({ connections }) => connections())).toEqual(fleet.machines.map(() => 1)),
      soon,
    )
    const once = fleet.machines.map(({ id }) => id).toSorted()
    await vi.waitFor(async () => expect(await alertsOf(rule.name)).toEqual(once), soon)
    const { doubled, missingAtMs } = await fleet.judge()
    const figures = { forMs, pauseMs: Math.round(pauseMs), doubled, missing: missingAtMs.length }
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    expect(doubled).toBe(0)
    const isExplained = (atMs: number) => [frozenAtMs, wokenAtMs].some((at) => Math.abs(at - atMs) < underWayMs)
    expect(missingAtMs.filter((atMs) => !isExplained(atMs))).toEqual([])
    expect(await alertsOf(rule.name)).toEqual(once)
    expect(await fleet.sql`select name from equipment where iot_connection_status <> 'connected'`).toEqual([])
    expect(await gapsWithReadings()).toEqual([])
  },
  240_000,
)

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
