import { convertUnit, type Fault, type Quantity } from '#core'
import { type TextUnit, unitOfText } from './unit-of-text.ts'

/** What a numeric metric expects of a text. */
export interface NumberWish {
  /** What the metric measures; absent: a number without unit text is all that is taken. */
  readonly quantity: Quantity
  /** UCUM unit that the number is wanted in; absent: the one that Bakewire stores. */
  readonly unit?: string | undefined
}

export interface NumberInText {
  /** As it stands in the text. */
  readonly raw: number
  /** In the unit that is wanted. */
  readonly value: number
  /** UCUM unit, where the machine says one. */
  readonly unit?: string
}

/** More digits than this are not exact as a double. */
const digitsMax = 15
/** As JSON writes it, but without exponent. */
const plain = /^-?(0|[1-9]\d*)(\.\d+)?$/
const decimalComma = /^-?(0|[1-9]\d*),\d+$/
/** `1,234`: a thousand and more, or a little more than one. `0,500` and `1234,567` cannot be grouped so. */
const ambiguousComma = /^-?[1-9]\d{0,2},\d{3}$/
const pointGroups = /^-?[1-9]\d{0,2}(\.\d{3})+,\d+$/
const commaGroups = /^-?[1-9]\d{0,2}(,\d{3})+\.\d+$/

/** What machines write where they have no value, in lower case. */
const noValue = new Set(['n/a', 'n.a.', 'na', 'nan', 'null', 'none', 'nil', 'undefined', '-', '--', '---', '----', '?'])

/**
 * The number that a text holds, with decimal point or comma and with a unit behind it: `23.5`, `23,5`, `1.234,5`,
 * `74.3 °F`. VALUE_INVALID where it may be read in two ways, says that there is no value, or measures something else.
 */
export function numberOfText(text: string, wish: NumberWish): NumberInText | Fault {
  const trimmed = text.trim()
  if (trimmed === '') return invalid('empty text: the machine has no value')
  if (noValue.has(trimmed.toLowerCase())) return invalid('the machine says that it has no value')
  const [, digits = '', unitText = ''] = /^(-?\d[\d.,]*)\s*(.*)$/s.exec(trimmed) ?? []
  const raw = numberOf(digits)
  if (typeof raw === 'object') return raw
  if (unitText === '') return { raw, value: raw }
  const unit = unitOfText(unitText)
  return unit ? inWantedUnit(raw, unit, wish) : invalid('text that is not a number with a unit known here')
}

/** A number whose unit stands elsewhere. VALUE_INVALID where that is none known here, or measures something else. */
export function numberInUnit(raw: number, unitText: unknown, wish: NumberWish): NumberInText | Fault {
  const unit = typeof unitText === 'string' ? unitOfText(unitText.trim()) : undefined
  return unit ? inWantedUnit(raw, unit, wish) : invalid('the machine gives no unit that is known here')
}

function numberOf(digits: string): number | Fault {
  if (digits.replace(/\D/g, '').length > digitsMax) return invalid(`a number of more than ${digitsMax} digits`)
  if (plain.test(digits)) return Number(digits)
  if (ambiguousComma.test(digits)) return invalid('ambiguous: its comma may be a decimal comma or group thousands')
  if (decimalComma.test(digits)) return Number(digits.replace(',', '.'))
  if (pointGroups.test(digits)) return Number(digits.replaceAll('.', '').replace(',', '.'))
  if (commaGroups.test(digits)) return Number(digits.replaceAll(',', ''))
  return invalid('text that is not a plain decimal number')
}

function inWantedUnit(raw: number, given: TextUnit, { quantity, unit: wanted }: NumberWish): NumberInText | Fault {
  if (given.quantity !== quantity) return invalid(`the machine says ${given.unit}, which is no unit of ${quantity}`)
  if (wanted === undefined) return { raw, value: converted(raw, given.unit, quantity), unit: given.unit }
  if (isSameUnit(given.unit, wanted, quantity)) return { raw, value: raw, unit: given.unit }
  return invalid(`the machine says ${given.unit}, but the point's unit is ${wanted}`)
}

/** Floating point leaves 23.499999999999996 °C of 74.3 °F: nine decimals are beyond every sensor. */
function converted(raw: number, unit: string, quantity: Quantity): number {
  const value = convertUnit(raw, unit, quantity)
  return value === undefined || value === raw ? raw : Math.round(value * 1e9) / 1e9
}

function isSameUnit(one: string, other: string, quantity: Quantity): boolean {
  return [0, 1].every((value) => convertUnit(value, one, quantity) === convertUnit(value, other, quantity))
}

function invalid(message: string): Fault {
  return { code: 'VALUE_INVALID', message }
}
