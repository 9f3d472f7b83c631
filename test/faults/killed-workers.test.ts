import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { hasRedis, startRedis, type TestRedis } from '../setup/redis.ts'
import { startServedFleet } from '../setup/served-fleet.ts'
import { soon } from '../setup/soon.ts'

/** The long form of `npm run test:faults`: ten minutes, a worker killed every 20 s. */
const isLong = process.env['FAULT_ROUNDS'] !== undefined
const kills = isLong ? 30 : 2
const killEveryMs = 20_000
/** What a killed worker has read and not spooled is lost: a batch is gathered for 250 ms. This is wider, for busy processors, and excuses more. */
const unspooledMs = 2_000

let redis: TestRedis | undefined
let fleet: Awaited<ReturnType<typeof startServedFleet>>
beforeAll(async () => {
  redis = hasRedis ? await startRedis() : undefined
  fleet = await startServedFleet({ machines: 12, workers: 3, ...(redis ? { redisUrl: redis.url } : {}) })
  await fleet.polled()
}, 300_000)
afterAll(async () => {
  await fleet.stop()
  await redis?.stop()
})

it(
  `loses only what was served within two seconds of a kill, and doubles nothing, while ${kills} workers are killed one after another`,
  async () => {
    const killedAtMs: number[] = []
    const pausesMs: number[] = []
    for (let kill = 0; kill < kills; kill += 1) {
      const atMs = performance.now()
      killedAtMs.push(atMs)
      await fleet.workers[kill % 3]?.kill('SIGKILL')
      const replaced = fleet.startWorker()
      await vi.waitFor(
        () => expect(fleet.machines.every(({ servedAtMs }) => (servedAtMs.at(-1) ?? 0) > atMs + 1_500)).toBe(true),
        soon,
      )
      fleet.workers[kill % 3] = await replaced
      const pauseMs = Math.round(fleet.longestPauseMs(atMs))
      pausesMs.push(pauseMs)
      process.stdout.write(`kill ${kill + 1}: longest pause of a machine ${pauseMs} ms\n`)
      if (isLong) await sleep(Math.max(0, atMs + killEveryMs - performance.now()))
    }
    await fleet.polled()
    const { doubled, missingAtMs } = await fleet.judge()
    process.stdout.write(
      `${JSON.stringify({ kills, longestMs: Math.max(...pausesMs), doubled, missing: missingAtMs.length })}\n`,
    )
    expect(doubled).toBe(0)
    const unexplained = missingAtMs.filter((atMs) => !killedAtMs.some((at) => Math.abs(at - atMs) < unspooledMs))
    expect(unexplained).toEqual([])
    expect(fleet.machines.map(({ connections }) => connections())).toEqual(fleet.machines.map(() => 1))
    expect(await failedJobs()).toBe(0)
  },
  kills * 40_000 + 60_000,
)

/** Jobs that a queue has given up, of every kind. */
async function failedJobs(): Promise<number> {
  if (redis === undefined) {
    const rows = await fleet.sql<{ failed: number }[]>`
      select count(*)::integer as failed from bullmq.job where state = 'failed'`
    return rows[0]?.failed ?? 0
  }
  const { admin } = redis
  const counts = await Promise.all((await admin.keys('*:failed')).map((key) => admin.zcard(key)))
  return counts.reduce((sum, count) => sum + count, 0)
}
