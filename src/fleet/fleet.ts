import type { Dial } from '#connector'
import type { ConnectionStatus, Gap } from '#core'
import type { CertificateStore, ConnectionStore, GapStore, LinkMemoryStore, LinkRequestStore, ShardStore } from '#store'
import { createBackgroundRecorder } from './background-recorder.ts'
import { createLinkRequestRunner } from './link-request-runner.ts'
import { createLinks, type LinkState } from './links.ts'
import { createPollClock } from './poll-clock.ts'
import { createShardPlan, type PolledNow, type ShardPlan, type ShardPlanOptions } from './shard-plan.ts'

export interface FleetOptions extends Omit<ShardPlanOptions, 'links' | 'pollClock' | 'onConnection' | 'onGap'> {
  readonly instanceId: string
  readonly dial: Dial
  readonly shards: ShardStore
  readonly connections: ConnectionStore
  readonly gaps: Pick<GapStore, 'record' | 'begin'>
  readonly linkRequests: LinkRequestStore
  readonly linkMemory: LinkMemoryStore
  readonly certificates: CertificateStore
  readonly onOpening?: (connectorId: string, result: 'opened' | 'failed') => void
}

/** The machines that this worker polls: those of the shards it holds. */
export interface Fleet {
  shardTaken(shard: number): void
  /** The shard was polled here all the time, but another worker may have raised its epoch meanwhile. */
  shardAdopted(shard: number): void
  /** Resolves when nothing of the shard is polled or dialled any more. */
  shardReleased(shard: number): Promise<void>
  planChanged(shard: number): void
  linkRequested(shard: number): void
  /** Finds what no doorbell announced: changed plans, plans that could not be loaded, link requests that nobody took. */
  sweep(): Promise<void>
  /** The database was put back to an earlier state: polls on by what is in it now, under epochs that it never had. */
  databaseWentBack(): void
  /** Readings that were taken and will never be stored: writes them down in the background. */
  readingsLost(gap: Gap & { readonly reason: 'dropped' }): void
  /** `undefined` for a machine that is not polled here, or has not answered yet. */
  polled(equipmentId: string): PolledNow | undefined
  size(): { readonly shards: number; readonly equipment: number; readonly links: number }
  /** Every shard, machine and link of this worker, as it is now. */
  census(): FleetCensus
  stop(): Promise<void>
}

export interface FleetCensus {
  /** `heldForMs`: since this worker took the shard, or raised its epoch again. */
  readonly shards: readonly { readonly shard: number; readonly equipment: number; readonly heldForMs: number }[]
  readonly equipment: readonly { readonly connector: string; readonly status: ConnectionStatus }[]
  readonly links: readonly { readonly connector: string; readonly state: LinkState }[]
}

interface HeldShard {
  takenAtMs: number
  /** Whether the last thing done with it failed: told once. */
  isFailing: boolean
  readonly plan: ShardPlan
  /** `undefined` until it was raised for this holding. */
  epoch: number | undefined
  /** The highest epoch that was raised for this holding. */
  raised: number
  /** The plan revision that is polled; `undefined` until loaded. */
  revision: number | undefined
  /** What is being done with this shard, in order. */
  work: Promise<void>
  /** Whether a loading waits that has not begun: it will see whatever is announced until then. */
  isLoadWaiting: boolean
}

