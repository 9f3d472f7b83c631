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

type Mutable<T> = { -readonly [key in keyof T]: T[key] }

/** Names of columns are made once: a year by the day is thousands of look-ups. */
const columnsOf = <Part extends string>(names: readonly CanonicalMetric[], parts: readonly Part[]) =>
  names.map((name) => {
    const columns = Object.fromEntries(parts.map((part) => [part, `${name}_${part}`])) as Record<Part, string>
    return { name, ...columns }
  })
const numberColumns = columnsOf(numberMetrics, ['count', 'sum', 'min', 'max'])
const counterColumns = columnsOf(counterMetrics, ['first', 'last', 'growth'])
const wordColumns = columnsOf(wordMetrics, ['last'])

export function rollupOf(row: RollupRow): Rollup {
  const number = (column: string) => row[column] as number
  const numbers: Mutable<Rollup['numbers']> = {}
  for (const { name, count, sum, min, max } of numberColumns) {
    if (row[count] === null) continue
    numbers[name] = { count: number(count), sum: number(sum), min: number(min), max: number(max) }
  }
  const counters: Mutable<Rollup['counters']> = {}
  for (const { name, first, last, growth } of counterColumns) {
    if (row[growth] !== null) counters[name] = { first: number(first), last: number(last), growth: number(growth) }
  }
  const words: Mutable<Rollup['words']> = {}
  for (const { name, last } of wordColumns) if (row[last] !== null) words[name] = row[last] as string
  return {
    bucket: row.bucket,
    readings: row.readings,
    numbers,
    counters,
    words,
    temperature_zones: namedOf(row.temperature_zones),
    additional: namedOf(row.additional),
    quality: row.quality ?? {},
  }
}

function namedOf(entries: NamedEntries | null): Rollup['additional'] {
  if (entries === null) return null
  const rollups: Record<string, NamedRollup> = {}
  for (const name of Object.keys(entries)) {
    const [count, sum, min, max, last] = entries[name] as NamedEntries[string]
    rollups[name] = { numbers: count > 0 ? { count, sum, min, max } : null, last }
  }
  return rollups
}
