import { type Decoded, decodeNumber, type NumberFormat, scaledValue } from './decode.ts'
import { decodeText, type TextFormat } from './decode-text.ts'
import { encodeNumber } from './encode.ts'
import { type RegisterType, turnsBytes, turnsRegisters } from './register-type.ts'

/** What to write, or in plain words why the value cannot be. */
export type Encoded<What> = What | { readonly refusal: string }

/** The least and greatest raw number of each type; of 64 bits as far as a number is exact. */
const ranges: Readonly<Record<RegisterType, readonly [least: number, greatest: number]>> = {
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  float32: [-3.402_823_466_385_288_6e38, 3.402_823_466_385_288_6e38],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  float64: [-Number.MAX_VALUE, Number.MAX_VALUE],
  bcd16: [0, 9_999],
  bcd32: [0, 99_999_999],
}

/** How far what is read back may lie from the value, relative to it: half a step of a single or double, or the noise of reckoning. */
const closeness: Partial<Record<RegisterType, number>> = { float32: 2 ** -23, float64: 2 ** -50 }
const reckoningNoise = 1e-12

/** The registers from which `decodeNumber` reads this value. */
export function encodeValue(value: number, format: NumberFormat): Encoded<{ readonly registers: readonly number[] }> {
  const found = rawOf(value, format, ranges[format.type])
  if ('refusal' in found) return found
  const registers = encodeNumber(found.raw, format.type, format.wordOrder)
  return faultOf(value, format, decodeNumber(registers, 0, format)) ?? { registers }
}

/** What a mask write needs: the bits of the register that stay, and what the others become. */
export interface Mask {
  readonly keep: number
  readonly set: number
}

/** For a part of a register that is read as a number. */
export function encodeBits(value: number, format: NumberFormat & Required<Pick<NumberFormat, 'bits'>>): Encoded<Mask> {
  const { first, count } = format.bits
  const found = rawOf(value, format, [0, 2 ** count - 1])
  if ('refusal' in found) return found
  const mask = maskOf(found.raw << first, (2 ** count - 1) << first, format)
  return faultOf(value, format, decodeNumber([mask.set], 0, format)) ?? mask
}

/** For one bit of a register. */
export function encodeBit(on: boolean, { bit, wordOrder }: { bit: number } & Pick<NumberFormat, 'wordOrder'>): Mask {
  return maskOf(on ? 1 << bit : 0, 1 << bit, { wordOrder })
}

/** The registers from which `decodeText` reads this text: ISO 8859-1, filled up with NUL. */
export function encodeText(text: string, format: TextFormat): Encoded<{ readonly registers: readonly number[] }> {
  const { length, wordOrder } = format
  if (text.length > length * 2)
    return { refusal: `it has more than the ${length * 2} characters that there is room for` }
  if (/[^\u0020-\u007e\u00a0-\u00ff]/u.test(text)) return { refusal: 'it has characters that are not of ISO 8859-1' }
  const bytes = Buffer.alloc(length * 2)
  bytes.write(text, 'latin1')
  const registers = Array.from({ length }, (_, index) =>
    turnsBytes(wordOrder) ? bytes.readUInt16LE(index * 2) : bytes.readUInt16BE(index * 2),
  )
  if (turnsRegisters(wordOrder)) registers.reverse()
  const decoded = decodeText(registers, 0, format)
  return 'value' in decoded && decoded.value === text
    ? { registers }
    : { refusal: 'it is empty, or begins or ends with a space, and could not be read back' }
}

function rawOf(
  value: number,
  format: NumberFormat,
  [least, greatest]: readonly [number, number],
): Encoded<{ readonly raw: number }> {
  if (!Number.isFinite(value)) return { refusal: 'it is not a finite number' }
  const exact = (value - format.offset) / format.scale
  const raw = isFloat(format.type) ? exact : Math.round(exact)
  if (raw >= least && raw <= greatest) return { raw }
  const ends = [scaledValue(least, format), scaledValue(greatest, format)].toSorted((left, right) => left - right)
  return { refusal: `${value} is not within what can be held there, ${ends.join(' to ')}` }
}

function faultOf(value: number, format: NumberFormat, decoded: Decoded<number>): { refusal: string } | undefined {
  if ('fault' in decoded) return { refusal: `${value} would mean that there is no value` }
  const size = Math.max(Math.abs(value), Math.abs(format.offset))
  if (Math.abs(decoded.value - value) <= size * (closeness[format.type] ?? reckoningNoise)) return undefined
  const steps = isFloat(format.type)
    ? 'is too small to be told from 0'
    : `lies between two steps of ${Math.abs(format.scale)}`
  return { refusal: `${value} ${steps}` }
}

function maskOf(set: number, changed: number, { wordOrder }: Pick<NumberFormat, 'wordOrder'>): Mask {
  const asRegister = (bits: number) => encodeNumber(bits & 0xffff, 'uint16', wordOrder)[0] ?? 0
  return { keep: asRegister(~changed), set: asRegister(set) }
}

function isFloat(type: RegisterType): boolean {
  return type === 'float32' || type === 'float64'
}
