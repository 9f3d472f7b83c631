import { describe, expect, it } from 'vitest'
import { decodeText, type TextFormat } from './decode-text.ts'

const format: TextFormat = { length: 4, wordOrder: 'ABCD' }
const registersOf = (text: string) =>
  Array.from({ length: text.length / 2 }, (_, index) => Buffer.from(text, 'latin1').readUInt16BE(index * 2))

describe('decodeText', () => {
  it.each<[string, string, Partial<TextFormat>, string]>([
    ['a full text', 'E5CC-RX2', {}, 'E5CC-RX2'],
    ['a text up to its NUL', 'IR33\0\0\0\0', {}, 'IR33'],
    ['what stands behind the NUL', 'IR3\0junk', {}, 'IR3'],
    ['spaces around it', '  IR33  ', {}, 'IR33'],
    ['a letter beyond ASCII', 'Öfen 12 ', {}, 'Öfen 12'],
    ['bytes turned', '5ECCR-2X', { wordOrder: 'BADC' }, 'E5CC-RX2'],
    ['registers turned', 'X2-RCCE5', { wordOrder: 'CDAB' }, 'E5CC-RX2'],
    ['fewer registers', 'E5CC-RX2', { length: 2 }, 'E5CC'],
  ])('%s', (_name, held, given, value) => {
    expect(decodeText(registersOf(held), 0, { ...format, ...given })).toEqual({ value })
  })

  it.each([
    ['nothing but NUL', '\0\0\0\0\0\0\0\0', 'the machine gives an empty text'],
    ['nothing but spaces', '        ', 'the machine gives an empty text'],
    ['memory that was never written', '\xff\xff\xff\xff\xff\xff\xff\xff', 'the machine gives no text'],
    ['control characters', 'IR\x1b[2J 3', 'the machine gives no text'],
  ])('%s is VALUE_INVALID', (_name, held, message) => {
    expect(decodeText(registersOf(held), 0, format)).toEqual({ fault: { code: 'VALUE_INVALID', message } })
  })

  it('starts where it is told', () => {
    expect(decodeText([0, ...registersOf('IR33')], 1, { ...format, length: 2 })).toEqual({ value: 'IR33' })
  })
})
