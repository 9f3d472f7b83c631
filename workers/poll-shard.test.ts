import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { shardCount, silentLog, systemClock } from '#core'
import { connectQueue, type QueueBackend } from '#queue'
import { soon } from '../test/setup/soon.ts'
import { queueBackends, type TestQueue } from '../test/setup/test-queue.ts'
import { pollShard } from './poll-shard.ts'

/** Half of what is used in earnest, so that the suite is quick and a busy machine still renews in time. */
const timing = { lockMs: 3_000, stalledMs: 1_000, tickMs: 100 }

let queue: TestQueue
const cleanUps: (() => Promise<unknown> | unknown)[] = []

/** Who polls each shard, and what must never happen. */
function watchPolling() {
  const pollers = new Map<number, Set<string>>()
  const doubled: number[] = []
  const pollersOf = (shard: number) => pollers.get(shard) ?? pollers.set(shard, new Set()).get(shard) ?? new Set()
  return {
    doubled,
    start: (shard: number, instanceId: string) => {
      if (pollersOf(shard).size > 0) doubled.push(shard)
      pollersOf(shard).add(instanceId)
    },
    end: (shard: number, instanceId: string) => void pollersOf(shard).delete(instanceId),
    unpolled: () =>
      Array.from({ length: shardCount }, (_, shard) => shard).filter((shard) => pollersOf(shard).size === 0),
  }
}

type Polling = ReturnType<typeof watchPolling>

/** Closing links takes longer than a tick, so that handing over too early would be seen. */
const closeLinks = () => sleep(2 * timing.tickMs)

async function startWorker(polling: Polling, close: () => Promise<unknown> = closeLinks) {
  const instanceId = randomUUID()
  const backend: QueueBackend = await connectQueue(queue.place, silentLog)
  const counts = { taken: 0, adopted: 0, released: 0 }
  const shards = await pollShard(backend, {
    ...timing,
    instanceId,
    clock: systemClock,
    log: silentLog,
    onTaken: (shard) => {
      counts.taken += 1
      polling.start(shard, instanceId)
    },
    onAdopted: () => {
      counts.adopted += 1
    },
    onReleased: async (shard) => {
      counts.released += 1
      await close()
      polling.end(shard, instanceId)
    },
  })
  cleanUps.push(() => shards.stop().then(() => backend.close()))
  return { ...shards, instanceId, counts, leases: () => shards.health().held }
}

