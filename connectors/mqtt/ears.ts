import { BakewireError, type Sample } from '#connector'
import {
  type EdgeNode,
  hasWildcard,
  isTopicName,
  type MqttMessage,
  sparkplugFilter,
  topicMatches,
} from '#protocol/mqtt'
import { type MessageDocument, messageDocument } from './message-document.ts'
import type { MqttPoint } from './schemas.ts'
import { type Source, type SparkplugPlace, sourceOf } from './source-of.ts'
import { createSparkplugNodes, type SparkplugNodes, type SparkplugNodesOptions } from './sparkplug-nodes.ts'
import { takeMessage } from './take-message.ts'
import { takeMetric } from './take-metric.ts'

/** What was last heard of a point. */
export interface Heard {
  readonly sample: Sample
  /** Monotonic ms. */
  readonly at: number
  /** The broker had kept it: when it was sent is not known. */
  readonly isRetained: boolean
  /** The machine's own time, ms since 1970. */
  readonly sourceTime: number | undefined
}

/** One point that a connection listens for; machines that have it in common share it. */
export interface Ear {
  readonly key: string
  readonly filter: string
  readonly point: MqttPoint
  /** The same with a pointer, to the whole message where the point has none. */
  readonly place: ReturnType<typeof placeOf>
  /** Of a Sparkplug metric, which is not heard by itself but of what is known of its edge node. */
  readonly sparkplug: { readonly place: SparkplugPlace; readonly edgeNode: EdgeNode } | undefined
  /** Since when nothing that was heard counts, monotonic ms. */
  since: number
  /** What the broker said of the subscription; undefined: it was not asked. */
  subscription: Promise<BakewireError | undefined> | undefined
  /** Resolves with the first message on its topic. */
  readonly first: PromiseWithResolvers<void>
  /** Messages on its topic since then. */
  messages: number
  /** The newest value or fault; a message that says nothing of the point changes nothing. */
  heard: Heard | undefined
  /** Monotonic ms. */
  usedAt: number
}

/** What a connection listens for: the newest of each point, whatever the flood. */
export interface Ears {
  readonly nodes: SparkplugNodes
  /** The ear of a point, a new one where there is none. Throws OVERLOADED for more than `earsMax`. */
  of(point: MqttPoint, device: string | undefined): Ear
  hear(message: MqttMessage): void
  /** Tells of each value or fault that is heard of these points, also when their ears are made anew; gives the end of it. */
  tellOf(points: readonly MqttPoint[], device: string | undefined, tell: (ear: Ear) => void): () => void
  /** Lets go of ears, so that the next `of` makes new ones. */
  drop(ears: Iterable<Ear>): void
  /** Lets go of what nobody has used for longer than any poll interval; gives the topics that nobody needs any more. */
  dropUnused(): string[]
}

/** A thousand machines with twenty points each; each takes less than 1 KB. */
const earsMax = 20_000
/** The longest poll interval is a day. */
const unusedMs = 25 * 3_600_000
/** When there is no more room: what a test or a slow machine needs again is subscribed to again. */
const unusedMsWhenFull = 600_000

