import { z } from 'zod'
import { type CanonicalMetric, canonicalMetricNames, canonicalMetrics, type Quantity, type Reading } from '#core'
import type { StoredReading } from '#store'
import { timeOf, timeOrNull, timeText, wordOf } from './answer-fields.ts'

type Value = number | string | null

const unitOf: Record<Quantity, string> = {
  temperature: '°C',
  fraction: '%',
  energy: 'kWh, the counter as the meter shows it',
  power: 'kW',
  mass: 'kg',
  time: 'minutes',
  rotation: 'rpm',
}

/** The values of a reading; null where there is none. */
export const readingFields = {
  ...everyMetric(fieldOf),
  temperature_zones: z
    .record(z.string(), z.number())
    .nullable()
    .meta({ description: '°C by zone', examples: [{ cabinet: 180, core: 72 }] }),
  additional: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .nullable()
    .meta({ description: 'What this machine measures besides', examples: [{ voltage_l1: 231.4 }] }),
  quality: z
    .record(z.string(), z.string())
    .nullable()
    .meta({
      description:
        'By metric (and `source_time`), why a value is missing or doubtful; empty when all is good. The code of a fault, or `MISSING`: no value. ' +
        '`UNCERTAIN`: the machine itself doubts it. `IMPLAUSIBLE`: no such machine can have it. `RATE`: it came faster than such a machine can change. ' +
        '`FLATLINE`: exactly the same for too long. `COUNTER_RESET`: the counter fell. `CLOCK_SKEW`: the time is wrong or old. ' +
        '`BACKFILLED`: good, kept by the machine while nobody read it. No value is ever altered',
    }),
}

export const readingSchema = z
  .object({ reading_time: timeText(), source_time: timeText().nullable(), ...readingFields })
  .meta({ id: 'Reading', title: 'Reading', description: 'The values of one machine at one moment.' })

export type ReadingRecord = z.output<typeof readingSchema>
export type ReadingValues = Omit<ReadingRecord, 'reading_time' | 'source_time'>

export const noValues: ReadingValues = {
  ...everyMetric(() => null),
  temperature_zones: null,
  additional: null,
  quality: null,
}

/** A row as it is stored, as answers show it. */
export function readingRecord(row: StoredReading): ReadingRecord {
  return {
    reading_time: timeOf(row.reading_time),
    source_time: timeOrNull(row.source_time),
    ...everyMetric((name) => shownValue(name, row[name])),
    temperature_zones: row.temperature_zones,
    additional: row.additional,
    quality: row.quality ?? {},
  }
}

/** A reading that a worker just took, in the form of a stored row. */
export function asStored(reading: Reading): StoredReading {
  return {
    reading_time: new Date(reading.readingTime),
    source_time: reading.sourceTime === null ? null : new Date(reading.sourceTime),
    ...everyMetric((name) => reading.values[name] ?? null),
    temperature_zones: reading.zones && { ...reading.zones },
    additional: reading.additional && { ...reading.additional },
    quality: reading.quality && { ...reading.quality },
  }
}

/** A word that this release does not know is `unknown`. */
export function shownValue(name: CanonicalMetric, value: Value): Value {
  const metric = canonicalMetrics[name]
  return metric.kind === 'word' && typeof value === 'string' ? wordOf(metric.words, value, 'unknown') : value
}

function fieldOf(name: CanonicalMetric): z.ZodType<Value> {
  const metric = canonicalMetrics[name]
  if (metric.kind === 'word') return z.enum(metric.words).nullable()
  return z.number().nullable().meta({ description: unitOf[metric.quantity] })
}

function everyMetric<T>(make: (name: CanonicalMetric) => T): Record<CanonicalMetric, T> {
  return Object.fromEntries(canonicalMetricNames.map((name) => [name, make(name)])) as Record<CanonicalMetric, T>
}
