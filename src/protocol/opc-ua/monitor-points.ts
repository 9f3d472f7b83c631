import { setTimeout as sleep } from 'node:timers/promises'
import type { Sample } from '#connector'
import { type BakewireError, type Clock, type Log, toBakewireError } from '#core'
import type { AddressedPoint, FoundNode, NodeDirectory } from './node-directory.ts'
import type { OpcUaServices } from './opc-ua-services.ts'
import { type Limits, untilAborted } from './open-channel.ts'
import { readPoints } from './read-points.ts'
import { sampleOf } from './sample-of.ts'
import { isGone } from './status-fault.ts'
import type { Added, Change, Item, Subscription } from './subscription.ts'

export interface MonitoredPoint extends AddressedPoint {
  readonly address: AddressedPoint['address'] & {
    /** Changes that are not told: in the server's unit, or in percent of the range that the server names (EURange). */
    readonly deadband?: number | undefined
    readonly deadband_percent?: number | undefined
  }
}

/** The points of one machine, and who hears of them. */
export interface Watch {
  readonly points: readonly MonitoredPoint[]
  /** How often the server looks; 0: as often as it can. */
  readonly samplingIntervalMs: number
  heard(samples: Sample[]): void
  readonly signal: AbortSignal
}

/** One subscription for all machines of a session, made anew whenever it is lost. */
export interface PointMonitor {
  /** Resolves when the points are monitored, or the first try has failed: they are read then, and tried again. */
  watch(watch: Watch): Promise<void>
  /** The newest values of points that are known to be monitored; what else there is is read. */
  read(points: readonly MonitoredPoint[], limits: Limits): Promise<Sample[]>
}

export interface MonitorOptions {
  readonly services: OpcUaServices
  readonly directory: NodeDirectory
  readonly clock: Clock
  readonly log: Log
  readonly publishingIntervalMs: number
  readonly timeoutMs: number
}

interface Monitored {
  readonly handle: number
  readonly point: MonitoredPoint
  readonly node: FoundNode
  readonly watch: Watch
  id?: number
  newest?: { readonly sample: Sample; readonly at: number }
}

/** Back-off after a subscription that could not be made, or was lost at once. */
const retryMs = { min: 1_000, max: 30_000 }
/** A value that was not told anew for so long is read: some servers hold back what drifts slowly, however far. */
const untoldMaxMs = 60_000
/** Points that the server does not monitor are read, and tried again this rarely. */
const unmonitoredRestMs = 60_000
/** Values between two publishings: twice those that are expected, for a server that is late, and never only one. */
const queueSize = { min: 10, max: 1_000 }
const filterStatuses: ReadonlySet<string> = new Set([
  'BadFilterNotAllowed',
  'BadMonitoredItemFilterInvalid',
  'BadMonitoredItemFilterUnsupported',
  'BadDeadbandFilterInvalid',
])

