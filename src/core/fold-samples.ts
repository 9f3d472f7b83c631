import { together } from './fault-text.ts'
import { type CanonicalMetric, canonicalMetrics, type MetricPlace, placeOf } from './metric.ts'
import { findImplausibleBy } from './plausible.ts'
import { type QualityLimits, qualityLimits } from './quality-limits.ts'
import type { QualityWord } from './quality-words.ts'
import type { Fault, Reading, Sample } from './reading.ts'
import { convertUnit } from './unit.ts'

interface FoldedPoint {
  readonly metric: string
  readonly unit?: string
  readonly words?: Readonly<Record<string, string>>
}

export interface Folded {
  readonly reading: Reading
  /** Points that gave a value; one that no such machine can have counts, and is a fault all the same. */
  readonly good: number
  /** What was wrong, all points together; `undefined` when every point was good. */
  readonly fault: Fault | undefined
}

/** Turns the samples of one read into one reading: in our units and words, with a quality word for what is not good. */
export type Fold = (samples: readonly Sample[], readingTime: number) => Folded

type Accept = (into: Draft, value: number | string | boolean) => boolean

type Valued = Extract<Sample, { value: unknown }>

interface Draft {
  values: Partial<Record<CanonicalMetric, number | string>>
  zones: Record<string, number> | null
  additional: Record<string, number | string | boolean> | null
}

/** Longest text that a machine-specific sensor may give. */
const textLengthMax = 1_000

/**
 * Prepares folding for one machine, so that the work per read is a table look-up per point. A machine without points
 * describes itself: what it gives is taken under the name it has, in our units and words.
 */
export function createFold(
  equipmentId: string,
  points: readonly FoldedPoint[],
  limits: QualityLimits = qualityLimits(),
): Fold {
  const findImplausible = findImplausibleBy(limits)
  const accepts = new Map(points.map((point) => [point.metric, acceptorOf(point)]))
  const acceptNamed = (metric: string) => (points.length === 0 ? acceptorOf({ metric }) : undefined)
  const take = (sample: Valued, draft: Draft) =>
    takeValue(accepts.get(sample.metric) ?? acceptNamed(sample.metric), draft, sample)
  return (samples, readingTime) => {
    const draft: Draft = { values: {}, zones: null, additional: null }
    let quality: Record<string, QualityWord> | null = null
    let sourceTime: number | null = null
    const faults: Fault[] = []
    let doubts: Set<string> | undefined
    let good = 0
    for (const sample of samples) {
      const failed = 'fault' in sample ? sample.fault : take(sample, draft)
      if (failed) {
        quality ??= {}
        quality[sample.metric] = failed.code
        faults.push(failed)
      } else if ('value' in sample) {
        good += 1
        sourceTime = Math.max(sourceTime ?? 0, sample.sourceTime ?? 0) || null
        if (sample.quality === 'uncertain') {
          quality ??= {}
          quality[sample.metric] = 'UNCERTAIN'
          if (sample.doubt !== undefined) doubts = (doubts ?? new Set()).add(sample.doubt)
        }
      }
    }
    for (const message of doubts ?? []) faults.push({ code: 'VALUE_INVALID', message })
    for (const { metric, message } of findImplausible(draft)) {
      quality ??= {}
      quality[metric] = 'IMPLAUSIBLE'
      faults.push({ code: 'VALUE_INVALID', message })
    }
    return { reading: { equipmentId, readingTime, sourceTime, ...draft, quality }, good, fault: together(faults) }
  }
}

function takeValue(accept: Accept | undefined, draft: Draft, { metric, value }: Valued): Fault | undefined {
  if (accept?.(draft, value)) return undefined
  return { code: 'VALUE_INVALID', message: `${metric}: the machine gave a value that does not fit` }
}

/** Of points without words of their own, by metric and unit: most machines of a fleet have the same. */
const acceptors = new Map<string, Accept>()
const acceptorsMax = 10_000

function acceptorOf(point: FoldedPoint): Accept {
  if (point.words) return makeAcceptor(point)
  const key = `${point.metric} ${point.unit ?? ''}`
  const known = acceptors.get(key)
  if (known) return known
  const made = makeAcceptor(point)
  if (acceptors.size >= acceptorsMax) acceptors.clear()
  acceptors.set(key, made)
  return made
}

function makeAcceptor(point: FoldedPoint): Accept {
  const place = placeOf(point.metric)
  if (place?.in === 'zone') return intoZone(place.name, point.unit)
  if (place?.in === 'additional') return intoAdditional(place.name, point.words)
  if (place?.in === 'column')
    return place.metric.kind === 'number' ? intoNumber(place, point.unit) : intoWord(place, point.words)
  return () => false
}

function intoNumber(place: Extract<MetricPlace, { in: 'column' }>, unit: string | undefined): Accept {
  const metric = canonicalMetrics[place.name]
  const convert = metric.kind === 'number' ? converter(unit, metric.quantity) : () => undefined
  return (draft, value) => {
    const converted = convert(value)
    if (converted === undefined) return false
    draft.values[place.name] = converted
    return true
  }
}

function intoZone(name: string, unit: string | undefined): Accept {
  const convert = converter(unit, 'temperature')
  return (draft, value) => {
    const converted = convert(value)
    if (converted === undefined) return false
    draft.zones ??= {}
    draft.zones[name] = converted
    return true
  }
}

function intoWord(
  place: Extract<MetricPlace, { in: 'column' }>,
  words: Readonly<Record<string, string>> | undefined,
): Accept {
  const known = new Set<string>(place.metric.kind === 'word' ? place.metric.words : [])
  const meanings = words ?? (place.name === 'door_status' ? contact : undefined)
  return (draft, value) => {
    const text = String(value)
    const word = (meanings && own(meanings, text)) ?? (known.has(text.toLowerCase()) ? text.toLowerCase() : undefined)
    draft.values[place.name] = word ?? 'unknown'
    return word !== undefined
  }
}

function intoAdditional(name: string, words: Readonly<Record<string, string>> | undefined): Accept {
  return (draft, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return false
    const meant = words ? own(words, String(value)) : undefined
    draft.additional ??= {}
    draft.additional[name] = meant ?? (typeof value === 'string' ? value.slice(0, textLengthMax) : value)
    return true
  }
}

/** A door contact without words of its own: closed circuit or 1 means open, as controllers with a door switch report it. */
const contact: Readonly<Record<string, string>> = { true: 'open', false: 'closed', '1': 'open', '0': 'closed' }

function converter(unit: string | undefined, quantity: Parameters<typeof convertUnit>[2]) {
  return (value: number | string | boolean): number | undefined => {
    if (typeof value !== 'number') return undefined
    const converted = unit === undefined ? value : convertUnit(value, unit, quantity)
    if (converted === value) return Number.isFinite(value) ? value : undefined
    // Floating point leaves 185.00000000000003 °C of 365 °F: nine decimals are beyond every sensor.
    const rounded = converted === undefined ? undefined : Math.round(converted * 1e9) / 1e9
    return rounded !== undefined && Number.isFinite(rounded) ? rounded : undefined
  }
}

function own(words: Readonly<Record<string, string>>, text: string): string | undefined {
  return Object.hasOwn(words, text) ? words[text] : undefined
}
