import { type CanonicalMetric, canonicalMetricNames, canonicalMetrics, isCounted, isCounter, limits } from '#core'
import type { NamedRollup, NumberRollup, Rollup } from '#store'
import { timeOf } from '../answer-fields.ts'
import { shownValue } from '../reading-record.ts'
import type { BucketGrid } from './bucket-grid.ts'
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

export interface BucketFold {
  /** Takes the next reading; gives the bucket that it completes. */
  add(time: number, reading: ChosenReading): Bucket | undefined
  /** Takes what the readings of a part of a bucket came to. */
  addRollup(rollup: Rollup): Bucket | undefined
  /** The bucket that is not complete, if any reading is in it. */
  rest(): Bucket | undefined
}

/**
 * Folds readings and roll-ups, given in their order, into buckets. `counterBefore`: the last value of the energy counter before
 * the first reading, where there is one.
 */
export function foldBuckets(grid: BucketGrid, counterBefore?: number): BucketFold {
  const previous = new Map<string, number>()
  if (counterBefore !== undefined) previous.set('energy_consumption_kwh', counterBefore)
  let current: Gathering | undefined

  const moveTo = (time: number): [Gathering, Bucket | undefined] => {
    const start = grid.beginOf(time)
    if (current?.start === start) return [current, undefined]
    const complete = current?.bucket()
    current = gather(start, previous)
    return [current, complete]
  }

  return {
    add(time, reading) {
      const [gathering, complete] = moveTo(time)
      gathering.add(reading)
      return complete
    },
    addRollup(rollup) {
      const [gathering, complete] = moveTo(rollup.bucket.getTime())
      gathering.addRollup(rollup)
      return complete
    },
    rest: () => current?.bucket(),
  }
}

type Gathering = ReturnType<typeof gather>

function gather(start: number, previous: Map<string, number>) {
  const columns = new Map<CanonicalMetric, Gathered | undefined>()
  const zones = new Map<string, Gathered>()
  const additionalValues = new Map<string, Gathered>()
  const quality: Record<string, number> = {}
  let hasZones = false
  let hasAdditional = false

  const addAll = (
    into: Map<string, Gathered>,
    values: Readonly<Record<string, unknown>>,
    isGood: (name: string) => boolean,
  ) => {
    for (const name of Object.keys(values))
      if (isGood(name) && counts(values[name])) into.set(name, gathered(into.get(name), values[name]))
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
        if (value === null || name in faults || !counts(value)) columns.set(name, before)
        else if (isCounter(name)) columns.set(name, grown(before, Number(value), previous.get(name)))
        else columns.set(name, gathered(before, value))
        if (isCounter(name) && value !== null && !(name in faults) && counts(value)) previous.set(name, Number(value))
      }
      hasZones ||= reading.temperature_zones !== undefined
      hasAdditional ||= reading.additional !== undefined
      addAll(zones, reading.temperature_zones ?? {}, (name) => !(`temperature_zones.${name}` in faults))
      addAll(additionalValues, reading.additional ?? {}, (name) => !(`additional.${name}` in faults))
    },
    addRollup({ numbers, counters, words, temperature_zones, additional, quality: doubts }: Rollup) {
      for (const [name, count] of Object.entries(doubts)) quality[name] = (quality[name] ?? 0) + count
      for (const name of canonicalMetricNames) {
        const before = columns.get(name)
        const [number, counter, word] = [numbers[name], counters[name], words[name]]
        if (counter) {
          columns.set(name, grownBy(grown(before, counter.first, previous.get(name)), counter))
          previous.set(name, counter.last)
        } else if (number) columns.set(name, merged(before, number))
        else columns.set(name, word === undefined ? before : gathered(before, shownValue(name, word)))
      }
      hasZones = true
      hasAdditional = true
      mergeAll(zones, temperature_zones)
      mergeAll(additionalValues, additional)
    },
    bucket(): Bucket {
      const bucket: Record<string, unknown> = { reading_time: timeOf(new Date(start)) }
      for (const [name, one] of columns) bucket[name] = one ? summaryOf(one) : null
      if (hasZones) bucket['temperature_zones'] = summariesOf(zones)
      if (hasAdditional) bucket['additional'] = summariesOf(additionalValues)
      bucket['quality'] = quality
      return bucket as Bucket
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

function mergeAll(into: Map<string, Gathered>, rollups: Rollup['additional']) {
  for (const [name, { numbers, last }] of Object.entries(rollups ?? {}))
    into.set(name, merged(into.get(name), numbers, last))
}

/** `last` is the last value where that was no number. */
function merged(
  before: Gathered | undefined,
  numbers: NumberRollup | null,
  last: NamedRollup['last'] = null,
): Gathered {
  const one = gathered(before, last)
  if (numbers === null) return one
  one.last = last ?? numbers.max
  one.sum += numbers.sum
  one.count += numbers.count
  one.min = Math.min(one.min, numbers.min)
  one.max = Math.max(one.max, numbers.max)
  return one
}

function grownBy(one: Gathered, { growth, last }: { growth: number; last: number }): Gathered {
  one.growth = (one.growth ?? 0) + growth
  one.last = last
  return one
}

/** Sentinels of doubles have no sum. */
function counts(value: unknown): boolean {
  return typeof value !== 'number' || Math.abs(value) <= limits.statisticValueMax
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
  const summaries: Record<string, Summary> = {}
  for (const [name, one] of values) summaries[name] = summaryOf(one)
  return summaries
}

/** Sums of doubles end in noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(12))
}

export function isNumber(name: CanonicalMetric): boolean {
  return canonicalMetrics[name].kind === 'number'
}
