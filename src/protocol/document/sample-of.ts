import type { Sample } from '#connector'
import { type Fault, placeOf, type Quantity } from '#core'
import { evaluatePointer } from './json-pointer.ts'
import { type NumberInText, numberInUnit, numberOfText } from './number-of-text.ts'

interface PointerPoint {
  readonly metric: string
  /** UCUM unit that the machine gives; absent: already in ours. */
  readonly unit?: string
  readonly address: {
    readonly pointer: string
    /** Numbers that mean "no value", in the machine's unit. */
    readonly invalid?: readonly number[]
    /** Where the document says the unit of a number, for machines whose display can be switched. */
    readonly unit_pointer?: string | undefined
  }
}

interface Place {
  readonly document: unknown
  readonly point: PointerPoint
}

/** Longer text is no status word and no serial number, and would only fill the readings. */
const textLengthMax = 256

/**
 * What sensors and their electronics give when a probe is broken or missing: DS18B20, displays of four digits, ends of
 * 16-bit numbers, whole and in tenths. Not 85, which a DS18B20 gives after power-up and an oven every morning.
 */
const brokenSensor: ReadonlySet<number> = new Set([-127, -999, 999.9, 9_999, 32_767, -32_768, 65_535, 3_276.7, 6_553.5])

/**
 * What a parsed JSON document says of one point, in the machine's own words and in the point's unit. VALUE_INVALID where
 * the pointer names nothing, an object or null, where a numeric metric gets no number, and where a number means that there
 * is none. A number may come as text, with a unit (`"23,5 °C"`).
 */
export function sampleOf(document: unknown, point: PointerPoint): Sample {
  return sampleOfFound(evaluatePointer(document, point.address.pointer), { document, point })
}

/** The same of what stands at the point's pointer already. */
export function sampleOfFound(found: unknown, place: Place): Sample {
  const { metric, address } = place.point
  const quantity = quantityOf(metric)
  const value = quantity ? numberOf(found, quantity, place) : wordOf(found, place.point)
  if (typeof value !== 'object') return { metric, value, quality: 'good' }
  const where = address.pointer === '' ? 'the whole document' : address.pointer
  return { metric, fault: { ...value, message: `${metric} at ${where}: ${value.message}` } }
}

/** What a number of this metric measures; undefined where the metric takes words. */
function quantityOf(metric: string): Quantity | undefined {
  const place = placeOf(metric)
  if (place?.in === 'zone') return 'temperature'
  return place?.in === 'column' && place.metric.kind === 'number' ? place.metric.quantity : undefined
}

function numberOf(found: unknown, quantity: Quantity, place: Place): number | Fault {
  if (typeof found !== 'number' && typeof found !== 'string')
    return invalid(`${kindOf(found)} where a number is needed`)
  const number = withUnit(found, quantity, place)
  const { address } = place.point
  if ('code' in number) return number
  if (!Number.isFinite(number.value)) return invalid('the number is out of range')
  if (meansNoValue(number.raw, address)) return invalid(`${number.raw} is configured to mean that there is no value`)
  if (quantity === 'temperature' && brokenSensor.has(number.raw)) {
    return invalid(`${number.raw} is what a broken or missing sensor gives`)
  }
  return number.value
}

function withUnit(found: number | string, quantity: Quantity, { document, point }: Place): NumberInText | Fault {
  const wish = { quantity, unit: point.unit }
  const number = typeof found === 'number' ? { raw: found, value: found } : numberOfText(found, wish)
  const { unit_pointer: unitPointer } = point.address
  if (unitPointer === undefined || 'code' in number || 'unit' in number) return number
  return numberInUnit(number.raw, evaluatePointer(document, unitPointer), wish)
}

function wordOf(found: unknown, { address }: PointerPoint): number | string | boolean | Fault {
  if (typeof found === 'boolean') return found
  if (typeof found === 'number') {
    if (!Number.isFinite(found)) return invalid('the number is out of range')
    return meansNoValue(found, address) ? invalid(`${found} is configured to mean that there is no value`) : found
  }
  if (typeof found !== 'string') return invalid(`${kindOf(found)} where a value is needed`)
  if (found.length > textLengthMax) return invalid(`text of more than ${textLengthMax} characters`)
  // PostgreSQL stores neither NUL nor half a surrogate pair; other control characters have no meaning in a value.
  return found.isWellFormed() && !/\p{Cc}/u.test(found) ? found : invalid('text with characters that cannot be stored')
}

function meansNoValue(number: number, { invalid: numbers = [] }: PointerPoint['address']): boolean {
  return numbers.includes(number)
}

function invalid(message: string): Fault {
  return { code: 'VALUE_INVALID', message }
}

function kindOf(found: unknown): string {
  if (found === undefined) return 'there is nothing'
  if (found === null) return 'null (the machine has no value)'
  if (Array.isArray(found)) return 'a list'
  return typeof found === 'object' ? 'an object' : `a ${typeof found}`
}
