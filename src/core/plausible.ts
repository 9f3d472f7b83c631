import type { QualityLimits, SensorLimits } from './quality-limits.ts'
import type { Reading } from './reading.ts'

export interface Implausible {
  readonly metric: string
  /** For the technician: `temperature is 6553.5, expected between -100 and 1000`. */
  readonly message: string
}

/** Finds the values of a reading that no such machine can have. */
export type FindImplausible = (reading: Pick<Reading, 'values' | 'zones' | 'additional'>) => Implausible[]

/** Prepares it for one machine. */
export function createFindImplausible(limits: QualityLimits): FindImplausible {
  const columns = createLookUp('', limits)
  const zones = createLookUp('temperature_zones.', limits)
  const additional = createLookUp('additional.', limits)
  return (reading) => {
    const found: Implausible[] = []
    collect(found, reading.values, columns)
    if (reading.zones) collect(found, reading.zones, zones)
    if (reading.additional) collect(found, reading.additional, additional)
    return found
  }
}

type LookUp = (name: string) => { readonly metric: string; readonly limits: SensorLimits }

/** Limits by the name below a prefix, each made once. */
function createLookUp(prefix: string, limits: QualityLimits): LookUp {
  const known = new Map<string, ReturnType<LookUp>>()
  return (name) => {
    const before = known.get(name)
    if (before) return before
    const metric = prefix + name
    const made = { metric, limits: limits.of(metric) }
    known.set(name, made)
    return made
  }
}

function collect(found: Implausible[], values: Readonly<Record<string, unknown>>, lookUp: LookUp): void {
  for (const name in values) {
    const value = values[name]
    if (typeof value !== 'number') continue
    const { metric, limits } = lookUp(name)
    const { min = -Infinity, max = Infinity } = limits
    if (value < min || value > max) found.push({ metric, message: `${metric} is ${value}, expected ${span(limits)}` })
  }
}

function span({ min, max }: SensorLimits): string {
  if (min === undefined) return `at most ${max}`
  return max === undefined ? `at least ${min}` : `between ${min} and ${max}`
}
