import { BakewireError, type LinkTools, type Sample } from '#connector'
import { evaluatePointer, sampleOf, timeOf } from '#protocol/document'
import { hasWildcard, type MqttMessage, topicMatches } from '#protocol/mqtt'
import { type MessageDocument, messageDocument } from './message-document.ts'
import type { MqttPoint } from './schemas.ts'
import { topicOf } from './topic-of.ts'

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

export function createEars({ clock }: Pick<LinkTools, 'clock'>): Ears {
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

  const make = (key: string, point: MqttPoint, filter: string): Ear => {
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
      since: now,
      subscription: undefined,
      first,
      messages: 0,
      heard: undefined,
      usedAt: now,
    }
    byKey.set(key, ear)
    addTo(byFilter, filter, ear)
    if (hasWildcard(filter)) addTo(wildcards, firstLevel(filter), filter)
    return ear
  }

  const drop = (ears: Iterable<Ear>) => {
    for (const ear of ears) {
      if (byKey.get(ear.key) !== ear) continue
      byKey.delete(ear.key)
      removeFrom(byFilter, ear.filter, ear)
      if (!byFilter.has(ear.filter)) removeFrom(wildcards, firstLevel(ear.filter), ear.filter)
    }
  }

  return {
    of(point, device) {
      const filter = topicOf(point.address.topic, device)
      const key = keyOf(point, filter)
      const ear = byKey.get(key) ?? make(key, point, filter)
      ear.usedAt = clock.monotonic()
      return ear
    },
    hear({ topic, payload, isRetained }) {
      const candidates = wildcards.get(firstLevel(topic)) ?? []
      const matching = [...candidates].filter((filter) => topicMatches(filter, topic))
      if (!hasWildcard(topic)) matching.push(topic)
      let document: MessageDocument | undefined
      for (const ear of matching.flatMap((filter) => [...(byFilter.get(filter) ?? [])])) {
        document ??= messageDocument(payload)
        const isNews = take(ear, document, { isRetained, at: clock.monotonic(), now: clock.now() })
        if (isNews) for (const tell of told.get(ear.key) ?? []) tell(ear)
      }
    },
    tellOf(points, device, tell) {
      const keys = points.map((point) => keyOf(point, topicOf(point.address.topic, device)))
      for (const key of keys) addTo(told, key, tell)
      return () => {
        for (const key of keys) removeFrom(told, key, tell)
      }
    },
    drop,
    dropUnused: () => dropUnused(unusedMs),
  }
}

/** What was heard does not count any more. */
export function forget(ear: Ear, at: number): void {
  ear.since = at
  ear.messages = 0
  ear.heard = undefined
}

/** Points of one topic that differ in anything are heard apart. */
function keyOf({ metric, unit, address }: MqttPoint, filter: string): string {
  const { pointer, unit_pointer, timestamp_pointer, invalid } = address
  return JSON.stringify([filter, metric, unit, pointer, unit_pointer, timestamp_pointer, invalid])
}

interface Moment {
  readonly isRetained: boolean
  readonly at: number
  /** Ms since 1970. */
  readonly now: number
}

/** Whether it said something of the point. */
function take(ear: Ear, document: MessageDocument, { isRetained, at, now }: Moment): boolean {
  ear.messages += 1
  ear.first.resolve()
  // A subscription that is made again brings what the broker has kept once more.
  if (isRetained && ear.heard && !ear.heard.isRetained) return false
  const sample = sampleIn(document, ear)
  if (!sample) return false
  const { timestamp_pointer: timestampPointer } = ear.point.address
  const sourceTime =
    timestampPointer === undefined ? undefined : timeOf(evaluatePointer(document.json, timestampPointer), now)
  // Kept and brought once more, it is as old as it was.
  ear.heard = { sample, at: isRetained ? (ear.heard?.at ?? at) : at, isRetained, sourceTime }
  return true
}

/** Undefined where the message says nothing of the point: many machines tell only what has changed. */
function sampleIn({ plain, json, fault }: MessageDocument, { point, filter }: Ear): Sample | undefined {
  const { metric, address } = point
  const { pointer } = address
  if (fault === undefined && pointer === undefined) {
    return sampleOf(plain, { ...point, address: { pointer: '', invalid: address.invalid } })
  }
  if (fault === undefined && json !== undefined && pointer !== undefined) {
    return evaluatePointer(json, pointer) === undefined
      ? undefined
      : sampleOf(json, { ...point, address: { ...address, pointer } })
  }
  // Topics of other kinds under the same wildcard.
  if (hasWildcard(filter)) return undefined
  return { metric, fault: { code: 'VALUE_INVALID', message: `${metric}: ${fault ?? 'the message is no JSON'}` } }
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
