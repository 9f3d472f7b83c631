import { elementsOf, type GivenVariant } from './variant-value.ts'

type Value = number | string | boolean
/** What is written, or why it cannot be. */
export type Written =
  | { readonly variant: { dataType: number; arrayType: number; value: unknown } }
  | { readonly message: string }

/** Built-in types (OPC 10000-6, 5.1.2) of whole numbers, with their bounds. */
const wholeNumbers: ReadonlyMap<number, readonly [name: string, min: number, max: number]> = new Map([
  [2, ['SByte', -(2 ** 7), 2 ** 7 - 1]],
  [3, ['Byte', 0, 2 ** 8 - 1]],
  [4, ['Int16', -(2 ** 15), 2 ** 15 - 1]],
  [5, ['UInt16', 0, 2 ** 16 - 1]],
  [6, ['Int32', -(2 ** 31), 2 ** 31 - 1]],
  [7, ['UInt32', 0, 2 ** 32 - 1]],
  [8, ['Int64', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]],
  [9, ['UInt64', 0, Number.MAX_SAFE_INTEGER]],
])
const types = { boolean: 1, int64: 8, uint64: 9, float: 10, double: 11, text: 12, time: 13, localizedText: 21 } as const
const floatMax = 3.4028234663852886e38
/** Longer text is no recipe name and no setting. */
const textLengthMax = 1_000
const scalar = 0
const array = 1

interface Place {
  /** What the node holds now: its type is the one that is written. */
  readonly held: GivenVariant
  readonly index: number | undefined
  /** What the server gave when it was asked for that element alone. */
  readonly element?: GivenVariant | null | undefined
  /** Of an enumeration, by number. */
  readonly words?: ReadonlyMap<number, string> | undefined
}

/** A value as the node's own type, within its bounds; nothing is rounded and nothing is cut off. */
export function writtenVariant(value: Value, { held, index, element, words }: Place): Written {
  const { dataType, arrayType } = held
  if (arrayType > array) return refused('the node holds a matrix, of which no element can be named')
  if (arrayType === array && index === undefined)
    return refused('the node holds an array: the point must say which element (index)')
  if (arrayType === scalar && index !== undefined) return refused('the node holds one value, which has no index')
  if (index !== undefined && !isElement(held, index, element))
    return refused(`the server does not give element ${index} alone`)
  const encoded = encodedAs(dataType, numberOfWord(value, words))
  if ('message' in encoded) return encoded
  return {
    variant:
      arrayType === array
        ? { dataType, arrayType: array, value: arrayOf(dataType, encoded.value) }
        : { dataType, arrayType: scalar, value: encoded.value },
  }
}

/** A server that answers a range with the whole array would take one element for the whole array, too. */
function isElement(held: GivenVariant, index: number, element: GivenVariant | null | undefined): boolean {
  return elementsOf(held.value).length > index && elementsOf(element?.value).length === 1
}

function encodedAs(type: number, value: Value): { readonly value: unknown } | { readonly message: string } {
  const whole = wholeNumbers.get(type)
  if (whole) return wholeNumber(type, value, whole)
  if (type === types.boolean) return truth(value)
  if (type === types.float || type === types.double) {
    const max = type === types.float ? floatMax : Number.MAX_VALUE
    const isNumber = typeof value === 'number' && Math.abs(value) <= max
    return isNumber ? { value } : refused(`must be a number${type === types.float ? ' that a single can hold' : ''}`)
  }
  if (type === types.time) {
    const time = typeof value === 'string' ? new Date(value) : new Date(Number.NaN)
    return Number.isNaN(time.getTime()) ? refused('must be a time such as 2026-11-20T04:30:00Z') : { value: time }
  }
  if (type === types.text || type === types.localizedText) {
    const text = String(value)
    if (text.length > textLengthMax) return refused(`must be text of at most ${textLengthMax} characters`)
    return { value: type === types.text ? text : { text } }
  }
  return refused('the node holds a value of a type that is not written')
}

function wholeNumber(type: number, value: Value, [name, min, max]: readonly [string, number, number]) {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    return refused(`must be a whole number from ${min} to ${max} (${name})`)
  }
  if (type !== types.int64 && type !== types.uint64) return { value }
  const bits = BigInt.asUintN(64, BigInt(value))
  return { value: [Number(bits >> 32n), Number(bits & 0xffff_ffffn)] }
}

function truth(value: Value) {
  if (typeof value === 'boolean') return { value }
  return value === 0 || value === 1 ? { value: value === 1 } : refused('must be true or false')
}

/** A word of the server for one of its numbers. */
function numberOfWord(value: Value, words: ReadonlyMap<number, string> | undefined): Value {
  return [...(words ?? [])].find(([, word]) => word === value)?.[0] ?? value
}

/** An array of one element in the form in which the library keeps arrays of this type. */
function arrayOf(type: number, value: unknown): unknown {
  const kinds: Readonly<Record<number, { from(values: number[]): unknown }>> = {
    2: Int8Array,
    3: Uint8Array,
    4: Int16Array,
    5: Uint16Array,
    6: Int32Array,
    7: Uint32Array,
    10: Float32Array,
    11: Float64Array,
  }
  return kinds[type]?.from([value as number]) ?? [value]
}

function refused(message: string): { readonly message: string } {
  return { message }
}