export function createEars(options: SparkplugNodesOptions): Ears {
  const { clock } = options
  const nodes = createSparkplugNodes(options)
  const byKey = new Map<string, Ear>()
  const byFilter = new Map<string, Set<Ear>>()
  /** By first level, which is never a wildcard itself. */
  const wildcards = new Map<string, Set<string>>()
  const told = new Map<string, Set<(ear: Ear) => void>>()

  const dropUnused = (forMs: number): string[] => {
    const before = clock.monotonic() - forMs
    const unused = [...byKey.values()].filter(({ usedAt }) => usedAt < before)
    drop(unused)
    return [...new Set(unused.map(({ filter }) => filter))].filter((filter) => !byFilter.has(filter))
  }

  const make = (key: string, point: MqttPoint, { filter, sparkplug: place }: Source): Ear => {
    // Their topics stay subscribed to until the link is opened anew; what they bring is passed over.
    if (byKey.size >= earsMax) dropUnused(unusedMsWhenFull)
    if (byKey.size >= earsMax) {
      throw new BakewireError('OVERLOADED', `more than ${earsMax} points are listened for on one broker`)
    }
    const now = clock.monotonic()
    const first = Promise.withResolvers<void>()
    const ear: Ear = {
      key,
      filter,
      point,
      place: placeOf(point),
      sparkplug: place && { place, edgeNode: nodes.of(place.node) },
      since: now,
      subscription: undefined,
      first,
      messages: 0,
      heard: undefined,
      usedAt: now,
    }
    byKey.set(key, ear)
    addTo(byFilter, filter, ear)
    if (!place && hasWildcard(filter)) addTo(wildcards, firstLevel(filter), filter)
    // Its edge node may be known already, and says what does not change only once.
    takeMetric(ear, now)
    return ear
  }

  const drop = (ears: Iterable<Ear>) => {
    for (const ear of ears) {
      if (byKey.get(ear.key) !== ear) continue
      byKey.delete(ear.key)
      removeFrom(byFilter, ear.filter, ear)
      if (byFilter.has(ear.filter)) continue
      removeFrom(wildcards, firstLevel(ear.filter), ear.filter)
      if (ear.sparkplug) nodes.drop(ear.sparkplug.place.node)
    }
  }

  const tell = (ear: Ear) => {
    for (const hearing of told.get(ear.key) ?? []) hearing(ear)
  }

  const hearNode = (message: MqttMessage) => {
    const heard = nodes.hear(message)
    if (!heard) return
    const { device, names } = heard.news
    for (const ear of byFilter.get(sparkplugFilter(heard.name)) ?? []) {
      const place = ear.sparkplug?.place
      const isMeant = (device === undefined || device === place?.device) && (!names || names.has(place?.name ?? ''))
      if (isMeant && takeMetric(ear, clock.monotonic())) tell(ear)
    }
  }

  return {
    nodes,
    of(point, device) {
      const source = sourceOf(point.address, device)
      const key = keyOf(point, source)
      const ear = byKey.get(key) ?? make(key, point, source)
      ear.usedAt = clock.monotonic()
      return ear
    },
    hear(message) {
      const { topic, payload, isRetained } = message
      if (!isTopicName(topic)) return
      hearNode(message)
      const matching = [topic]
      for (const filter of wildcards.get(firstLevel(topic)) ?? [])
        if (topicMatches(filter, topic)) matching.push(filter)
      let document: MessageDocument | undefined
      const moment = { isRetained, at: clock.monotonic(), now: clock.now() }
      for (const filter of matching) {
        for (const ear of byFilter.get(filter) ?? []) {
          document ??= messageDocument(payload)
          if (takeMessage(ear, document, moment)) tell(ear)
        }
      }
    },
    tellOf(points, device, hearing) {
      const keys = points.map((point) => keyOf(point, sourceOf(point.address, device)))
      for (const key of keys) addTo(told, key, hearing)
      return () => {
        for (const key of keys) removeFrom(told, key, hearing)
      }
    },
    drop,
    dropUnused: () => dropUnused(unusedMs),
  }
}

/** What was heard does not count any more; what is known of an edge node stays true until it says otherwise. */
export function forget(ear: Ear, at: number): void {
  if (ear.sparkplug) return
  ear.since = at
  ear.messages = 0
  ear.heard = undefined
}

function placeOf(point: MqttPoint) {
  const { pointer, invalid } = point.address
  return { ...point, address: pointer === undefined ? { pointer: '', invalid } : { ...point.address, pointer } }
}

/** Points of one topic that differ in anything are heard apart. */
function keyOf({ metric, unit, address }: MqttPoint, { filter, sparkplug }: Source): string {
  const { pointer, unit_pointer, timestamp_pointer, invalid } = address
  const { device, name } = sparkplug ?? {}
  return JSON.stringify([filter, metric, unit, device, name, pointer, unit_pointer, timestamp_pointer, invalid])
}

function firstLevel(topic: string): string {
  return topic.split('/', 1)[0] ?? ''
}

function addTo<T>(sets: Map<string, Set<T>>, key: string, entry: T): void {
  const set = sets.get(key)
  if (set) set.add(entry)
  else sets.set(key, new Set([entry]))
}

function removeFrom<T>(sets: Map<string, Set<T>>, key: string, entry: T): void {
  const set = sets.get(key)
  set?.delete(entry)
  if (set?.size === 0) sets.delete(key)
}
