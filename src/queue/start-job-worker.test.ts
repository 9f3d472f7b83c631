import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { silentLog } from '#core'
import { soon } from '../../test/setup/soon.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { connectQueue, type QueueBackend } from './connect-queue.ts'
import type { Payload } from './jobs.ts'
import { ringDoorbell } from './ring-doorbell.ts'
import { type JobHandler, type RunningJobWorker, startJobWorker } from './start-job-worker.ts'

type Handler = JobHandler<'send-notification'>

let database: TemporaryDatabase
let admin: Client
let backend: QueueBackend
const running: RunningJobWorker[] = []

beforeAll(async () => {
  database = await createTemporaryDatabase()
  admin = new Client({ connectionString: database.url })
  await admin.connect()
})

beforeEach(async () => {
  backend = await connectQueue({ databaseUrl: database.url }, silentLog)
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.stop()))
  await backend.close()
  await admin.query('delete from bullmq.job')
})

afterAll(async () => {
  await admin.end()
  await database.drop()
})

async function start(handle: Handler): Promise<RunningJobWorker> {
  const worker = await startJobWorker(backend, 'send-notification', { handle, concurrency: 2, log: silentLog })
  running.push(worker)
  return worker
}

const ring = (notificationId: string) => ringDoorbell(backend, 'send-notification', { notificationId })

async function jobsLeft(): Promise<number> {
  return (await admin.query('select id from bullmq.job')).rows.length
}

it('does what is rung for, once for each ring that waits, and leaves nothing in the queue', async () => {
  const [first, second] = [randomUUID(), randomUUID()]
  await Promise.all([ring(first), ring(first), ring(second)])
  await ring(first)
  const done: string[] = []
  await start(async ({ notificationId }) => void done.push(notificationId))
  await vi.waitUntil(async () => (await jobsLeft()) === 0, soon)
  expect(done.toSorted()).toEqual([first, second].toSorted())
})

it('hears a ring while it waits', async () => {
  const done: Payload<'send-notification'>[] = []
  await start(async (payload) => void done.push(payload))
  const notificationId = randomUUID()
  await ring(notificationId)
  await vi.waitUntil(() => done.length > 0, soon)
  expect(done).toEqual([{ notificationId }])
})

it('tries again what failed', async () => {
  let tries = 0
  await start(async () => {
    tries += 1
    if (tries === 1) throw new Error('the first try fails')
  })
  await ring(randomUUID())
  await vi.waitUntil(async () => (await jobsLeft()) === 0, soon)
  expect(tries).toBe(2)
})

it.each([
  { what: 'a malformed payload', name: 'send-notification', data: { notificationId: 17 } },
  { what: 'an unknown name', name: 'send-pigeon', data: { notificationId: randomUUID() } },
])('drops a job with $what without calling the handler', async ({ name, data }) => {
  const handled = vi.fn<Handler>()
  // A second try would leave it in the queue for an hour.
  const backoff = { type: 'fixed', delay: 3_600_000 }
  await backend.queue('send-notification').add(name, data, { attempts: 3, backoff, removeOnComplete: true })
  await start(handled)
  await vi.waitUntil(async () => (await jobsLeft()) === 0, soon)
  expect(handled).not.toHaveBeenCalled()
})

it('goes on after the database has cut all connections', async () => {
  const done: string[] = []
  await start(async ({ notificationId }) => void done.push(notificationId))
  await ring(randomUUID())
  await vi.waitUntil(() => done.length === 1, soon)
  await admin.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await vi.waitUntil(async () => {
    await ring(randomUUID())
    return done.length > 1
  }, soon)
})

it('lets work under way finish when it stops', async () => {
  let finished = false
  const worker = await start(async () => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    finished = true
  })
  await ring(randomUUID())
  await vi.waitUntil(
    async () => (await admin.query(`select from bullmq.job where state = 'active'`)).rows.length === 1,
    soon,
  )
  await worker.stop()
  expect(finished).toBe(true)
  expect(await jobsLeft()).toBe(0)
})

it('aborts work that does not finish when it stops, and leaves it to be tried again', async () => {
  const aborted = vi.fn()
  const worker = await start(
    (_payload, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted()
          reject(new Error('aborted'))
        })
      }),
  )
  await ring(randomUUID())
  await vi.waitUntil(
    async () => (await admin.query(`select from bullmq.job where state = 'active'`)).rows.length === 1,
    soon,
  )
  await worker.stop()
  expect(aborted).toHaveBeenCalledOnce()
  expect(await jobsLeft()).toBe(1)
})
