import {
  type CanonicalMetric,
  canonicalMetrics,
  type MetricPlace,
  placeOf,
  type Quantity,
  quantityOf,
} from './metric.ts'
import type { EquipmentType } from './words.ts'

/** What a sensor can give, in our unit. What is not said is not looked at. */
export interface SensorLimits {
  readonly min?: number | undefined
  readonly max?: number | undefined
  /** Fastest change in a minute, either way; 0: any. */
  readonly max_rate_per_minute?: number | undefined
  /** Longest time with exactly the same value; 0: any. */
  readonly flatline_minutes?: number | undefined
  /** It may come and go. */
  readonly optional?: boolean | undefined
}

/** What somebody knows better of one machine's sensors, by metric, and of its clock. */
export interface GivenLimits {
  readonly sensors: Readonly<Record<string, SensorLimits>>
  readonly maxSkewMs?: number
}

/** What the sensors of one machine can give. */
export interface QualityLimits {
  /** Of a metric that is a number. */
  of(metric: string): SensorLimits
  readonly maxSkewMs: number
}

/** What equipment of a bakery can measure at all; beyond it the sensor is broken, or the register, the scale or the unit is the wrong one. */
const ranges: Record<Quantity, readonly [min: number, max: number]> = {
  temperature: [-100, 1_000],
  // Hygrometers show a little more than saturation.
  fraction: [0, 105],
  energy: [0, 1e10],
  power: [-10_000, 10_000],
  mass: [-1_000, 100_000],
  time: [0, 100_000],
  rotation: [-10_000, 100_000],
}

/** Hours that a compressor cannot stand still for, or a wall cannot keep its temperature to the last digit. */
const halfADay = 12 * 60

const oven = { min: -20, max: 600, max_rate_per_minute: 600 }
const cold = { max_rate_per_minute: 90, flatline_minutes: halfADay }
const cooker = { min: -20, max: 250, max_rate_per_minute: 600 }

/**
 * The temperature that a machine itself measures (°C). These find broken sensors and are no alarms: a freezer that is switched off in
 * a hot bakery and washed with hot water stays within them, and so does an oven in winter. Broken sensors read −200, 850 or 3276.7.
 */
const temperatures: Partial<Record<EquipmentType, SensorLimits>> = {
  deck_oven: oven,
  convection_oven: { ...oven, max: 450 },
  rack_oven: { ...oven, max: 450 },
  combi_steamer: { ...oven, max: 400 },
  proofer: { min: -40, max: 90, max_rate_per_minute: 90 },
  retarder: { ...cold, min: -40, max: 90 },
  mixer: { min: -30, max: 120 },
  cold_room: { ...cold, min: -50, max: 70 },
  freezer: { ...cold, min: -80, max: 70 },
  fryer: { ...cooker, max: 400 },
  kettle: cooker,
  dishwasher: { ...cooker, max: 150 },
  fermenter: { min: -20, max: 150, max_rate_per_minute: 600 },
  brew_kettle: cooker,
}

/** Sensors that are there or broken; everything else comes and goes with programs, probes and what a machine finds worth telling. */
const alwaysThere: ReadonlySet<string> = new Set<CanonicalMetric>([
  'temperature',
  'humidity',
  'energy_consumption_kwh',
  'power_kw',
])

/** Slow clouds and clocks that nobody sets are this far off; beyond it what is filled in afterwards would stand at the wrong place. */
const maxSkewMsDefault = 60_000

/** Of machines of which nobody knows better: the same for all of a type. */
const standardLimits = new Map<EquipmentType, QualityLimits>()

export function qualityLimits(type: EquipmentType = 'other', given?: GivenLimits): QualityLimits {
  if (given) return limitsOf(type, given)
  const standard = standardLimits.get(type) ?? limitsOf(type)
  standardLimits.set(type, standard)
  return standard
}

function limitsOf(type: EquipmentType, given?: GivenLimits): QualityLimits {
  return {
    of(metric) {
      const quantity = quantityOf(placeOf(metric))
      const [min, max] = quantity ? ranges[quantity] : []
      const known = metric === 'temperature' ? temperatures[type] : undefined
      const optional = !(alwaysThere.has(metric) || metric.startsWith('temperature_zones.'))
      return { min, max, optional, ...known, ...given?.sensors[metric] }
    },
    maxSkewMs: given?.maxSkewMs ?? maxSkewMsDefault,
  }
}

/** Whether a metric is a number, or may be one: only those have limits. */
export function hasLimits(place: MetricPlace | undefined): boolean {
  return place !== undefined && !(place.in === 'column' && canonicalMetrics[place.name].kind === 'word')
}
