import { type CanonicalMetric, canonicalMetrics, type Quantity } from './metric.ts'
import type { Reading } from './reading.ts'

/** What equipment of a bakery can measure at all; beyond it the sensor is broken, or the register, the scale or the unit is the wrong one. */
const ranges: Record<Quantity, readonly [number, number]> = {
  temperature: [-100, 1_000],
  // Hygrometers show a little more than saturation.
  fraction: [0, 105],
  energy: [0, 1e10],
  power: [-10_000, 10_000],
  mass: [-1_000, 100_000],
  time: [0, 100_000],
  rotation: [-10_000, 100_000],
}

export interface Implausible {
  readonly metric: string
  /** For the technician: `temperature is 6553.5, expected between -100 and 1000`. */
  readonly message: string
}

/** The values of a reading that no such machine can have. */
export function implausibleValues({ values, zones }: Pick<Reading, 'values' | 'zones'>): Implausible[] {
  const found: Implausible[] = []
  const judge = (metric: string, value: number, quantity: Quantity) => {
    const [low, high] = ranges[quantity]
    if (value < low || value > high)
      found.push({ metric, message: `${metric} is ${value}, expected between ${low} and ${high}` })
  }
  for (const name in values) {
    const metric = canonicalMetrics[name as CanonicalMetric]
    const value = values[name as CanonicalMetric]
    if (metric.kind === 'number' && typeof value === 'number') judge(name, value, metric.quantity)
  }
  for (const name in zones) judge(`temperature_zones.${name}`, zones[name] ?? 0, 'temperature')
  return found
}
