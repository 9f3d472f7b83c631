import type { Fault } from '#core'

/** A Variant as it was decoded: the built-in type by its number (OPC 10000-6, 5.1.2), and whether it is one value. */
export interface GivenVariant {
  readonly dataType: number
  /** 0: one value, 1: an array, 2: a matrix. */
  readonly arrayType: number
  readonly value: unknown
}

/** Longer text is no status word and no serial number, and would only fill the readings. */
const textLengthMax = 256

const single = 10
const dateTime = 13
const long: ReadonlyMap<number, 'signed' | 'unsigned'> = new Map([
  [8, 'signed'],
  [9, 'unsigned'],
])
const texts: ReadonlySet<number> = new Set([12, 14])
const nodeId = 17
const localizedText = 21

/** The value that a point takes of a Variant; `index` names the element of an array, which was asked for as a range of one. */
export function variantValue(given: GivenVariant, index: number | undefined): number | string | boolean | Fault {
  if (given.dataType === 0) return invalid('the server has no value')
  if (given.arrayType === 0) {
    return index === undefined ? scalarOf(given.dataType, given.value) : invalid('one value, which has no index')
  }
  if (given.arrayType !== 1) return invalid('a matrix, of which no element can be named')
  if (index === undefined) return invalid('an array: the point must say which element (index)')
  const elements = elementsOf(given.value)
  // Some servers answer a range with the whole array.
  const element = elements.length > 1 ? elements[index] : elements[0]
  return element === undefined ? invalid(`the array has no element ${index}`) : scalarOf(given.dataType, element)
}

/** The index of the namespace and the number that a node id is made of, `4;5006`. */
export function nodeNumber({ dataType, arrayType, value }: GivenVariant): string | Fault {
  const isNodeId = dataType === nodeId && arrayType === 0 && typeof value === 'object' && value !== null
  const isNumbered = isNodeId && 'namespace' in value && 'value' in value && typeof value.value === 'number'
  return isNumbered ? `${value.namespace};${value.value}` : invalid('no id of a node that has a number')
}

/** Built-in types by number (OPC 10000-6, 5.1.2). */
const names = [
  'nothing',
  'Boolean',
  'SByte',
  'Byte',
  'Int16',
  'UInt16',
  'Int32',
  'UInt32',
  'Int64',
  'UInt64',
  'Float',
  'Double',
  'String',
  'DateTime',
  'Guid',
  'ByteString',
  'XmlElement',
  'NodeId',
  'ExpandedNodeId',
  'StatusCode',
  'QualifiedName',
  'LocalizedText',
  'structure',
]

/** `Float`, `Float[]`, `Float[,]` */
export function typeName({ dataType, arrayType }: GivenVariant): string {
  return `${names[dataType] ?? 'variable'}${['', '[]', '[,]'][arrayType] ?? ''}`
}

/** Arrays of 64-bit numbers are arrays of pairs, all others lists or typed arrays of their elements. */
export function elementsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? [...(value as unknown as Iterable<unknown>)] : []
}

function scalarOf(type: number, value: unknown): number | string | boolean | Fault {
  if (typeof value === 'boolean') return value
  const sign = long.get(type)
  if (sign !== undefined) return longOf(value, sign)
  if (typeof value === 'number') return numberOf(type === single ? shortest(value) : value)
  if (texts.has(type)) return textOf(value)
  if (type === localizedText) return textOf(textIn(value))
  if (type === dateTime && value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  return value === null || value === undefined
    ? invalid('the server has no value')
    : invalid('a value of a type that no metric takes')
}

function numberOf(value: number): number | Fault {
  return Number.isFinite(value)
    ? value
    : invalid(Number.isNaN(value) ? 'NaN, which is no number' : 'an infinite number')
}

/** Two halves of 32 bits, the higher first. */
function longOf(value: unknown, sign: 'signed' | 'unsigned'): number | Fault {
  if (!Array.isArray(value) && !(value instanceof Uint32Array)) return invalid('a 64-bit number that cannot be read')
  const [high, low] = [...value] as (number | undefined)[]
  const bits = (BigInt((high ?? 0) >>> 0) << 32n) | BigInt((low ?? 0) >>> 0)
  const number = Number(sign === 'signed' ? BigInt.asIntN(64, bits) : bits)
  return Number.isSafeInteger(number) ? number : invalid('a 64-bit number with more digits than can be kept')
}

/** A single as the decimal that was meant: 182.1, not 182.10000610351562. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const decimal = Number(value.toPrecision(digits))
    if (Math.fround(decimal) === value) return decimal
  }
  return value
}

function textIn(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'text' in value ? value.text : undefined
}

function textOf(value: unknown): string | Fault {
  if (typeof value !== 'string') return invalid('the server has no value')
  if (value.length > textLengthMax) return invalid(`text of more than ${textLengthMax} characters`)
  // PostgreSQL stores neither NUL nor half a surrogate pair; other control characters have no meaning in a value.
  return value.isWellFormed() && !/\p{Cc}/u.test(value) ? value : invalid('text with characters that cannot be stored')
}

function invalid(message: string): Fault {
  return { code: 'VALUE_INVALID', message }
}
