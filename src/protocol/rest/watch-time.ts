import { isOfSetClock, type LinkTools } from '#connector'
import { momentsOf } from '#core'
import { evaluatePointer, timeOf } from '#protocol/document'
import type { RestTarget } from './schemas.ts'

/** What a document's own time tells of its values. */
export interface MachineTime {
  /** Ms since 1970; absent where the machine gives no time that can be. */
  readonly sourceTime?: number
  /** Why the values may be old ones; absent where they are fresh. */
  readonly doubt?: string
}

/** Looks at the machine's time in one document after the other. A machine that has not been seen before is given time to move. */
export type WatchTime = (target: RestTarget, document: unknown) => MachineTime

interface Seen {
  /** What stood at the pointer, time or not. */
  readonly given: string
  /** Monotonic ms, when it first stood there. */
  readonly since: number
}

export function createWatchTime(clock: LinkTools['clock']): WatchTime {
  /** As long as the machine's configuration lives. */
  const seen = new WeakMap<RestTarget, Seen>()
  /** Of a zone that a machine was given; there are some hundred. */
  const zones = new Map<string, ReturnType<typeof momentsOf>>()
  const zoneOf = (timezone: string) => {
    const zone = zones.get(timezone) ?? momentsOf(timezone)
    zones.set(timezone, zone)
    return zone
  }
  return (target, document) => {
    const { timestamp_pointer: pointer, timezone } = target.settings
    if (pointer === undefined) return {}
    const found = evaluatePointer(document, pointer)
    const given = typeof found === 'object' ? '' : String(found).slice(0, 100)
    const monotonic = clock.monotonic()
    const before = seen.get(target)
    const current = before?.given === given ? before : { given, since: monotonic }
    seen.set(target, current)

    const now = clock.now()
    const zone = timezone === undefined ? undefined : zoneOf(timezone)
    const sourceTime = timeOf(found, zone && ((shown) => zone(shown, now)))
    const isSet = sourceTime !== undefined && isOfSetClock(sourceTime, now)
    const ageMs = isSet ? now - sourceTime : undefined
    const doubt = doubtOf(target.settings, { sourceTime, ageMs, stillMs: monotonic - current.since })
    return { ...(sourceTime === undefined ? {} : { sourceTime }), ...(doubt === undefined ? {} : { doubt }) }
  }
}

interface Age {
  readonly sourceTime: number | undefined
  readonly ageMs: number | undefined
  /** For how long the same has stood at the pointer, by our clock. */
  readonly stillMs: number
}

function doubtOf(settings: RestTarget['settings'], { sourceTime, ageMs = 0, stillMs }: Age): string | undefined {
  const { timestamp_pointer: pointer, frozen_after: seconds } = settings
  const limitMs = seconds * 1_000
  if (limitMs === 0 || Math.max(ageMs, stillMs) < limitMs) return undefined
  if (sourceTime === undefined) return `the machine has given no new time at ${pointer} for ${seconds} s`
  const text = new Date(sourceTime).toISOString()
  if (stillMs >= limitMs) return `the machine's time has stood at ${text} for ${seconds} s: its data is frozen`
  return `the machine's time is ${text}, older than ${seconds} s: its data is old, or its clock or time zone is wrong`
}
