import { type CanonicalMetric, canonicalMetricNames, canonicalMetrics, isCounted } from '#core'
import { timeOf } from '../answer-fields.ts'
import type { ChosenReading } from './choose-metrics.ts'

export interface NumberStatistics {
  readonly avg: number
  readonly min: number
  readonly max: number
  readonly count: number
}
export interface LastValue {
  readonly last: string | boolean
}
export interface CounterGrowth {
  /** What the counter has grown by since the reading before; where it was set back it goes on from there. */
  readonly delta: number
  readonly last: number
}
type Summary = NumberStatistics | LastValue | CounterGrowth

/** What the readings of a bucket come to. Values whose quality word says that they are no statistic are counted in `quality` and in nothing else. */
export type Bucket = {
  readonly reading_time: string
  readonly temperature_zones?: Record<string, NumberStatistics> | null
  readonly additional?: Record<string, NumberStatistics | LastValue> | null
  readonly quality: Record<string, number>
} & { readonly [metric in CanonicalMetric]?: Summary | null }

const counters: ReadonlySet<string> = new Set<CanonicalMetric>(['energy_consumption_kwh'])

export interface BucketFold {
  /** Takes the next reading; gives the bucket that it completes. */
  add(time: number, reading: ChosenReading): Bucket | undefined
  /** The bucket that is not complete, if any reading is in it. */
  rest(): Bucket | undefined
}

/**
 * Folds readings, given in their order, into buckets aligned to 1970-01-01T00:00Z. `counterBefore`: the last value of the
 * energy counter before the first reading, where there is one.
 */
export function foldBuckets(widthMs: number, counterBefore?: number): BucketFold {
  const previous = new Map<string, number>()
  if (counterBefore !== undefined) previous.set('energy_consumption_kwh', counterBefore)
  let current: Gathering | undefined

  return {
    add(time, reading) {
      const start = Math.floor(time / widthMs) * widthMs
      const complete = current && current.start !== start ? current.bucket() : undefined
      if (current?.start !== start) current = gather(start, previous)
      current.add(reading)
      return complete
    },
    rest: () => current?.bucket(),
  }
}

type Gathering = ReturnType<typeof gather>

function gather(start: number, previous: Map<string, number>) {
  const columns = new Map<CanonicalMetric, Gathered | undefined>()
  const zones = new Map<string, Gathered>()
  const additional = new Map<string, Gathered>()
  const quality: Record<string, number> = {}
  let hasZones = false
  let hasAdditional = false

  const addAll = (
    into: Map<string, Gathered>,
    values: Readonly<Record<string, unknown>>,
    isGood: (name: string) => boolean,
  ) => {
    for (const name of Object.keys(values)) if (isGood(name)) into.set(name, gathered(into.get(name), values[name]))
  }

  return {
    start,
    add(reading: ChosenReading) {
      const faults = doubtsOf(reading.quality)
      for (const name of Object.keys(faults)) quality[name] = (quality[name] ?? 0) + 1
      for (const name of canonicalMetricNames) {
        const value = reading[name]
        if (value === undefined) continue
        const before = columns.get(name)
        if (value === null || name in faults) columns.set(name, before)
        else if (counters.has(name)) columns.set(name, grown(before, Number(value), previous.get(name)))
        else columns.set(name, gathered(before, value))
        if (counters.has(name) && value !== null && !(name in faults)) previous.set(name, Number(value))
      }
      hasZones ||= reading.temperature_zones !== undefined
      hasAdditional ||= reading.additional !== undefined
      addAll(zones, reading.temperature_zones ?? {}, (name) => !(`temperature_zones.${name}` in faults))
      addAll(additional, reading.additional ?? {}, (name) => !(`additional.${name}` in faults))
    },
    bucket(): Bucket {
      const summaries = [...columns].map(([name, one]) => [name, one ? summaryOf(one) : null])
      return {
        reading_time: timeOf(new Date(start)),
        ...Object.fromEntries(summaries),
        ...(hasZones ? { temperature_zones: summariesOf(zones) } : {}),
        ...(hasAdditional ? { additional: summariesOf(additional) } : {}),
        quality,
      } as Bucket
    },
  }
}

/** What keeps values from being counted. */
function doubtsOf(quality: ChosenReading['quality']): Readonly<Record<string, string>> {
  const words = Object.entries(quality ?? {})
  return words.length === 0 ? noDoubts : Object.fromEntries(words.filter(([, word]) => !isCounted(word)))
}

const noDoubts = {}

interface Gathered {
  sum: number
  min: number
  max: number
  count: number
  last: unknown
  growth: number | undefined
}

function gathered(before: Gathered | undefined, value: unknown): Gathered {
  const one = before ?? { sum: 0, min: Infinity, max: -Infinity, count: 0, last: null, growth: undefined }
  one.last = value
  if (typeof value !== 'number') return one
  one.sum += value
  one.count += 1
  if (value < one.min) one.min = value
  if (value > one.max) one.max = value
  return one
}

function grown(before: Gathered | undefined, value: number, previous: number | undefined): Gathered {
  const one = gathered(before, value)
  one.growth = (one.growth ?? 0) + Math.max(0, value - (previous ?? value))
  return one
}

function summaryOf({ sum, min, max, count, last, growth }: Gathered): Summary {
  if (growth !== undefined) return { delta: rounded(growth), last: Number(last) }
  if (typeof last === 'number') return { avg: rounded(sum / count), min, max, count }
  return { last: last as string | boolean }
}

function summariesOf(values: Map<string, Gathered>): Record<string, Summary> | null {
  if (values.size === 0) return null
  return Object.fromEntries([...values].map(([name, one]) => [name, summaryOf(one)]))
}

/** Sums of doubles end in noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(12))
}

export function isCounter(name: CanonicalMetric): boolean {
  return counters.has(name)
}

export function isNumber(name: CanonicalMetric): boolean {
  return canonicalMetrics[name].kind === 'number'
}