/** A worker in a process of its own; `polled` follows what it prints. */
function startHolder() {
  const instanceId = randomUUID()
  const { lockMs, stalledMs, tickMs } = timing
  const script = fileURLToPath(new URL('./poll-shard.holder.ts', import.meta.url))
  const child: ChildProcess = spawn(
    process.execPath,
    [script, JSON.stringify(queue.place), instanceId, String(lockMs), String(stalledMs), String(tickMs)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  cleanUps.push(() => child.kill('SIGKILL'))
  const polled = new Set<number>()
  if (child.stdout === null) throw new Error('The holder has no output.')
  createInterface(child.stdout).on('line', (line) => {
    const [change, shard] = line.split(' ')
    if (change === 'taken') polled.add(Number(shard))
    if (change === 'released') polled.delete(Number(shard))
  })
  return { child, polled, instanceId }
}

describe.each(queueBackends)('on $name', ({ open }) => {
  beforeAll(async () => {
    queue = await open()
  })
  beforeEach(() => queue.empty())
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  })
  afterAll(() => queue.close())

  describe('sharing', () => {
    it('gives all shards to the first worker', async () => {
      const worker = await startWorker(watchPolling())
      await vi.waitUntil(() => worker.held.size === shardCount, soon)
      expect(worker.health()).toMatchObject({ held: shardCount, orphaned: 0, members: 1 })
    })

    it('splits them fairly among those that join, and back when they leave, never two polling one shard', async () => {
      const polling = watchPolling()
      const first = await startWorker(polling)
      await vi.waitUntil(() => first.leases() === 64, soon)
      const second = await startWorker(polling)
      await vi.waitUntil(() => first.leases() === 32 && second.leases() === 32, soon)
      const third = await startWorker(polling)
      const workers = [first, second, third]
      await vi.waitUntil(() => workers.every((worker) => worker.leases() >= 20), soon)
      expect(workers.reduce((sum, worker) => sum + worker.leases(), 0)).toBe(64)
      expect(first.health().members).toBe(3)

      await Promise.all([second.stop(), third.stop()])
      expect(second.held.size + third.held.size).toBe(0)
      await vi.waitUntil(() => first.leases() === 64, soon)
      expect(polling.unpolled()).toEqual([])
      expect(polling.doubled).toEqual([])
      expect(first.health().members).toBe(1)
    })

    it('gives each shard to one of several that start at the same moment', async () => {
      const polling = watchPolling()
      const workers = await Promise.all([startWorker(polling), startWorker(polling)])
      await vi.waitUntil(() => workers.every((worker) => worker.leases() === 32), soon)
      expect(polling.unpolled()).toEqual([])
      expect(polling.doubled).toEqual([])
    })
  })

  describe('a worker that', () => {
    it('is killed is followed by another', async () => {
      const { child, polled } = startHolder()
      await vi.waitUntil(() => polled.size === shardCount, soon)
      child.kill('SIGKILL')
      const worker = await startWorker(watchPolling())
      expect(worker.held.size).toBe(0)
      await vi.waitUntil(() => worker.leases() === shardCount, soon)
    })

    it('is killed beside another is followed by that', async () => {
      const polling = watchPolling()
      const worker = await startWorker(polling)
      const { child, polled } = startHolder()
      await vi.waitUntil(() => worker.leases() === 32 && polled.size === 32, soon)
      child.kill('SIGKILL')
      await vi.waitUntil(() => worker.leases() === shardCount, soon)
      expect(worker.health().members).toBe(1)
    })

    it('is frozen loses its shards, stops polling them when it wakes, and gets its share again', async () => {
      const polling = watchPolling()
      const worker = await startWorker(polling)
      const { child, polled } = startHolder()
      await vi.waitUntil(() => worker.leases() === 32 && polled.size === 32, soon)
      const frozen = [...polled]
      child.kill('SIGSTOP')
      await vi.waitUntil(() => worker.leases() === shardCount, soon)
      expect(polled.size).toBe(32)

      const released = new Set<number>()
      const remove = polled.delete.bind(polled)
      polled.delete = (shard) => released.add(shard) && remove(shard)
      child.kill('SIGCONT')
      await vi.waitUntil(() => frozen.every((shard) => released.has(shard)), soon)
      await vi.waitUntil(() => worker.leases() === 32 && polled.size === 32, soon)
    })

    it('does not stop polling in time keeps its other shards and hands over all the same', async () => {
      const first = await startWorker(watchPolling(), () => new Promise(() => undefined))
      await vi.waitUntil(() => first.leases() === shardCount, soon)
      const second = await startWorker(watchPolling())
      const goesOn = () => first.health().lastGoodTickAgeMs < 10 * timing.tickMs
      await vi.waitUntil(() => first.leases() === 32 && second.leases() === 32 && goesOn(), soon)
      await first.stop()
      await vi.waitUntil(() => second.leases() === shardCount, soon)
    })
  })

  describe('a queue that', () => {
    it('cuts all connections costs no shard', async () => {
      const worker = await startWorker(watchPolling())
      await vi.waitUntil(() => worker.leases() === shardCount, soon)
      for (let cut = 0; cut < 5; cut += 1) {
        await queue.cutAllConnections()
        await sleep(timing.lockMs / 6)
      }
      await sleep(timing.lockMs / 2)
      expect(worker.health()).toMatchObject({ held: shardCount, orphaned: 0 })
      expect(worker.counts).toEqual({ taken: shardCount, adopted: 0, released: 0 })
    })

    it('loses everything is filled again, and polling goes on meanwhile', async () => {
      const polling = watchPolling()
      const worker = await startWorker(polling)
      await vi.waitUntil(() => worker.leases() === shardCount, soon)
      await queue.empty()
      await vi.waitUntil(() => worker.counts.adopted === shardCount, soon)
      expect(worker.health()).toMatchObject({ held: shardCount, orphaned: 0 })
      expect(worker.counts).toEqual({ taken: shardCount, adopted: shardCount, released: 0 })
    })

    it('loses everything of two workers leaves each shard with one of them', async () => {
      const polling = watchPolling()
      const workers = await Promise.all([startWorker(polling), startWorker(polling)])
      await vi.waitUntil(() => workers.every((worker) => worker.leases() === 32), soon)
      await queue.empty()
      const unpolledSince = new Map<number, number>()
      let longestMs = 0
      const look = () => {
        const unpolled = polling.unpolled()
        for (const shard of unpolledSince.keys()) if (!unpolled.includes(shard)) unpolledSince.delete(shard)
        for (const shard of unpolled) {
          const since = unpolledSince.get(shard) ?? performance.now()
          unpolledSince.set(shard, since)
          longestMs = Math.max(longestMs, performance.now() - since)
        }
      }
      await vi.waitUntil(() => {
        look()
        return workers.some((worker) => worker.counts.adopted > 0)
      }, soon)
      await vi.waitUntil(() => {
        look()
        const [first, second] = workers.map((worker) => worker.held)
        const settled = workers.every((worker) => worker.leases() === 32 && worker.health().orphaned === 0)
        return settled && first && second && first.isDisjointFrom(second)
      }, soon)
      // One of them may take all before it sees the other again; what it hands over then rests for a few ticks.
      expect(longestMs).toBeLessThan(timing.lockMs)
      expect(polling.unpolled()).toEqual([])
    })

    it('does not answer neither stops the polling nor holds up the end', async () => {
      const worker = await startWorker(watchPolling())
      await vi.waitUntil(() => worker.leases() === shardCount, soon)
      const thaw = await queue.freeze()
      cleanUps.push(thaw)
      await vi.waitUntil(() => worker.health().lastGoodTickAgeMs > timing.lockMs, soon)
      expect(worker.held.size).toBe(shardCount)
      await worker.stop()
      expect(worker.held.size).toBe(0)
      expect(worker.counts.released).toBe(shardCount)
    })
  })
})
