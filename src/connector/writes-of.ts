import { BakewireError, convertIntoUnit, type PathFault, placeOf, quantityOf } from '#core'
import type { Point, Writable } from './definition.ts'
import type { Write } from './requests.ts'
import { valuesOf } from './writable.ts'

/** Values to be written, by metric, in our units and words. */
export type WantedValues = Readonly<Record<string, number | string | boolean>>

/**
 * What the machine is to be told. Every value is checked against what its point may be written, before any is sent: throws
 * CONFIG_INVALID naming all that are refused, by path below `values`.
 */
export function writesOf(points: readonly Point[], wanted: WantedValues): Write<Point>[] {
  const byMetric = new Map(points.map((point) => [point.metric, point]))
  const faults: PathFault[] = []
  const writes: Write<Point>[] = []
  for (const [metric, value] of Object.entries(wanted)) {
    const point = byMetric.get(metric)
    const message = refusalOf(point?.write, value)
    if (message !== undefined || !point) faults.push({ path: `values.${metric}`, message: message ?? notWritable })
    else writes.push({ point, value: asTheMachineHasIt(point, value) })
  }
  const [first] = faults
  if (!first) return writes
  throw new BakewireError('CONFIG_INVALID', `${first.path} ${first.message}; nothing was written`, { errors: faults })
}

const notWritable = 'may not be written: no point of the configuration allows it with `write`'

function refusalOf(write: Writable | undefined, value: number | string | boolean): string | undefined {
  if (write === undefined) return notWritable
  if (write === true) return typeof value === 'boolean' ? undefined : 'must be true or false'
  if ('words' in write) {
    return typeof value === 'string' && write.words.includes(value)
      ? undefined
      : `must be one of ${write.words.join(', ')}`
  }
  const isWithin = typeof value === 'number' && value >= write.min && value <= write.max
  return isWithin ? undefined : `must be a number from ${write.min} to ${write.max}`
}

function asTheMachineHasIt({ metric, unit, words }: Point, value: number | string | boolean) {
  if (typeof value === 'string') return readAs(words ? (valuesOf(value, words)[0] ?? value) : value)
  const quantity = quantityOf(placeOf(metric))
  if (typeof value === 'boolean' || unit === undefined || quantity === undefined) return value
  const converted = convertIntoUnit(value, unit, quantity) ?? value
  // Floating point leaves 356.00000000000006 °F of 180 °C: nine decimals are beyond every machine.
  return Math.round(converted * 1e9) / 1e9
}

/** Keys of `words` are text, whatever the machine's values are: what reads as a number or a truth value is one. */
function readAs(text: string): number | string | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  return text !== '' && String(number) === text && Number.isFinite(number) ? number : text
}
