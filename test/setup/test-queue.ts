import { Client } from 'pg'
import type { QueuePlace } from '#queue'
import { hasRedis, startRedis } from './redis.ts'
import { createTemporaryDatabase } from './temporary-database.ts'

/** A place for queues of a test's own, and what can happen to it. */
export interface TestQueue {
  readonly place: QueuePlace
  jobsLeft(): Promise<number>
  /** Everything that the queue holds is gone, and nobody is told. */
  empty(): Promise<void>
  cutAllConnections(): Promise<void>
  /** It keeps its connections and answers nothing, until the returned function is called. */
  freeze(): Promise<() => Promise<void>>
  close(): Promise<void>
}

interface Backend {
  readonly name: 'PostgreSQL' | 'Redis'
  readonly open: () => Promise<TestQueue>
}

/** Where a queue can be kept on this machine. */
export const queueBackends: readonly Backend[] = [
  { name: 'PostgreSQL', open: openOnPostgres },
  ...(hasRedis ? [{ name: 'Redis', open: openOnRedis } as const] : []),
]

async function openOnPostgres(): Promise<TestQueue> {
  const database = await createTemporaryDatabase()
  const admin = new Client({ connectionString: database.url })
  await admin.connect()
  return {
    place: { databaseUrl: database.url },
    jobsLeft: async () => (await admin.query('select id from bullmq.job')).rows.length,
    async empty() {
      const { rows } = await admin.query(`select to_regclass('bullmq.job') is not null as made`)
      if (rows[0].made) await admin.query('truncate bullmq.job, bullmq.meta, bullmq.event cascade')
    },
    async cutAllConnections() {
      await admin.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
    },
    async freeze() {
      const blocker = new Client({ connectionString: database.url })
      await blocker.connect()
      await blocker.query('begin; lock table bullmq.job in access exclusive mode')
      return () => blocker.end()
    },
    async close() {
      await admin.end()
      await database.drop()
    },
  }
}

async function openOnRedis(): Promise<TestQueue> {
  const redis = await startRedis()
  const prefix = 'test'
  return {
    place: { redisUrl: redis.url, prefix },
    jobsLeft: async () => (await redis.admin.keys(`${prefix}:send-notification:????????-*`)).length,
    async empty() {
      await redis.admin.flushall()
    },
    async cutAllConnections() {
      await redis.admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    },
    async freeze() {
      redis.signal('SIGSTOP')
      return async () => redis.signal('SIGCONT')
    },
    close: () => redis.stop(),
  }
}
