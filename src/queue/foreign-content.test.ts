import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '#core'
import { hasRedis, startRedis, type TestRedis } from '../../test/setup/redis.ts'
import { soon } from '../../test/setup/soon.ts'
import { queueBackends, type TestQueue } from '../../test/setup/test-queue.ts'
import { connectQueue, type QueueBackend } from './connect-queue.ts'
import { openLeaseQueue } from './open-lease-queue.ts'
import { ringDoorbell } from './ring-doorbell.ts'
import { startJobWorker } from './start-job-worker.ts'

describe.each(queueBackends)('what others have put into a queue in $name', ({ open }) => {
  let queue: TestQueue
  let backend: QueueBackend
  beforeAll(async () => {
    queue = await open()
  })
  beforeEach(async () => {
    backend = await connectQueue(queue.place, silentLog)
  })
  afterEach(async () => {
    await backend.queue('send-notification').obliterate({ force: true })
    await backend.close()
  })
  afterAll(() => queue.close())

  async function startWorker() {
    const done: string[] = []
    const dropped: unknown[] = []
    const log = { ...silentLog, error: (fields: object) => void dropped.push({ ...fields }) }
    const handle = async ({ notificationId }: { notificationId: string }) => void done.push(notificationId)
    const worker = await startJobWorker(backend, 'send-notification', { handle, concurrency: 1, log })
    return { done, dropped, stop: () => worker.stop() }
  }

  it.each([
    ['data of an older version', 'send-notification', { id: 17, channel: 'webhook' }],
    ['data of a newer version', 'send-notification', { notificationId: randomUUID(), priority: 1 }],
    ['an unknown name', 'send-pigeon', { notificationId: randomUUID() }],
    ['no object', 'send-notification', 'x'],
    ['10 MB', 'send-notification', { notificationId: randomUUID(), body: 'x'.repeat(10_000_000) }],
  ])('with %s is dropped, and what comes after it is done', async (_what, name, data) => {
    await backend.queue('send-notification').add(name, data, { removeOnComplete: true, attempts: 1 })
    const notificationId = randomUUID()
    await ringDoorbell(backend, 'send-notification', { notificationId })
    const worker = await startWorker()
    await vi.waitFor(() => expect(worker.done).toEqual([notificationId]), soon)
    expect(worker.dropped).toMatchObject([{ job: name }])
    await worker.stop()
    expect(await queue.jobsLeft()).toBe(0)
  })

  it('as two schedulers with one id is one, and its jobs are done or dropped like any other', async () => {
    const notificationId = randomUUID()
    const jobs = backend.queue('send-notification')
    const options = { removeOnComplete: true }
    await jobs.upsertJobScheduler('twice', { every: 3_600_000 }, { name: 'send-pigeon', data: {}, opts: options })
    await jobs.upsertJobScheduler(
      'twice',
      { every: 3_600_000 },
      { name: 'send-notification', data: { notificationId }, opts: options },
    )
    expect(await jobs.getJobSchedulersCount()).toBe(1)
    const worker = await startWorker()
    const rung = randomUUID()
    await ringDoorbell(backend, 'send-notification', { notificationId: rung })
    await vi.waitFor(() => expect(worker.done).toContain(rung), soon)
    expect(worker.done.filter((id) => id === notificationId).length).toBeLessThanOrEqual(1)
    await worker.stop()
    await jobs.removeJobScheduler('twice')
  })

  it('as a lease on a shard that there is not is dropped, and the others are given', async () => {
    const leases = await openLeaseQueue(backend, {
      instanceId: randomUUID(),
      lockMs: 3_000,
      stalledMs: 1_000,
      log: silentLog,
    })
    await backend.queue('poll-shard').add('poll-shard', { shard: 64 }, { jobId: 'shard-64' })
    expect(await leases.take(randomUUID())).toBeUndefined()
    await leases.addMissing()
    expect(await leases.take(randomUUID())).toMatchObject({ shard: 0 })
    expect((await leases.count()).total).toBe(64)
    await leases.close()
    await backend.queue('poll-shard').obliterate({ force: true })
  })
})

describe.runIf(hasRedis)('a key of a wrong type in Redis', () => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  it('in the place of who holds what loses no shard for good', async () => {
    const backend = await connectQueue({ redisUrl: redis.url, prefix: 'p' }, silentLog)
    const leases = await openLeaseQueue(backend, {
      instanceId: randomUUID(),
      lockMs: 3_000,
      stalledMs: 1_000,
      log: silentLog,
    })
    await leases.addMissing()
    const held = await leases.take(randomUUID())
    if (!held) throw new Error('no shard waits')
    await redis.admin.set('p:poll-shard:active', 'a text where a list should be')
    await expect(leases.count()).rejects.toThrow('WRONGTYPE')
    await redis.admin.del('p:poll-shard:active')
    expect(await leases.count()).toEqual({ waiting: 63, total: 63 })
    await leases.addMissing()
    expect(await leases.count()).toEqual({ waiting: 64, total: 64 })
    expect(await leases.renew([held])).toEqual([held.shard])
    await leases.close()
    await backend.close()
  })

  it('makes the queue fail without harm, until it is gone', async () => {
    const backend = await connectQueue({ redisUrl: redis.url, prefix: 'p' }, silentLog)
    const done: unknown[] = []
    await redis.admin.set('p:send-notification:wait', 'a text where a list should be')
    const worker = await startJobWorker(backend, 'send-notification', {
      handle: async (payload) => void done.push(payload),
      concurrency: 1,
      log: silentLog,
    })
    await ringDoorbell(backend, 'send-notification', { notificationId: randomUUID() })
    await vi.waitFor(() => expect(backend.working).toBe(false), soon)
    expect(done).toEqual([])
    // Another queue beside it is not concerned.
    const others: unknown[] = []
    const other = await startJobWorker(backend, 'maintain-readings', {
      handle: async (payload) => void others.push(payload),
      concurrency: 1,
      log: silentLog,
    })
    await ringDoorbell(backend, 'maintain-readings', {})
    await vi.waitFor(() => expect(others).toHaveLength(1), soon)

    await redis.admin.del('p:send-notification:wait')
    const rung = { notificationId: randomUUID() }
    await vi.waitFor(async () => {
      await ringDoorbell(backend, 'send-notification', rung)
      expect(done).toContainEqual(rung)
    }, soon)
    await Promise.all([worker.stop(), other.stop()])
    await backend.close()
  })
})
