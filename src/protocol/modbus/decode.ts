import type { Fault } from '#core'
import { type RegisterType, registerCounts, turnsBytes, turnsRegisters, type WordOrder } from './register-type.ts'

export interface NumberFormat {
  readonly type: RegisterType
  readonly wordOrder: WordOrder
  /** Only so many bits of a `uint16`, from this one on (0 is the least significant). */
  readonly bits?: { readonly first: number; readonly count: number }
  /** value = raw × scale + offset. */
  readonly scale: number
  readonly offset: number
  /** Raw values, before scale, by which the machine says that it has none. */
  readonly invalid: readonly number[]
}

export type Decoded<Value> = { readonly value: Value } | { readonly fault: Fault }

/** The number that stands at `start` of the registers. Faults: VALUE_INVALID. */
export function decodeNumber(registers: readonly number[], start: number, format: NumberFormat): Decoded<number> {
  const whole = rawNumber(registers, start, format)
  const raw = format.bits ? (whole >> format.bits.first) & (2 ** format.bits.count - 1) : whole
  if (format.invalid.includes(raw)) return invalid(`the machine gives ${raw}, its word for no value`)
  if (!Number.isFinite(raw)) {
    return invalid(`the machine gives no ${format.type.startsWith('bcd') ? 'decimal digits' : 'finite number'}`)
  }
  if (isSubnormal(raw, format.type)) {
    return invalid(
      `the machine gives ${raw}, which is no measurement: its word order is another than ${format.wordOrder}`,
    )
  }
  const value = scaledValue(raw, format)
  return Number.isFinite(value) ? { value } : invalid('the value is too large')
}

/** Bit 0 (least significant) … 15 of the register at `start`. */
export function decodeBit(registers: readonly number[], start: number, { bit, wordOrder }: BitFormat): boolean {
  return ((rawNumber(registers, start, { type: 'uint16', wordOrder }) >> bit) & 1) === 1
}

export interface BitFormat {
  readonly bit: number
  readonly wordOrder: WordOrder
}

/** Round numbers in another word order: 230.0 (0x4366 0x0000) with its registers turned is 2.4e-41. */
function isSubnormal(raw: number, type: RegisterType): boolean {
  return type === 'float32' && raw !== 0 && Math.abs(raw) < smallestNormalSingle
}

/** IEEE 754 binary32. */
const smallestNormalSingle = 2 ** -126

function invalid(message: string): { fault: Fault } {
  return { fault: { code: 'VALUE_INVALID', message } }
}

/** Scratch of `rawNumber`, which is synchronous: a buffer for every number would be most of what a poll allocates. */
const view = new DataView(new ArrayBuffer(8))

function rawNumber(
  registers: readonly number[],
  start: number,
  { type, wordOrder }: Pick<NumberFormat, 'type' | 'wordOrder'>,
): number {
  if (wordOrder === 'ABCD' && (type === 'int16' || type === 'uint16')) {
    const register = registers[start] ?? 0
    return type === 'int16' ? (register << 16) >> 16 : register
  }
  const count = registerCounts[type]
  for (let index = 0; index < count; index++) {
    const from = start + (turnsRegisters(wordOrder) ? count - 1 - index : index)
    view.setUint16(index * 2, registers[from] ?? 0, turnsBytes(wordOrder))
  }
  return readers[type]()
}

const readers: Record<RegisterType, () => number> = {
  int16: () => view.getInt16(0),
  uint16: () => view.getUint16(0),
  int32: () => view.getInt32(0),
  uint32: () => view.getUint32(0),
  float32: () => shortestSingle(view.getFloat32(0)),
  int64: () => Number(view.getBigInt64(0)),
  uint64: () => Number(view.getBigUint64(0)),
  float64: () => view.getFloat64(0),
  bcd16: () => decimal(view.getUint16(0)),
  bcd32: () => decimal(view.getUint32(0)),
}

function decimal(coded: number): number {
  const digits = coded.toString(16)
  return /^\d+$/.test(digits) ? Number(digits) : Number.NaN
}

/** The shortest decimal that is this single: 230.1, not 230.10000610351562. Nine digits always suffice. */
function shortestSingle(single: number): number {
  if (single === 0 || !Number.isFinite(single)) return single
  const exponent = decimalExponent(single)
  for (const digits of [7, 8]) {
    const short = roundedTo(single, digits - 1 - exponent)
    if (Math.fround(short) === single) return short
  }
  return roundedTo(single, 8 - exponent)
}

/** raw × scale + offset. A double surely keeps fifteen digits of a decimal: what lies beyond those of the larger summand is noise (0.1 × 236 = 23.6). */
export function scaledValue(raw: number, { scale, offset }: Pick<NumberFormat, 'scale' | 'offset'>): number {
  if (scale === 1 && offset === 0) return raw
  const product = raw * scale
  const largest = Math.max(Math.abs(product), Math.abs(offset))
  if (largest === 0 || !Number.isFinite(largest)) return product + offset
  return roundedTo(product + offset, 14 - decimalExponent(largest))
}

function decimalExponent(value: number): number {
  return Math.floor(Math.log10(Math.abs(value)))
}

/** Powers of ten are exact doubles up to 10^22, so that one division gives the double nearest to the decimal. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

function roundedTo(value: number, decimals: number): number {
  if (decimals > 22) return Number(value.toFixed(Math.min(decimals, 100)))
  if (decimals < -22) return value
  if (decimals < 0) return Math.round(value / 10 ** -decimals) * 10 ** -decimals
  const power = powersOfTen[decimals] ?? Number.NaN
  return Math.round(value * power) / power
}
