import { cycleStages, doorStatuses, operationalStatuses } from './words.ts'

export type Quantity = 'temperature' | 'fraction' | 'energy' | 'power' | 'mass' | 'time' | 'rotation'

interface NumberMetric {
  readonly kind: 'number'
  readonly quantity: Quantity
}
interface WordMetric {
  readonly kind: 'word'
  readonly words: readonly string[]
}

/** The typed columns of a reading. Everything else lives under `temperature_zones.<name>` or `additional.<key>`. */
export const canonicalMetrics = {
  temperature: { kind: 'number', quantity: 'temperature' },
  target_temperature: { kind: 'number', quantity: 'temperature' },
  humidity: { kind: 'number', quantity: 'fraction' },
  energy_consumption_kwh: { kind: 'number', quantity: 'energy' },
  power_kw: { kind: 'number', quantity: 'power' },
  operational_status: { kind: 'word', words: operationalStatuses },
  cycle_stage: { kind: 'word', words: cycleStages },
  cycle_progress_percentage: { kind: 'number', quantity: 'fraction' },
  time_remaining_minutes: { kind: 'number', quantity: 'time' },
  motor_speed_rpm: { kind: 'number', quantity: 'rotation' },
  door_status: { kind: 'word', words: doorStatuses },
  steam_level: { kind: 'number', quantity: 'fraction' },
  product_weight_kg: { kind: 'number', quantity: 'mass' },
  moisture_content: { kind: 'number', quantity: 'fraction' },
} as const satisfies Record<string, NumberMetric | WordMetric>

export type CanonicalMetric = keyof typeof canonicalMetrics
export const canonicalMetricNames = Object.keys(canonicalMetrics) as CanonicalMetric[]

/** Counters only grow, but where a meter is changed: what counts is by how much. */
const counters: ReadonlySet<string> = new Set<CanonicalMetric>(['energy_consumption_kwh'])

export function isCounter(name: CanonicalMetric): boolean {
  return counters.has(name)
}

/** Where a metric's value goes in a reading. */
export type MetricPlace =
  | { readonly in: 'column'; readonly name: CanonicalMetric; readonly metric: NumberMetric | WordMetric }
  | { readonly in: 'zone'; readonly name: string }
  | { readonly in: 'additional'; readonly name: string }

/** What a place measures, where it is known and a number. */
export function quantityOf(place: MetricPlace | undefined): Quantity | undefined {
  if (place?.in === 'zone') return 'temperature'
  return place?.in === 'column' && place.metric.kind === 'number' ? place.metric.quantity : undefined
}

/** Names below a prefix: letters, digits, `_`, `-`, at most 64, so that they are inert in SQL, CSV, HTML and URLs. */
const subName = /^[A-Za-z0-9_-]{1,64}$/

/** Of the metrics that machines have: a place is asked for with every value that is read. */
const places = new Map<string, MetricPlace>()
const placesMax = 10_000

/** `temperature` → its column, `temperature_zones.core` → a zone, `additional.key` → the JSON field; anything else is no metric. */
export function placeOf(metric: string): MetricPlace | undefined {
  const known = places.get(metric)
  if (known) return known
  const found = findPlace(metric)
  if (places.size >= placesMax) places.clear()
  if (found) places.set(metric, found)
  return found
}

function findPlace(metric: string): MetricPlace | undefined {
  if (Object.hasOwn(canonicalMetrics, metric)) {
    const name = metric as CanonicalMetric
    return { in: 'column', name, metric: canonicalMetrics[name] }
  }
  const dot = metric.indexOf('.')
  const name = metric.slice(dot + 1)
  if (dot < 0 || !subName.test(name) || name === '__proto__') return undefined
  if (metric.startsWith('temperature_zones.')) return { in: 'zone', name }
  if (metric.startsWith('additional.')) return { in: 'additional', name }
  return undefined
}
