import { canonicalMetricNames, placeOf } from '#core'
import { faultAt } from '../fault-at.ts'
import type { ReadingRecord } from '../reading-record.ts'
import type { Bucket } from './fold-buckets.ts'

/** Keeps of a reading what was asked for. */
export type ChosenReading = Partial<ReadingRecord> & Pick<ReadingRecord, 'reading_time'>
export type MetricChoice = (reading: ReadingRecord) => ChosenReading

/**
 * Understands `temperature`, `temperature_zones.core`, `additional`: canonical fields, single zones and additional
 * keys, or all of them by `temperature_zones` and `additional`. Throws CONFIG_INVALID naming what is no metric.
 */
export function chooseMetrics(names: readonly string[] | undefined): MetricChoice {
  if (names === undefined) return (reading) => reading
  refuseUnknown(names)
  const columns = canonicalMetricNames.filter((name) => names.includes(name))
  const zones = subChoice(names, 'temperature_zones')
  const additional = subChoice(names, 'additional')
  return (reading) => {
    const chosen: ChosenReading = { reading_time: reading.reading_time, source_time: reading.source_time }
    for (const name of columns) chosen[name] = reading[name]
    if (zones) chosen.temperature_zones = zones(reading.temperature_zones)
    if (additional) chosen.additional = additional(reading.additional)
    chosen.quality = qualityOf(reading.quality, names)
    return chosen
  }
}

/** Keeps of a bucket what was asked for: its metrics have the places that those of a reading have. */
export function chosenBucket(choose: MetricChoice, bucket: Bucket): Bucket {
  const whole = bucket as unknown as ReadingRecord
  const made = choose(whole)
  if (made === whole) return bucket
  const { source_time: _, ...chosen } = made
  return chosen as unknown as Bucket
}

type SubChoice = <T>(values: Record<string, T> | null) => Record<string, T> | null

/** How the values below a field are chosen, `undefined` when none of them is. */
function subChoice(names: readonly string[], field: string): SubChoice | undefined {
  if (names.includes(field)) return (values) => values
  const wanted = names.filter((name) => name.startsWith(`${field}.`)).map((name) => name.slice(field.length + 1))
  if (wanted.length === 0) return undefined
  return (values) => values && Object.fromEntries(Object.entries(values).filter(([name]) => wanted.includes(name)))
}

function qualityOf(quality: ReadingRecord['quality'], names: readonly string[]): ReadingRecord['quality'] {
  const isWanted = (metric: string) =>
    metric === 'source_time' || names.includes(metric) || names.includes(metric.split('.')[0] ?? '')
  return quality && Object.fromEntries(Object.entries(quality).filter(([metric]) => isWanted(metric)))
}

function refuseUnknown(names: readonly string[]): void {
  const isKnown = (name: string) => name === 'temperature_zones' || name === 'additional' || placeOf(name) !== undefined
  const unknown = names.find((name) => !isKnown(name))
  if (unknown === undefined) return
  throw faultAt('CONFIG_INVALID', 'metrics', `names ${JSON.stringify(unknown.slice(0, 100))}, which is no metric`)
}
