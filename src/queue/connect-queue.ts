import { setTimeout } from 'node:timers/promises'
import { type IQueueBackend, type JobProgress, type Processor, Queue, Worker, type WorkerOptions } from 'bullmq'
import { BakewireError, type Log } from '#core'
import { type JobName, jobNames } from './jobs.ts'
import { openPostgresStorage } from './open-postgres-storage.ts'
import { openRedisStorage } from './open-redis-storage.ts'
import type { QueueStorage } from './queue-storage.ts'
import { type FailureWatch, watchFailures } from './watch-failures.ts'

/** Lives beside the jobs: one entry per worker process that polls shards, rewritten as its heartbeat, never processed. */
const membersQueueName = 'poll-shard-members'

export type QueueName = JobName | typeof membersQueueName
const queueNames: readonly QueueName[] = [...jobNames, membersQueueName]
export type JobQueue = Queue<unknown, unknown, string, unknown, unknown, string, IQueueBackend, object>
export type JobWorker = Worker<unknown, unknown, string, IQueueBackend, JobProgress, object>
export type JobProcessor = Processor<unknown, unknown, string>
export type JobWorkerOptions = Omit<WorkerOptions<object>, 'connection' | 'autorun'>

export interface QueueBackend {
  queue(name: QueueName): JobQueue
  /** A BullMQ worker that is connected and running; with `null` for a processor its jobs are fetched by hand. Throws UNAVAILABLE. */
  worker(name: JobName, processor: JobProcessor | null, options: JobWorkerOptions): Promise<JobWorker>
  /** To be told errors met while using a queue or a worker: logged once, until it works again. */
  failed(error: unknown): void
  readonly working: boolean
  /** Jobs of every queue by state, as the queue counts them. Rejects while it cannot be used. */
  counts(): Promise<ReadonlyMap<QueueName, Readonly<Record<string, number>>>>
  /** Tries of jobs that this process has made, by outcome. */
  readonly tries: ReadonlyMap<JobName, { readonly completed: number; readonly failed: number }>
  /** Closes the workers, queues and connections, within 2 s whatever state they are in. Safe to call twice. */
  close(): Promise<void>
}

const closeTimeoutMs = 1_000
/** Nobody reads BullMQ's event stream; it cannot be switched off. */
const eventsKept = 100
const nothing = {}
const countedStates = ['waiting', 'active', 'delayed', 'failed'] as const

/** Where the queue is kept: beside everything else, or in a Redis, where `prefix` keeps installations apart. */
export type QueuePlace = { readonly databaseUrl: string } | { readonly redisUrl: string; readonly prefix: string }

/**
 * Connects to the queue and makes what it needs there. Throws UNAVAILABLE when it cannot be reached, CONFIG_INVALID when
 * what it holds could be evicted.
 */
export async function connectQueue(place: QueuePlace, log: Log): Promise<QueueBackend> {
  const storage =
    'redisUrl' in place
      ? await openRedisStorage(place.redisUrl, place.prefix)
      : await openPostgresStorage(place.databaseUrl)
  const backend = new ConnectedQueue(storage, watchFailures(storage.ping, log))
  try {
    await backend.ready()
    return backend
  } catch (error) {
    await backend.close()
    throw new BakewireError('UNAVAILABLE', 'connecting to the job queue failed', { cause: error })
  }
}

class ConnectedQueue implements QueueBackend {
  readonly #storage: QueueStorage
  readonly #watch: FailureWatch
  readonly #queues: ReadonlyMap<QueueName, JobQueue>
  readonly #workers = new Set<JobWorker>()
  readonly #tries = new Map(jobNames.map((name) => [name, { completed: 0, failed: 0 }]))
  #closed: Promise<void> | undefined

  constructor(storage: QueueStorage, watch: FailureWatch) {
    this.#storage = storage
    this.#watch = watch
    this.#queues = new Map(queueNames.map((name) => [name, this.#openQueue(name)] as const))
  }

  /** BullMQ remembers a failed first connection for ever, so no queue is handed out before it has connected. */
  async ready(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.waitUntilReady()))
  }

  queue(name: QueueName): JobQueue {
    const queue = this.#queues.get(name)
    if (queue === undefined) throw new Error(`There is no queue ${name}.`)
    return queue
  }

  async worker(name: JobName, processor: JobProcessor | null, options: JobWorkerOptions): Promise<JobWorker> {
    const { factory, options: ofStorage } = this.#storage
    const worker: JobWorker = new Worker(
      name,
      processor,
      { ...options, ...ofStorage, connection: nothing, autorun: false },
      // Fetching by hand never blocks, so it needs no connection of its own to block on.
      processor ? factory : (queueName, backendOptions) => factory(queueName, backendOptions),
    )
    worker.on('error', this.#watch.failed)
    worker.on('completed', () => this.#note(name, 'completed'))
    worker.on('failed', () => this.#note(name, 'failed'))
    worker.once('closed', () => this.#workers.delete(worker))
    this.#workers.add(worker)
    try {
      await worker.waitUntilReady()
    } catch (error) {
      await worker.close(true)
      throw new BakewireError('UNAVAILABLE', `connecting a worker for ${name} failed`, { cause: error })
    }
    if (processor) worker.run().catch(this.#watch.failed)
    return worker
  }

  failed(error: unknown): void {
    this.#watch.failed(error)
  }

  get working(): boolean {
    return this.#watch.working
  }

  async counts() {
    const counted = [...this.#queues].map(
      async ([name, queue]) => [name, await queue.getJobCounts(...countedStates)] as const,
    )
    return new Map(await Promise.all(counted))
  }

  get tries() {
    return this.#tries
  }

  #note(name: JobName, outcome: 'completed' | 'failed'): void {
    const tries = this.#tries.get(name)
    if (tries) tries[outcome] += 1
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#watch.stop()
    const open = [...this.#workers, ...this.#queues.values()]
    const closed = Promise.allSettled(open.map((each) => each.close()))
    await Promise.race([closed, setTimeout(closeTimeoutMs, undefined, { ref: false })])
    await this.#storage.close()
  }

  #openQueue(name: QueueName): JobQueue {
    const { factory, options } = this.#storage
    const queue: JobQueue = new Queue(
      name,
      { ...options, connection: nothing, streams: { events: { maxLen: eventsKept } } },
      factory,
    )
    queue.on('error', this.#watch.failed)
    return queue
  }
}
