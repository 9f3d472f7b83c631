import type { ErrorCode } from './errors.ts'
import type { CanonicalMetric } from './metric.ts'
import type { QualityWord } from './quality-words.ts'

export interface Fault {
  readonly code: ErrorCode
  readonly message: string
}

/** What one point gave in one read, in the machine's own unit and words: a value, or a fault that says why there is none. */
export type Sample =
  | {
      readonly metric: string
      readonly value: number | string | boolean
      /** `uncertain`: the equipment gave the value but says itself that it may be wrong. */
      readonly quality: 'good' | 'uncertain'
      /** Why an uncertain value is one, where that is known; it degrades the machine. Told once, however many points say it. */
      readonly doubt?: string
      /** The machine's own time of the value, ms since 1970, where it gives one. */
      readonly sourceTime?: number
    }
  | { readonly metric: string; readonly fault: Fault }

/** One machine at one moment: one row of `equipment_sensor_readings`. */
export interface Reading {
  readonly equipmentId: string
  /** The worker's clock when the read completed, ms since 1970. With the equipment id the key of the row. */
  readonly readingTime: number
  readonly sourceTime: number | null
  readonly values: Readonly<Partial<Record<CanonicalMetric, number | string>>>
  /** °C by zone name. */
  readonly zones: Readonly<Record<string, number>> | null
  readonly additional: Readonly<Record<string, number | string | boolean>> | null
  /** By metric, only what is not good. */
  readonly quality: Readonly<Record<string, QualityWord>> | null
}

/** Whether a reading tells what was some time ago: nothing is to be judged or told by it as it comes. */
export function isBackfilled({ quality }: Pick<Reading, 'quality'>): boolean {
  return quality !== null && Object.values(quality).includes('BACKFILLED')
}

/** A reading of what a machine had kept: at the machine's own time, and every value of it marked. */
export function asBackfilled(reading: Reading): Reading {
  const { readingTime, values, zones, additional, quality } = reading
  const metrics = [
    ...Object.keys(values),
    ...Object.keys(zones ?? {}).map((name) => `temperature_zones.${name}`),
    ...Object.keys(additional ?? {}).map((name) => `additional.${name}`),
  ]
  const marks = Object.fromEntries(metrics.map((metric) => [metric, 'BACKFILLED' as const]))
  return { ...reading, sourceTime: readingTime, quality: { ...marks, ...quality } }
}
