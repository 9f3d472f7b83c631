import { convertUnit, type MetricPlace, type PathFault, placeOf, quantityOf, unitsOf } from '#core'
import { type GivenWritable, writableFaults } from './writable.ts'

interface GivenPoint {
  readonly metric: string
  readonly unit?: string | undefined
  readonly words?: Readonly<Record<string, string>> | undefined
  readonly write?: GivenWritable | undefined
}

/** What is wrong with the points of a configuration beyond the form of each: doubled metrics, units, words and writing that do not fit the metric. */
export function pointFaults(points: readonly GivenPoint[]): PathFault[] {
  const faults: PathFault[] = []
  const seen = new Set<string>()
  for (const [index, { metric, unit, words, write }] of points.entries()) {
    const path = `additional_config.points[${index}]`
    const place = placeOf(metric)
    if (seen.has(metric)) faults.push({ path: `${path}.metric`, message: `is a second point for ${metric}` })
    seen.add(metric)
    faults.push(...unitFaults(path, place, metric, unit), ...wordFaults(path, place, words))
    if (write !== undefined) faults.push(...writableFaults(`${path}.write`, { metric, place, words, write }))
  }
  return faults
}

function unitFaults(
  path: string,
  place: MetricPlace | undefined,
  metric: string,
  unit: string | undefined,
): PathFault[] {
  const quantity = quantityOf(place)
  if (unit === undefined || !quantity || convertUnit(0, unit, quantity) !== undefined) return []
  return [{ path: `${path}.unit`, message: `must be one of ${unitsOf(quantity).join(', ')} for ${metric}` }]
}

function wordFaults(
  path: string,
  place: MetricPlace | undefined,
  words: Readonly<Record<string, string>> | undefined,
): PathFault[] {
  if (!words || place?.in === 'additional') return []
  if (place?.in !== 'column' || place.metric.kind !== 'word') {
    return [{ path: `${path}.words`, message: 'is for metrics that are words' }]
  }
  const known: readonly string[] = place.metric.words
  const unknown = Object.values(words).filter((word) => !known.includes(word))
  return unknown.map((word) => ({ path: `${path}.words`, message: `${word} is none of ${known.join(', ')}` }))
}
