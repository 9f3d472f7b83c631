import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, type Log, shardCount } from '#core'
import { balanceShards, type ShardMoves } from './balance-shards.ts'
import type { Lease, LeaseQueue } from './lease-queue.ts'
import { livingMembers, type MemberRecord, type MemberView, observeMembers, silentMembers } from './observe-members.ts'

export interface LeaseTiming {
  /** A lease that was not renewed for so long may be given to another instance. */
  readonly lockMs?: number
  /** How often leases that ran out are looked for. */
  readonly stalledMs?: number
  /** How often the state of the leases is looked at. */
  readonly tickMs?: number
}

export interface ShardLeaseOptions extends LeaseTiming {
  readonly queue: LeaseQueue
  /** The name under which the queue knows this process. */
  readonly instanceId: string
  readonly clock: Clock
  readonly log: Log
  /** Poll this shard from now on. Must not throw. */
  onTaken(shard: number): void
  /** This shard was polled all the time, but its lease was lost for a moment: another instance may have held it, so its epoch must be raised again. Must not throw. */
  onAdopted(shard: number): void
  /** Stop polling this shard; resolve when its links are closed. It is handed over after `releaseMs` even if that has not happened. */
  onReleased(shard: number): Promise<void> | void
}

export interface ShardLeasesHealth {
  /** Age of the last time that everything about the leases worked. */
  readonly lastGoodTickAgeMs: number
  readonly held: number
  /** Shards polled here although their lease is lost, because no other holder is known. */
  readonly orphaned: number
  /** Leases lost since the start. */
  readonly lost: number
  /** Living instances, this one included. */
  readonly members: number
}

export const leaseDefaults = {
  /** With a look every second, a killed worker's shards are taken within 7 s, mostly 6. */
  lockMs: 6_000,
  stalledMs: 1_000,
  /** Bounds how long a shard handed back waits for its next holder. */
  tickMs: 250,
} as const

/** Heartbeats in the time of a lock: others know that a member is silent before its leases run out. */
const beatsPerLock = 6
/** Two renewals may fail before a lease runs out. */
const beatsPerRenewal = 2
/** A member that was busy for a moment is not taken for dead. */
const aliveBeats = 4
/** A member with room takes a waiting shard within a tick; one that has not by now will not. */
const patienceBeats = 3
const forgetMs = 60_000
/** Between two attempts to put missing shards into the queue. */
const addMs = 1_000
/** Round trips for taking shards at once: enough to start quickly, too few to crowd out others on the connections. */
const takesAtOnce = 4
/** A link that does not close within this would hold up the renewal of all other leases. */
const releaseMs = 1_000
/** Orderly hand-back at SIGTERM; after it the leases run out by themselves. */
const stopMs = 1_500

type PeriodicTask = 'renew' | 'meet' | 'recover' | 'add'

/** Holds a fair share of the shards for this process until it is stopped. */
export function holdShardLeases(options: ShardLeaseOptions): ShardLeases {
  return new ShardLeases(options)
}

/**
 * The shards that this process polls. Leases lie in the queue, polling does not depend on it: what is polled goes on being
 * polled while the queue cannot be reached or has lost everything, until another instance is known to hold the shard.
 */
export class ShardLeases {
  readonly #options: ShardLeaseOptions
  readonly #timing: Required<LeaseTiming>
  readonly #beatMs: number
  readonly #leases = new Map<number, Lease>()
  readonly #orphans = new Set<number>()
  readonly #polled = new Set<number>()
  readonly #lastDoneMs = new Map<PeriodicTask, number>()
  #members: MemberView | undefined
  #beat = 0
  #lost = 0
  #waitingSinceMs: number | undefined
  #lastGoodTickMs: number
  #failing = false
  #timer: NodeJS.Timeout | undefined
  #turn: Promise<void>
  #stopped: Promise<void> | undefined

