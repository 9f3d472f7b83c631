import type { QualityLimits } from './quality-limits.ts'
import type { Reading } from './reading.ts'

export interface Implausible {
  readonly metric: string
  /** For the technician: `temperature is 6553.5, expected between -100 and 1000`. */
  readonly message: string
}

/** Finds the values of a reading that no such machine can have. */
export type FindImplausible = (reading: Pick<Reading, 'values' | 'zones' | 'additional'>) => Implausible[]

/** Machines with the same limits share what was prepared for them. */
const prepared = new WeakMap<QualityLimits, FindImplausible>()

export function findImplausibleBy(limits: QualityLimits): FindImplausible {
  const known = prepared.get(limits) ?? prepare(limits)
  prepared.set(limits, known)
  return known
}

function prepare(limits: QualityLimits): FindImplausible {
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

interface Range {
  readonly metric: string
  readonly min: number
  readonly max: number
}

const namesMax = 10_000

type LookUp = (name: string) => Range

/** Ranges by the name below a prefix, each made once. */
function createLookUp(prefix: string, limits: QualityLimits): LookUp {
  const known = new Map<string, Range>()
  return (name) => {
    const before = known.get(name)
    if (before) return before
    const metric = prefix + name
    const { min = -Infinity, max = Infinity } = limits.of(metric)
    const made = { metric, min, max }
    // Names of machines that describe themselves are theirs to choose.
    if (known.size < namesMax) known.set(name, made)
    return made
  }
}

function collect(found: Implausible[], values: Readonly<Record<string, unknown>>, lookUp: LookUp): void {
  for (const name in values) {
    const value = values[name]
    if (typeof value !== 'number') continue
    const { metric, min, max } = lookUp(name)
    if (value < min || value > max) found.push({ metric, message: `${metric} is ${value}, expected ${span(min, max)}` })
  }
}

function span(min: number, max: number): string {
  if (min === -Infinity) return `at most ${max}`
  return max === Infinity ? `at least ${min}` : `between ${min} and ${max}`
}
