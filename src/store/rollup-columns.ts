import { type CanonicalMetric, canonicalMetricNames, canonicalMetrics, isCounter } from '#core'

/** What a roll-up holds of numbers. */
export interface NumberRollup {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
}

/** What a roll-up holds of a counter; `growth` is from the first value to the last, going on from where it was set back. */
export interface CounterRollup {
  readonly first: number
  readonly last: number
  readonly growth: number
}

/** What a roll-up holds of one zone or additional value: its numbers, where there were any, and the last value where that was none. */
export interface NamedRollup {
  readonly numbers: NumberRollup | null
  readonly last: string | boolean | null
}

/** What the good values of one machine came to in one minute, hour or UTC day. Metrics without a value are not there. */
export interface Rollup {
  /** Where the bucket begins. */
  readonly bucket: Date
  readonly readings: number
  readonly numbers: { readonly [metric in CanonicalMetric]?: NumberRollup }
  readonly counters: { readonly [metric in CanonicalMetric]?: CounterRollup }
  /** The last ones. */
  readonly words: { readonly [metric in CanonicalMetric]?: string }
  readonly temperature_zones: Readonly<Record<string, NamedRollup>> | null
  readonly additional: Readonly<Record<string, NamedRollup>> | null
  /** By metric, how many values were missing or doubtful. */
  readonly quality: Readonly<Record<string, number>>
}

export const counterMetrics = canonicalMetricNames.filter(isCounter)
export const wordMetrics = canonicalMetricNames.filter((name) => canonicalMetrics[name].kind === 'word')
export const numberMetrics = canonicalMetricNames.filter(
  (name) => canonicalMetrics[name].kind === 'number' && !isCounter(name),
)

/** Without a number the count is 0 and the next three are null. */
type NamedEntries = Record<string, [count: number, sum: number, min: number, max: number, last: NamedRollup['last']]>

/** A row of `readings_1m`, `readings_1h` or `readings_1d` as the driver gives it. */
export type RollupRow = {
  readonly bucket: Date
  readonly readings: number
  readonly temperature_zones: NamedEntries | null
  readonly additional: NamedEntries | null
  readonly quality: Record<string, number> | null
} & Readonly<Record<string, unknown>>

export function rollupOf(row: RollupRow): Rollup {
  const number = (name: string) => row[name] as number
  const numbers = numberMetrics
    .filter((name) => row[`${name}_count`] !== null)
    .map((name) => [
      name,
      {
        count: number(`${name}_count`),
        sum: number(`${name}_sum`),
        min: number(`${name}_min`),
        max: number(`${name}_max`),
      },
    ])
  const counters = counterMetrics
    .filter((name) => row[`${name}_growth`] !== null)
    .map((name) => [
      name,
      { first: number(`${name}_first`), last: number(`${name}_last`), growth: number(`${name}_growth`) },
    ])
  const words = wordMetrics.filter((name) => row[`${name}_last`] !== null).map((name) => [name, row[`${name}_last`]])
  return {
    bucket: row.bucket,
    readings: row.readings,
    numbers: Object.fromEntries(numbers),
    counters: Object.fromEntries(counters),
    words: Object.fromEntries(words),
    temperature_zones: namedOf(row.temperature_zones),
    additional: namedOf(row.additional),
    quality: row.quality ?? {},
  }
}

function namedOf(entries: NamedEntries | null): Rollup['additional'] {
  if (entries === null) return null
  const rollups = Object.entries(entries).map(([name, [count, sum, min, max, last]]) => [
    name,
    { numbers: count > 0 ? { count, sum, min, max } : null, last },
  ])
  return Object.fromEntries(rollups)
}
