import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { type Log, shardCount } from '#core'
import type { JobQueue, JobWorker, QueueBackend } from './connect-queue.ts'
import { jobOptions, jobs, parsePayload } from './jobs.ts'

/** The right to poll one shard, until it is not renewed for the time of a lock. */
interface Lease {
  readonly shard: number
  readonly token: string
}

/** What a process that takes part in the polling says of itself: a beat that moves while it lives, and the leases that it holds. */
const memberWord = z.object({ beat: z.int(), held: z.int() })
type MemberWord = z.infer<typeof memberWord>

interface LeaseQueueOptions {
  /** Unlike any other process's and any earlier one's; neither an integer nor with `:` in it. */
  readonly instanceId: string
  /** A lease that was not renewed for so long may be given to another. */
  readonly lockMs: number
  /** How often leases that ran out are looked for. */
  readonly stalledMs: number
  readonly log: Log
}

/** More processes than shards have nothing to do; entries of dead ones are removed within a minute. */
const membersRead = 2 * shardCount
const closeTimeoutMs = 1_000
const leaseId = (shard: number) => jobs['poll-shard'].jobId({ shard })

/** Connects to the leases on shards. Throws UNAVAILABLE. */
export async function openLeaseQueue(backend: QueueBackend, options: LeaseQueueOptions): Promise<LeaseQueue> {
  const worker = await backend.worker('poll-shard', null, {
    name: options.instanceId,
    lockDuration: options.lockMs,
    // The look-outs of all processes share one throttle: a little less than the period lets none be skipped.
    stalledInterval: Math.round(options.stalledMs * 0.9),
    // A lease may run out any number of times. PostgreSQL keeps the bound as int4.
    maxStalledCount: 1e9,
  })
  return new LeaseQueue(backend, worker, options)
}

/**
 * Leases on shards as BullMQ jobs that are fetched by hand (https://docs.bullmq.io/patterns/manually-fetching-jobs):
 * a waiting job is a shard without a holder, an active one is held by the process that `processedBy` names.
 */
class LeaseQueue {
  readonly #options: LeaseQueueOptions
  readonly #worker: JobWorker
  readonly #leases: JobQueue
  readonly #members: JobQueue
  /** Of leases that this process may hold without its knowing, and until when, monotonic ms. */
  readonly #doubtful = new Map<string, number>()
  #own: Awaited<ReturnType<JobQueue['add']>> | undefined

  constructor(backend: QueueBackend, worker: JobWorker, options: LeaseQueueOptions) {
    this.#options = options
    this.#worker = worker
    this.#leases = backend.queue('poll-shard')
    this.#members = backend.queue('poll-shard-members')
  }

  /** Shards that wait for a holder, and all shards that are in the queue. */
  async count(): Promise<{ waiting: number; total: number }> {
    if (this.#doubtful.size > 0) await this.#giveBackDoubtful()
    const { waiting = 0, active = 0, paused = 0 } = await this.#leases.getJobCounts('waiting', 'active')
    return { waiting, total: waiting + active + paused }
  }

  /** Puts in the shards that are missing; the others stay as they are. */
  async addMissing(): Promise<void> {
    // A shard that is in no list any more, because somebody deleted the list, would count as added already.
    await this.#leases.removeOrphanedJobs()
    const shards = Array.from({ length: shardCount }, (_, shard) => ({ shard }))
    await this.#leases.addBulk(
      shards.map((data) => ({ name: 'poll-shard', data, opts: jobOptions('poll-shard', data) })),
    )
  }

  /** The lease on a shard that waits, under a token that was never used before. */
  async take(token: string): Promise<Lease | undefined> {
    const job = await this.#orDoubt(token, this.#worker.getNextJob(token, { block: false }))
    if (job === undefined) return undefined
    const payload = parsePayload('poll-shard', job.data)
    if (payload !== undefined) return { shard: payload.shard, token }
    this.#options.log.error({ job_id: job.id }, 'a lease that is not understood is dropped')
    await job.moveToCompleted(null, token, false)
    return undefined
  }

  /** Keeps the leases for another lock time and returns the shards whose lease is lost. */
  async renew(held: readonly Lease[]): Promise<number[]> {
    const ids = held.map(({ shard }) => leaseId(shard))
    const tokens = held.map(({ token }) => token)
    const lost = new Set(await this.#worker.extendJobLocks(ids, tokens, this.#options.lockMs))
    return held.flatMap(({ shard }) => (lost.has(leaseId(shard)) ? [shard] : []))
  }

  /** Lets another process take the shard at once. */
  async giveBack({ shard, token }: Lease): Promise<void> {
    await this.#orDoubt(token, this.#worker.getBackend().moveJobFromActiveToWait(leaseId(shard), token))
  }

  /** A request whose answer was lost may have been done, and one that was lost may not: the shard would have a holder that does not poll it. */
  async #orDoubt<T>(token: string, done: Promise<T>): Promise<T> {
    try {
      return await done
    } catch (error) {
      this.#doubtful.set(token, performance.now() + this.#options.lockMs)
      throw error
    }
  }

  /** Looked for until such a lease has run out: the request may still be under way. */
  async #giveBackDoubtful(): Promise<void> {
    const active = await this.#leases.getRanges(['active'], 0, -1)
    for (const [token, until] of this.#doubtful) {
      const tokens = active.map(() => token)
      const others = new Set(await this.#worker.extendJobLocks(active, tokens, this.#options.lockMs))
      for (const id of active.filter((one) => !others.has(one)))
        await this.#worker.getBackend().moveJobFromActiveToWait(id, token)
      if (performance.now() > until) this.#doubtful.delete(token)
    }
  }

  /** Which process holds each of the shards; those that nobody holds are left out. */
  async holders(shards: readonly number[]): Promise<Map<number, string>> {
    const active = new Set(await this.#leases.getRanges(['active'], 0, -1))
    const held = shards.filter((shard) => active.has(leaseId(shard)))
    const jobs = await Promise.all(
      held.map(async (shard) => ({ shard, job: await this.#leases.getJob(leaseId(shard)) })),
    )
    return new Map(jobs.flatMap(({ shard, job }) => (job?.processedBy ? [[shard, job.processedBy] as const] : [])))
  }

  /** Lets leases that ran out wait for a new holder: at the second look after they were taken, at the earliest. */
  async recoverStalled(): Promise<void> {
    await this.#worker.getBackend().moveStalledJobsToWait()
  }

  /** Says that this process lives, and returns what the others said last. */
  async meet(word: MemberWord): Promise<({ instanceId: string } & MemberWord)[]> {
    const { instanceId } = this.#options
    const ids = await this.#members.getRanges(['wait'], 0, membersRead - 1)
    if (this.#own && ids.includes(instanceId)) await this.#own.updateData(word)
    else this.#own = await this.#members.add('member', word, { jobId: instanceId })
    const others = ids.filter((id) => id !== instanceId)
    const entries = await Promise.all(others.map(async (id) => ({ id, entry: await this.#members.getJob(id) })))
    return entries.flatMap(({ id, entry }) => {
      const said = memberWord.safeParse(entry?.data).data
      return said === undefined ? [] : [{ instanceId: id, ...said }]
    })
  }

  /** Takes a process off the list: this one when it leaves, a dead one when it was silent for long. */
  async forget(instanceId: string): Promise<void> {
    await this.#members.remove(instanceId)
  }

  /** Settles within a second; the leases still held run out. */
  async close(): Promise<void> {
    await Promise.race([this.#worker.close(true), setTimeout(closeTimeoutMs, undefined, { ref: false })])
  }
}
