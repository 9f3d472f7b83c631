import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { hasRedis, startRedis, type TestRedis } from '../setup/redis.ts'
import { startServedFleet } from '../setup/served-fleet.ts'
import { soon } from '../setup/soon.ts'

/** Shorter than a lease, longer than a lease and, in the form of `npm run test:faults`, long enough for everything to time out. */
const frozenMs = process.env['FAULT_ROUNDS'] === undefined ? [3_000, 12_000] : [5_000, 45_000, 120_000]
/** What was on its way to a frozen worker may have timed out when it wakes. */
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
  'a worker that is frozen for %d ms and wakes polls and judges nothing twice',
  async (forMs) => {
    // Wrong at any value, so that each machine has one alert for as long as it is polled.
    const rule = { name: `Always ${forMs}`, kind: 'threshold', metric: 'additional.serial', above: 0, severity: 'info' }
    await fleet.call('/alert-rules', rule)
    const [frozen] = fleet.workers
    const frozenAtMs = performance.now()
    frozen?.child.kill('SIGSTOP')
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
    await vi.waitFor(async () => expect(await alertsOf(rule.name)).toHaveLength(fleet.machines.length), soon)
    const { doubled, missingAtMs } = await fleet.judge()
    const figures = { forMs, pauseMs: Math.round(pauseMs), doubled, missing: missingAtMs.length }
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    expect(doubled).toBe(0)
    const isExplained = (atMs: number) => [frozenAtMs, wokenAtMs].some((at) => Math.abs(at - atMs) < underWayMs)
    expect(missingAtMs.filter((atMs) => !isExplained(atMs))).toEqual([])
    const alerts = await alertsOf(rule.name)
    expect(new Set(alerts.map((alert) => alert.equipment_id)).size).toBe(alerts.length)
  },
  240_000,
)

const alertsOf = (ruleName: string) => fleet.sql<{ equipment_id: string }[]>`
  select alert.equipment_id from equipment_iot_alerts alert join alert_rules rule on rule.id = alert.rule_id where rule.name = ${ruleName}`
