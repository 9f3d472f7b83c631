import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { shardCount } from '#core'
import { hasRedis, startRedis, type TestRedis } from '../setup/redis.ts'
import { startServedFleet } from '../setup/served-fleet.ts'
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts'

/** How long a fault lasts: longer than a lease and any take-over, two minutes in the form of `npm run test:faults`. */
const isLong = process.env['FAULT_ROUNDS'] !== undefined
const faultMs = isLong ? 120_000 : 10_000
/** Principle 1 of the queue: what it lost heals by itself. */
const healed = { timeout: 30_000, interval: 50 }
/** The bound of a take-over. Mostly it is under 3 s; a pause of 5.8 s was seen once, whose cause is not known. */
const pauseMsMax = 8_000

describe.runIf(hasRedis)('a queue in Redis that', () => {
  let redis: TestRedis
  let wire: TcpProxy
  let fleet: Awaited<ReturnType<typeof startServedFleet>>

  beforeAll(async () => {
    redis = await startRedis()
    wire = await startTcpProxy({ host: '127.0.0.1', port: Number(new URL(redis.url).port) })
    fleet = await startServedFleet({ machines: 12, workers: 2, redisUrl: `redis://127.0.0.1:${wire.port}` })
    await fleet.polled()
    await everyShardHeld()
  }, 300_000)
  afterAll(async () => {
    await fleet.stop()
    await wire.stop()
    await redis.stop()
  })

  const keysOf = (name: string) => redis.admin.keys(`bakewire:*:poll-shard:${name}`)
  async function everyShardHeld(): Promise<number> {
    const startedAt = performance.now()
    await vi.waitFor(async () => {
      const lengths = await Promise.all((await keysOf('active')).map((key) => redis.admin.llen(key)))
      expect(lengths).toEqual([shardCount])
      for (const { origin } of fleet.workers) {
        const { parts } = (await (await fetch(`${origin}/health/ready`)).json()) as { parts: Record<string, unknown> }
        expect(parts).toMatchObject({ queue: { state: 'ok' }, polling: { state: 'ok' } })
      }
    }, healed)
    return performance.now() - startedAt
  }

  const faults: Record<string, () => Promise<unknown>> = {
    'is killed and comes back empty': () => redis.restart(faultMs),
    'is emptied': () => redis.admin.flushall(),
    async 'is frozen'() {
      redis.signal('SIGSTOP')
      await sleep(faultMs)
      redis.signal('SIGCONT')
    },
    async 'is at the other end of connections that are open and dead'() {
      wire.freeze()
      wire.mend()
      await sleep(faultMs)
    },
    async 'has no memory left'() {
      await redis.admin.config('SET', 'maxmemory', '1mb')
      await sleep(faultMs)
      await redis.admin.config('SET', 'maxmemory', '0')
    },
    async 'has become a replica that takes no writes'() {
      await redis.admin.replicaof('127.0.0.1', 1)
      await sleep(faultMs)
      await redis.admin.replicaof('NO', 'ONE')
    },
    async 'has a text where the list of holders was'() {
      const [active = ''] = await keysOf('active')
      await redis.admin.set(active, 'a text')
      await sleep(faultMs)
      await redis.admin.del(active)
    },
  }

  it.each(Object.keys(faults))(
    '%s costs no poll and no row, and every shard has a holder again',
    async (name) => {
      const sinceMs = performance.now()
      await faults[name]?.()
      const healedMs = await everyShardHeld()
      await fleet.polled()
      const pauseMs = fleet.longestPauseMs(sinceMs)
      // The last batch of who held a shard may come after the first of its next holder.
      await vi.waitFor(async () => {
        const { missingAtMs } = await fleet.judge()
        expect(missingAtMs.map((atMs) => `served ${Math.round(atMs - sinceMs)} ms after the fault began`)).toEqual([])
      }, healed)
      const { doubled } = await fleet.judge()
      const figures = { healedMs: Math.round(healedMs), pauseMs: Math.round(pauseMs), doubled }
      process.stdout.write(`${name}: ${JSON.stringify(figures)}\n`)
      expect(pauseMs).toBeLessThan(pauseMsMax)
      expect(doubled).toBe(0)
      expect(fleet.machines.map(({ connections }) => connections())).toEqual(fleet.machines.map(() => 1))
    },
    faultMs + 90_000,
  )
})
