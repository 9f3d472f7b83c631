import { canonicalMetrics, isJudged, placeOf, type Quantity, type Reading } from '#core'

type Value = number | string | boolean

/**
 * How to take a metric's value out of a reading; a value that is missing or faulty is `undefined`. What no machine can have is
 * judged all the same: a broken sensor of a cold room must not be what keeps its alarm quiet.
 */
export function readerOf(metric: string): (reading: Reading) => Value | undefined {
  const place = placeOf(metric)
  if (place === undefined) return () => undefined
  const { name } = place
  const isUsable = ({ quality }: Reading): boolean => quality === null || isJudged(quality[metric])
  if (place.in === 'column') return (reading) => (isUsable(reading) ? reading.values[place.name] : undefined)
  if (place.in === 'zone') return (reading) => (isUsable(reading) ? reading.zones?.[name] : undefined)
  return (reading) => (isUsable(reading) ? reading.additional?.[name] : undefined)
}

const symbols: Record<Quantity, string> = {
  temperature: '°C',
  fraction: '%',
  energy: 'kWh',
  power: 'kW',
  mass: 'kg',
  time: 'min',
  rotation: 'rpm',
}

/** The symbol of the unit in which a metric is stored; empty where it has none or nobody knows it. */
export function unitOf(metric: string): string {
  const place = placeOf(metric)
  if (place?.in === 'zone') return symbols.temperature
  if (place?.in !== 'column') return ''
  const canonical = canonicalMetrics[place.name]
  return canonical.kind === 'number' ? symbols[canonical.quantity] : ''
}
