import type { Decoded } from './decode.ts'
import { turnsBytes, turnsRegisters, type WordOrder } from './register-type.ts'

export interface TextFormat {
  /** Registers that the text may take, two characters in each. */
  readonly length: number
  readonly wordOrder: WordOrder
}

/** Two characters in each of as many registers as one request can read. */
export const textRegistersMax = 125

/**
 * The text (ISO 8859-1) that stands at `start` of the registers, up to the first NUL and without spaces around it.
 * Faults: VALUE_INVALID where there is none, or bytes that are no text.
 */
export function decodeText(
  registers: readonly number[],
  start: number,
  { length, wordOrder }: TextFormat,
): Decoded<string> {
  const bytes = Buffer.alloc(length * 2)
  for (let index = 0; index < length; index++) {
    const register = registers[start + (turnsRegisters(wordOrder) ? length - 1 - index : index)] ?? 0
    if (turnsBytes(wordOrder)) bytes.writeUInt16LE(register, index * 2)
    else bytes.writeUInt16BE(register, index * 2)
  }
  const end = bytes.indexOf(0)
  const text = bytes.toString('latin1', 0, end < 0 ? bytes.length : end).trim()
  if (text === '') return { fault: { code: 'VALUE_INVALID', message: 'the machine gives an empty text' } }
  // Memory that was never written is all 0xff, which Latin-1 would take for letters.
  if (/\p{Cc}|^ÿ+$/u.test(text)) return { fault: { code: 'VALUE_INVALID', message: 'the machine gives no text' } }
  return { value: text }
}