  constructor(options: ShardLeaseOptions) {
    this.#options = options
    this.#timing = { ...leaseDefaults, ...options }
    this.#beatMs = this.#timing.lockMs / beatsPerLock
    this.#lastGoodTickMs = options.clock.monotonic()
    this.#turn = this.#takeTurn()
  }

  /** The shards that this process polls: those leased and those orphaned. */
  get held(): ReadonlySet<number> {
    return this.#polled
  }

  health(): ShardLeasesHealth {
    return {
      lastGoodTickAgeMs: this.#now() - this.#lastGoodTickMs,
      held: this.#leases.size,
      orphaned: this.#orphans.size,
      lost: this.#lost,
      members: this.#others().length + 1,
    }
  }

  /** Stops polling and hands all shards to the others; settles within 1.5 s, whatever the queue does. Safe to call twice. */
  stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#stopped ??= Promise.race([this.#handBackAll(), sleep(stopMs, undefined, { ref: false })])
    return this.#stopped
  }

  async #takeTurn(): Promise<void> {
    try {
      await this.#tick()
      this.#lastGoodTickMs = this.#now()
      if (this.#failing) this.#options.log.info({}, 'shard leases work again')
      this.#failing = false
    } catch (error) {
      if (!this.#failing) this.#options.log.warn({ err: error }, 'shard leases fail; polling goes on')
      this.#failing = true
    }
    if (this.#stopped) return
    // Spread, so that the instances do not all ask at the same moment.
    this.#timer = setTimeout(
      () => {
        this.#turn = this.#takeTurn()
      },
      this.#timing.tickMs * (0.8 + 0.4 * Math.random()),
    )
  }

  async #tick(): Promise<void> {
    await this.#every('renew', beatsPerRenewal * this.#beatMs, () => this.#renew())
    if (this.#orphans.size > 0) await this.#dropOrphansOfOthers()
    await this.#every('meet', this.#beatMs, () => this.#meet())
    await this.#balance()
  }

  async #renew(): Promise<void> {
    const leases = [...this.#leases.values()]
    if (leases.length === 0) return
    const lost = new Set(await this.#options.queue.renew(leases))
    for (const { shard, token } of leases) {
      // A shard that was given back while the answer was under way is no loss.
      if (!lost.has(shard) || this.#leases.get(shard)?.token !== token) continue
      this.#leases.delete(shard)
      this.#orphans.add(shard)
      this.#lost += 1
    }
    if (lost.size > 0)
      this.#options.log.warn({ shards: [...lost] }, 'leases lost; polling goes on until others hold them')
  }

  async #dropOrphansOfOthers(): Promise<void> {
    const holders = await this.#options.queue.holders([...this.#orphans])
    const taken = [...holders].flatMap(([shard, holder]) => (holder === this.#options.instanceId ? [] : [shard]))
    for (const shard of taken) this.#orphans.delete(shard)
    await Promise.all(taken.map((shard) => this.#stopPolling(shard)))
  }

  async #meet(): Promise<void> {
    const { queue } = this.#options
    this.#beat += 1
    const records = await queue.meet({ beat: this.#beat, held: this.#leases.size })
    this.#members = observeMembers(this.#members, records, this.#now())
    const silent = silentMembers(this.#members, this.#now(), forgetMs)
    await Promise.all(silent.map(({ instanceId }) => queue.forget(instanceId)))
  }

  async #balance(): Promise<void> {
    const waiting = await this.#countWaiting()
    if (waiting === 0) this.#waitingSinceMs = undefined
    else this.#waitingSinceMs ??= this.#now()
    let moves = this.#moves(waiting)
    if (moves.take < waiting) {
      // More waits than my share: perhaps a member has just left, and with it the reason for my share.
      await this.#meet()
      moves = this.#moves(waiting)
    }
    await this.#take(moves.take)
    await this.#release(moves.release)
    // The others reckon with what this instance says that it holds, so they are told at the next tick.
    if (moves.take + moves.release > 0) this.#lastDoneMs.delete('meet')
  }

  #moves(waiting: number): ShardMoves {
    const waitingForMs = this.#now() - (this.#waitingSinceMs ?? this.#now())
    const heldByOthers = this.#others().map(({ held }) => held)
    return balanceShards({ held: this.#leases.size, waiting, waitingForMs, heldByOthers }, patienceBeats * this.#beatMs)
  }

  /** Who holds everything need not ask: a lease that is lost shows when it is renewed. */
  async #countWaiting(): Promise<number> {
    if (this.#leases.size === shardCount) return 0
    const { queue } = this.#options
    await this.#every('recover', this.#timing.stalledMs, () => queue.recoverStalled())
    const { waiting, total } = await queue.count()
    if (total >= shardCount) return waiting
    await this.#every('add', addMs, () => queue.addMissing())
    return (await queue.count()).waiting
  }

  async #take(count: number): Promise<void> {
    for (let left = count; left > 0; left -= takesAtOnce) {
      const takes = Array.from({ length: Math.min(left, takesAtOnce) }, () => this.#takeOne())
      const taken = await Promise.all(takes)
      if (taken.includes('none')) return
    }
  }

  async #takeOne(): Promise<'taken' | 'none'> {
    const { queue, onTaken, onAdopted } = this.#options
    if (this.#stopped) return 'none'
    const lease = await queue.take(randomUUID())
    if (lease === undefined) return 'none'
    if (this.#stopped) {
      await queue.giveBack(lease)
      return 'none'
    }
    this.#leases.set(lease.shard, lease)
    this.#polled.add(lease.shard)
    if (this.#orphans.delete(lease.shard)) onAdopted(lease.shard)
    else onTaken(lease.shard)
    return 'taken'
  }

  async #release(count: number): Promise<void> {
    if (count === 0) return
    const leases = [...this.#leases.values()].slice(-count)
    await Promise.all(leases.map((lease) => this.#handOver(lease)))
  }

  async #handOver(lease: Lease): Promise<void> {
    this.#leases.delete(lease.shard)
    await this.#stopPolling(lease.shard)
    await this.#options.queue.giveBack(lease)
  }

  async #stopPolling(shard: number): Promise<void> {
    const { log, onReleased } = this.#options
    this.#polled.delete(shard)
    try {
      const closed = Promise.resolve(onReleased(shard)).then(() => true)
      if (await Promise.race([closed, sleep(releaseMs, false, { ref: false })])) return
      log.warn({ shard }, 'a shard does not stop in time; it is handed over all the same')
    } catch (error) {
      log.error({ shard, err: error }, 'a shard did not stop cleanly; it is handed over all the same')
    }
  }

  async #handBackAll(): Promise<void> {
    const { queue, instanceId, log } = this.#options
    const leases = [...this.#leases.values()]
    const orphans = [...this.#orphans]
    this.#orphans.clear()
    // A tick under way might put this instance back on the list of members.
    const leave = this.#turn.then(() => queue.forget(instanceId))
    const outcomes = await Promise.allSettled([
      leave,
      ...leases.map((lease) => this.#handOver(lease)),
      ...orphans.map((shard) => this.#stopPolling(shard)),
    ])
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failure) log.warn({ err: failure.reason }, 'not all shards could be handed back; their leases run out')
  }

  #others(): MemberRecord[] {
    if (this.#members === undefined) return []
    return livingMembers(this.#members, this.#now(), aliveBeats * this.#beatMs)
  }

  /** Does it when its last success began longer ago than the period. */
  async #every(task: PeriodicTask, periodMs: number, work: () => Promise<void>): Promise<void> {
    const nowMs = this.#now()
    if (nowMs - (this.#lastDoneMs.get(task) ?? Number.NEGATIVE_INFINITY) < periodMs) return
    await work()
    this.#lastDoneMs.set(task, nowMs)
  }

  #now(): number {
    return this.#options.clock.monotonic()
  }
}