export function createPointMonitor(options: MonitorOptions): PointMonitor {
  const { services, directory, clock, log, publishingIntervalMs, timeoutMs } = options
  const watches = new Set<Watch>()
  const byPoint = new Map<MonitoredPoint, Monitored>()
  const byHandle = new Map<number, Monitored>()
  const restsUntil = new WeakMap<MonitoredPoint, number>()
  let handles = 0
  let subscription: Subscription | undefined
  let keeping: AbortController | undefined
  /** Ends when it is known whether the latest subscription could be made. */
  let attempt = Promise.resolve()
  const watchOf = new WeakMap<MonitoredPoint, Watch>()

  const drop = (items: readonly Monitored[]) => {
    for (const { handle, point } of items) {
      byHandle.delete(handle)
      byPoint.delete(point)
    }
    const ids = items.flatMap(({ id }) => (id === undefined ? [] : [id]))
    // They go with the subscription where it does not hear this.
    if (ids.length > 0) subscription?.remove(ids).catch(() => undefined)
  }

  const changed = (changes: readonly Change[]) => {
    /** By machine, the values of each point one after the other. */
    const rounds = new Map<Watch, Map<string, Sample>[]>()
    const gone: Monitored[] = []
    for (const { handle, value } of changes) {
      const item = byHandle.get(handle)
      if (!item) continue
      const { point, node, watch } = item
      const sample = sampleOf(point, value, node.facts)
      item.newest = { sample, at: clock.monotonic() }
      if (isGone(value.statusCode.name)) gone.push(item)
      const told = rounds.get(watch) ?? []
      rounds.set(watch, told)
      const round = told.find((samples) => !samples.has(sample.metric))
      if (round) round.set(sample.metric, sample)
      else told.push(new Map([[sample.metric, sample]]))
    }
    for (const { point } of gone) directory.forget(point)
    drop(gone)
    for (const [watch, told] of rounds) {
      for (const samples of told) if (!watch.signal.aborted) watch.heard([...samples.values()])
    }
  }

  const itemOf = ({ handle, point, node, watch }: Monitored): Item => {
    const { index, deadband, deadband_percent } = point.address
    const samplingIntervalMs = watch.samplingIntervalMs
    const expected = (2 * publishingIntervalMs) / Math.max(samplingIntervalMs, 1)
    return {
      handle,
      nodeId: node.nodeId,
      index,
      samplingIntervalMs,
      queueSize: Math.ceil(Math.min(Math.max(expected, queueSize.min), queueSize.max)),
      deadband:
        deadband !== undefined
          ? { kind: 'absolute', value: deadband }
          : deadband_percent !== undefined
            ? { kind: 'percent', value: deadband_percent }
            : undefined,
    }
  }

  /** Has points monitored that are not. What the server refuses is read, and tried again later. */
  const cover = async (to: Subscription, watch: Watch, points: readonly MonitoredPoint[], limits: Limits) => {
    const now = clock.monotonic()
    const wanted = points.filter((point) => !byPoint.has(point) && (restsUntil.get(point) ?? 0) <= now)
    if (wanted.length === 0) return
    for (const point of wanted) restsUntil.set(point, now + unmonitoredRestMs)
    const nodes = await directory.find(wanted, limits)
    const items: Monitored[] = []
    for (const point of wanted) {
      const node = nodes.get(point)
      if (!node || !('nodeId' in node) || watch.signal.aborted) continue
      handles += 1
      const item: Monitored = { handle: handles, point, node, watch }
      items.push(item)
      byPoint.set(point, item)
      byHandle.set(item.handle, item)
    }
    try {
      const refused = settle(items, await to.add(items.map(itemOf)))
      const unfiltered = refused.filter(({ item, status }) => itemOf(item).deadband && filterStatuses.has(status))
      const again = unfiltered.map(({ item }) => item)
      if (again.length > 0) settle(again, await to.add(again.map((item) => ({ ...itemOf(item), deadband: undefined }))))
    } finally {
      drop(items.filter(({ id }) => id === undefined))
      if (watch.signal.aborted) drop(items)
    }
  }

  const settle = (items: readonly Monitored[], added: readonly Added[]) =>
    items.flatMap((item, index) => {
      const answer = added[index]
      if (answer && 'id' in answer) {
        item.id = answer.id
        restsUntil.delete(item.point)
        return []
      }
      return [{ item, status: answer?.status ?? '' }]
    })

  /** Makes the subscription; resolves with why it ended. */
  const begin = async (signal: AbortSignal): Promise<{ made: Subscription; over: Promise<BakewireError> }> => {
    const { promise: over, resolve: ended } = Promise.withResolvers<BakewireError>()
    const limits = { signal, timeoutMs }
    const made = await services.subscribe({
      publishingIntervalMs,
      limits,
      monotonic: () => clock.monotonic(),
      changed,
      ended(error) {
        subscription = undefined
        forgetAll()
        ended(error)
      },
    })
    subscription = made
    try {
      for (const watch of [...watches]) await cover(made, watch, watch.points, limits)
    } catch (error) {
      subscription = undefined
      forgetAll()
      await made.end()
      throw error
    }
    return { made, over }
  }

  const forgetAll = () => {
    for (const point of byPoint.keys()) restsUntil.delete(point)
    byPoint.clear()
    byHandle.clear()
  }

  /** Until nobody watches any more: a subscription, and another one when it is lost. */
  const keep = async (signal: AbortSignal) => {
    let failures = 0
    let mine: Subscription | undefined
    while (!signal.aborted) {
      const begunAt = clock.monotonic()
      const beginning = begin(signal)
      attempt = beginning.then(
        () => undefined,
        () => undefined,
      )
      try {
        const { made, over } = await beginning
        mine = made
        if (failures > 0) log.info({}, 'the subscription is back')
        const error = await untilAborted(over, signal)
        if (clock.monotonic() - begunAt > retryMs.max) failures = 0
        throw error
      } catch (thrown) {
        if (signal.aborted) break
        const err = toBakewireError(thrown, 'subscribing')
        if (failures === 0) log.warn({ err }, 'no subscription: values are read until there is one')
        const restMs = Math.min(retryMs.min * 2 ** failures, retryMs.max)
        failures += 1
        await sleep(restMs, undefined, { signal }).catch(() => undefined)
      }
    }
    if (subscription === mine) subscription = undefined
    await mine?.end()
  }

  const forget = (watch: Watch) => {
    watches.delete(watch)
    drop([...byPoint.values()].filter((item) => item.watch === watch))
    if (watches.size === 0) keeping?.abort()
  }

  const coverQuietly = async (watch: Watch, points: readonly MonitoredPoint[]) => {
    if (!subscription) return
    const limits = { signal: watch.signal, timeoutMs }
    await cover(subscription, watch, points, limits).catch((err: unknown) => {
      if (!watch.signal.aborted) log.warn({ err }, 'points are not monitored, but read')
    })
  }

  return {
    async watch(watch) {
      watch.signal.throwIfAborted()
      watches.add(watch)
      for (const point of watch.points) watchOf.set(point, watch)
      watch.signal.addEventListener('abort', () => forget(watch), { once: true })
      if (!keeping || keeping.signal.aborted) {
        keeping = new AbortController()
        void keep(keeping.signal)
      }
      await attempt
      await coverQuietly(watch, watch.points)
    },
    async read(points, limits) {
      const now = clock.monotonic()
      const newest = (point: MonitoredPoint) => {
        const told = subscription?.isAlive() ? byPoint.get(point)?.newest : undefined
        return told && now - told.at < untoldMaxMs ? told.sample : undefined
      }
      const known = points.flatMap((point) => newest(point) ?? [])
      const asked = points.filter((point) => newest(point) === undefined)
      if (asked.length === 0) return known
      const read = await readPoints({ services, directory }, asked, limits)
      const there = new Map(read.flatMap((sample) => ('value' in sample ? [[sample.metric, sample]] : [])))
      for (const point of asked) {
        const [item, sample] = [byPoint.get(point), there.get(point.metric)]
        // What was told meanwhile is newer.
        if (item?.newest && sample && item.newest.at < now) item.newest = { sample, at: now }
      }
      const back = asked.filter((point) => there.has(point.metric) && !byPoint.has(point))
      const watch = back[0] && watchOf.get(back[0])
      if (watch) void coverQuietly(watch, back)
      return [...known, ...read]
    },
  }
}
