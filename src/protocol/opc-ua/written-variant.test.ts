import { describe, expect, it } from 'vitest'
import { variantValue } from './variant-value.ts'
import { writtenVariant } from './written-variant.ts'

const one = (dataType: number, value: unknown = 0) => ({ held: { dataType, arrayType: 0, value }, index: undefined })
const words = new Map([
  [0, 'Off'],
  [3, 'Preheat'],
])

describe('a value is written in the type of its node', () => {
  it.each([
    ['Boolean', 1, true, true],
    ['Boolean', 1, 0, false],
    ['SByte', 2, -128, -128],
    ['Byte', 3, 255, 255],
    ['Int16', 4, -32_768, -32_768],
    ['UInt16', 5, 65_535, 65_535],
    ['Int32', 6, -(2 ** 31), -(2 ** 31)],
    ['UInt32', 7, 2 ** 32 - 1, 2 ** 32 - 1],
    ['Int64', 8, -2, [0xffff_ffff, 0xffff_fffe]],
    ['UInt64', 9, 2 ** 40, [256, 0]],
    ['Float', 10, 182.1, 182.1],
    ['Double', 11, -1e300, -1e300],
    ['String', 12, 7, '7'],
    ['DateTime', 13, '2026-11-20T04:30:00Z', new Date('2026-11-20T04:30:00Z')],
    ['LocalizedText', 21, 'Brot', { text: 'Brot' }],
  ])('%s', (_name, type, value, expected) => {
    expect(writtenVariant(value, one(type))).toEqual({ variant: { dataType: type, arrayType: 0, value: expected } })
  })

  it('and what is written is read as the same', () => {
    for (const value of [-2, 0, 2 ** 40, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      const written = writtenVariant(value, one(8))
      expect('variant' in written && variantValue(written.variant, undefined)).toBe(value)
    }
  })

  it('as the number of a word of the server', () => {
    expect(writtenVariant('Preheat', { ...one(6), words })).toMatchObject({ variant: { value: 3 } })
  })
})

describe('a value is refused', () => {
  it.each([
    ['a fraction', 4, 1.5],
    ['too large', 4, 32_768],
    ['too small', 5, -1],
    ['text', 6, 'Preheat'],
    ['beyond what is exact', 8, 2 ** 53],
    ['negative', 9, -1],
    ['too large for a single', 10, 1e39],
    ['no number', 11, Number.NaN],
    ['infinite', 11, Number.POSITIVE_INFINITY],
    ['a number', 1, 2],
    ['no time', 13, 'tomorrow'],
    ['too long', 12, 'x'.repeat(1_001)],
    ['of a type that is not written', 15, 'x'],
  ])('%s', (_name, type, value) => {
    expect(writtenVariant(value, one(type))).toMatchObject({ message: expect.any(String) })
  })

  const zones = { dataType: 11, arrayType: 1, value: Float64Array.of(1, 2, 3) }
  const second = { ...zones, value: Float64Array.of(2) }
  it.each([
    ['an array without an index', { held: zones, index: undefined }],
    ['an index of what is no array', { ...one(11), index: 1 }],
    ['a matrix', { held: { ...zones, arrayType: 2 }, index: 1 }],
    ['an element behind the last one', { held: zones, index: 3, element: null }],
    ['an element of a server that knows no ranges', { held: zones, index: 1, element: zones }],
  ])('for %s', (_name, place) => {
    expect(writtenVariant(5, place)).toMatchObject({ message: expect.any(String) })
  })

  it('for an element alone it is an array of one', () => {
    const written = writtenVariant(5, { held: zones, index: 1, element: second })
    expect(written).toEqual({ variant: { dataType: 11, arrayType: 1, value: Float64Array.of(5) } })
  })
})