export function createFleet(options: FleetOptions): Fleet {
  const { clock, log, shards, instanceId, linkRequests } = options
  const links = createLinks(options)
  const pollClock = createPollClock(clock)
  const recorder = createBackgroundRecorder('connection events', options.connections.record, log)
  const gapRecorder = createBackgroundRecorder('gaps', options.gaps.record, log)
  const held = new Map<number, HeldShard>()
  const planOptions: ShardPlanOptions = {
    ...options,
    links,
    pollClock,
    onConnection: recorder.record,
    onGap: gapRecorder.record,
    // A machine that moved to another shard of this worker may have been taken there before it was let go here.
    onForgotten(equipmentId) {
      if (!held.values().some(({ plan }) => plan.has(equipmentId))) options.onForgotten(equipmentId)
    },
  }
  const inItsPlan = <T>(found: (plan: ShardPlan) => T | undefined): T | undefined =>
    held
      .values()
      .map(({ plan }) => found(plan))
      .find((one) => one !== undefined)
  const runLinkRequests = createLinkRequestRunner({
    ...options,
    requests: linkRequests,
    links,
    pollerOf: (equipmentId) => inItsPlan((plan) => plan.poller(equipmentId)),
    loaded: async (shard) => held.get(shard)?.work,
  })

  /** Does one thing at a time with a shard; what fails the next sweep tries again. */
  const enqueue = (shard: number, doing: string, task: (entry: HeldShard) => Promise<void>) => {
    const entry = held.get(shard)
    if (!entry) return
    entry.work = entry.work
      .then(() => (held.get(shard) === entry ? task(entry) : undefined))
      .then(() => {
        if (entry.isFailing) log.info({ shard }, `${doing} works again`)
        entry.isFailing = false
      })
      .catch((error: unknown) => {
        if (!entry.isFailing) log.warn({ shard, err: error }, `${doing} failed, goes on trying`)
        entry.isFailing = true
      })
  }

  const load = (shard: number) => {
    const waiting = held.get(shard)
    if (!waiting || waiting.isLoadWaiting) return
    waiting.isLoadWaiting = true
    enqueue(shard, 'loading a plan', async (entry) => {
      entry.isLoadWaiting = false
      entry.epoch ??= await shards.take(shard, instanceId, entry.raised)
      entry.raised = entry.epoch
      // Read before the plan: a change in between makes the revision too old, and the sweep loads once more.
      const state = (await shards.states()).get(shard)
      await entry.plan.load(entry.epoch)
      entry.revision = state?.revision
    })
  }

  const raiseAgain = (shard: number) =>
    // In its turn: a loading under way would put back the epoch that it raised before.
    enqueue(shard, 'raising an epoch', async (entry) => {
      entry.epoch = undefined
      entry.takenAtMs = clock.monotonic()
      // Until it is raised no alert of the shard can be written, so the sweep must go on trying.
      entry.revision = undefined
      load(shard)
    })

  const serve = (shard: number) => {
    if (!held.has(shard)) return
    runLinkRequests(shard).catch((error: unknown) =>
      log.warn({ shard, err: error }, 'link requests could not be taken'),
    )
  }

  return {
    shardTaken(shard) {
      if (held.has(shard)) return
      const plan = createShardPlan(shard, planOptions)
      held.set(shard, {
        plan,
        takenAtMs: clock.monotonic(),
        isFailing: false,
        epoch: undefined,
        raised: 0,
        revision: undefined,
        work: Promise.resolve(),
        isLoadWaiting: false,
      })
      load(shard)
    },
    shardAdopted: raiseAgain,
    async shardReleased(shard) {
      const entry = held.get(shard)
      held.delete(shard)
      await entry?.plan.stop()
    },
    planChanged: load,
    linkRequested: serve,
    async sweep() {
      for (const { plan } of held.values()) plan.lookForGaps()
      const states = await shards.states()
      for (const [shard, entry] of held) {
        const state = states.get(shard)
        // An earlier holder's word arrived late: the lease says that we hold the shard, so the epoch must be ours.
        if (entry.epoch !== undefined && state && state.epoch > entry.epoch) raiseAgain(shard)
        else if (entry.revision === undefined || entry.revision !== state?.revision) load(shard)
      }
      for (const shard of await linkRequests.waitingShards()) serve(shard)
    },
    databaseWentBack() {
      for (const shard of held.keys()) {
        enqueue(shard, 'beginning anew', async ({ plan }) => plan.beginAnew())
        raiseAgain(shard)
      }
    },
    readingsLost: gapRecorder.record,
    polled: (equipmentId) => inItsPlan((plan) => plan.polled(equipmentId)),
    size() {
      let equipment = 0
      for (const { plan } of held.values()) equipment += plan.size
      return { shards: held.size, equipment, links: links.size }
    },
    census: () => ({
      shards: [...held].map(([shard, { plan, takenAtMs }]) => ({
        shard,
        equipment: plan.size,
        heldForMs: clock.monotonic() - takenAtMs,
      })),
      equipment: [...held.values()].flatMap(({ plan }) => plan.statuses()),
      links: links.states(),
    }),
    async stop() {
      const plans = [...held.values()].map((entry) => entry.plan.stop())
      held.clear()
      await Promise.all(plans)
      pollClock.stop()
      await links.close()
      await Promise.all([recorder.stop(), gapRecorder.stop()])
    },
  }
}
