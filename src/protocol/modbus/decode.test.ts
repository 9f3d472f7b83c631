import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBit, decodeNumber, type NumberFormat } from './decode.ts'
import { encodeNumber } from './encode.ts'
import { type RegisterType, registerTypes, wordOrders } from './register-type.ts'

const plain: NumberFormat = { type: 'uint16', wordOrder: 'ABCD', scale: 1, offset: 0, invalid: [] }

describe('decodeNumber', () => {
  it.each<[string, number[], Partial<NumberFormat>, number]>([
    ['uint16', [0xffff], {}, 65535],
    ['int16', [0xffff], { type: 'int16' }, -1],
    ['int16 lowest', [0x8000], { type: 'int16' }, -32768],
    ['uint16 with its bytes turned', [0x3412], { wordOrder: 'BADC' }, 0x1234],
    ['int16 with its bytes turned', [0xfeff], { type: 'int16', wordOrder: 'DCBA' }, -2],
    ['uint16 does not mind the order of registers', [0x1234], { wordOrder: 'CDAB' }, 0x1234],
    ['uint32 ABCD', [0x1234, 0x5678], { type: 'uint32' }, 0x12345678],
    ['uint32 CDAB', [0x5678, 0x1234], { type: 'uint32', wordOrder: 'CDAB' }, 0x12345678],
    ['uint32 BADC', [0x3412, 0x7856], { type: 'uint32', wordOrder: 'BADC' }, 0x12345678],
    ['uint32 DCBA', [0x7856, 0x3412], { type: 'uint32', wordOrder: 'DCBA' }, 0x12345678],
    ['uint32 highest', [0xffff, 0xffff], { type: 'uint32' }, 4294967295],
    ['int32 lowest', [0x8000, 0x0000], { type: 'int32' }, -2147483648],
    ['float32 1.0', [0x3f80, 0x0000], { type: 'float32' }, 1],
    ['float32, the smallest that is measured', [0x0080, 0x0000], { type: 'float32' }, 1.1754944e-38],
    ['float32 as the decimal that was meant', [0x4366, 0x199a], { type: 'float32' }, 230.1],
    ['float32 large', [0x4b7f, 0xffff], { type: 'float32' }, 16777215],
    ['float32 minus zero', [0x8000, 0x0000], { type: 'float32' }, -0],
    ['int64', [0xffff, 0xffff, 0xffff, 0xfffe], { type: 'int64' }, -2],
    ['uint64 CDAB: registers turned round', [4, 3, 2, 1], { type: 'uint64', wordOrder: 'CDAB' }, 0x1000200030004],
    ['float64', [0x4059, 0x0666, 0x6666, 0x6666], { type: 'float64' }, 100.1],
    ['scale', [236], { scale: 0.1 }, 23.6],
    ['scale without noise', [3], { scale: 0.1 }, 0.3],
    ['offset', [273], { offset: -273.15 }, -0.15],
    ['scale and offset that nearly cancel', [2732], { scale: 0.1, offset: -273.15 }, 0.05],
    ['large scale', [65535], { scale: 1000 }, 65535000],
    ['scale of a float', [0x4366, 0x199a], { type: 'float32', scale: 0.001 }, 0.2301],
    ['zero', [0], { scale: 0.1 }, 0],
    ['bcd16', [0x1234], { type: 'bcd16' }, 1234],
    ['bcd16 with leading zeros', [0x0007], { type: 'bcd16', scale: 0.1 }, 0.7],
    ['bcd16 with its bytes turned', [0x3412], { type: 'bcd16', wordOrder: 'BADC' }, 1234],
    ['bcd32', [0x1234, 0x5678], { type: 'bcd32' }, 12345678],
    ['bcd32 CDAB', [0x5678, 0x1234], { type: 'bcd32', wordOrder: 'CDAB' }, 12345678],
    ['bcd32 highest', [0x9999, 0x9999], { type: 'bcd32' }, 99999999],
    ['the low byte', [0xab04], { bits: { first: 0, count: 8 } }, 4],
    ['the high byte, as some controllers keep a set point', [0x1400], { bits: { first: 8, count: 8 }, scale: 0.1 }, 2],
    ['two bits of a status', [0b1011_0110], { bits: { first: 1, count: 2 } }, 3],
    ['the highest bit', [0x8000], { bits: { first: 15, count: 1 } }, 1],
    ['all bits', [0xfffe], { bits: { first: 0, count: 16 } }, 65534],
    ['bits of a register with its bytes turned', [0x0012], { bits: { first: 12, count: 4 }, wordOrder: 'BADC' }, 1],
    ['a counter before it wraps', [0xffff], {}, 65535],
    ['a counter after it has wrapped', [0], {}, 0],
    ['a wide counter before it wraps', [0xffff, 0xffff], { type: 'uint32' }, 4294967295],
    ['a wide counter after it has wrapped', [0, 0], { type: 'uint32' }, 0],
    ['tiny scale', [5], { scale: 1e-25 }, 5e-25],
    ['huge scale', [5], { scale: 1e300 }, 5e300],
  ])('%s', (_name, registers, format, value) => {
    expect(decodeNumber(registers, 0, { ...plain, ...format })).toEqual({ value })
  })

  it.each<[string, number[], Partial<NumberFormat>, string]>([
    ['a sentinel', [0x8000], { type: 'int16', invalid: [-32768] }, 'the machine gives -32768, its word for no value'],
    [
      'a sentinel before scale',
      [0xffff],
      { scale: 0.1, invalid: [65535] },
      'the machine gives 65535, its word for no value',
    ],
    [
      'float32 1.0 in the wrong order',
      [0x0000, 0x3f80],
      { type: 'float32' },
      'the machine gives 2.277951e-41, which is no measurement: its word order is another than ABCD',
    ],
    [
      'float32 -230 in the wrong order',
      [0xc366, 0x0000],
      { type: 'float32', wordOrder: 'CDAB' },
      'the machine gives 7.009575e-41, which is no measurement: its word order is another than CDAB',
    ],
    ['NaN', [0x7fc0, 0], { type: 'float32' }, 'the machine gives no finite number'],
    ['a signalling NaN', [0x7f80, 1], { type: 'float32' }, 'the machine gives no finite number'],
    ['Infinity', [0x7f80, 0], { type: 'float32' }, 'the machine gives no finite number'],
    ['-Infinity', [0xff80, 0], { type: 'float32', scale: 0.1 }, 'the machine gives no finite number'],
    ['NaN of a double', [0x7ff8, 0, 0, 0], { type: 'float64' }, 'the machine gives no finite number'],
    ['a BCD digit above 9', [0x123a], { type: 'bcd16' }, 'the machine gives no decimal digits'],
    ['a BCD of all ones', [0xffff, 0xffff], { type: 'bcd32' }, 'the machine gives no decimal digits'],
    [
      'a BCD digit e, which could be read as a power',
      [0x1e05],
      { type: 'bcd16' },
      'the machine gives no decimal digits',
    ],
    [
      'an overflow',
      [0xffff, 0x7fff],
      { type: 'int32', wordOrder: 'CDAB', invalid: [0x7fffffff] },
      'the machine gives 2147483647, its word for no value',
    ],
    [
      'all ones of 64 bits',
      [0xffff, 0xffff, 0xffff, 0xffff],
      { type: 'uint64', invalid: [2 ** 64 - 1] },
      'the machine gives 18446744073709552000, its word for no value',
    ],
    [
      'a sentinel in bits',
      [0x0f00],
      { bits: { first: 8, count: 4 }, invalid: [15] },
      'the machine gives 15, its word for no value',
    ],
    ['a product beyond all numbers', [65535], { scale: 1e308 }, 'the value is too large'],
  ])('%s is VALUE_INVALID', (_name, registers, format, message) => {
    expect(decodeNumber(registers, 0, { ...plain, ...format })).toEqual({ fault: { code: 'VALUE_INVALID', message } })
  })

  it('starts where it is told', () => {
    expect(decodeNumber([1, 2, 3], 2, plain)).toEqual({ value: 3 })
  })

  const numbers: Record<RegisterType, fc.Arbitrary<number>> = {
    int16: fc.integer({ min: -0x8000, max: 0x7fff }),
    uint16: fc.integer({ min: 0, max: 0xffff }),
    int32: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
    uint32: fc.integer({ min: 0, max: 0xffffffff }),
    float32: fc.float({ noNaN: true, noDefaultInfinity: true }).filter((n) => n === 0 || Math.abs(n) >= 2 ** -126),
    int64: fc.maxSafeInteger(),
    uint64: fc.maxSafeNat(),
    float64: fc.double({ noNaN: true, noDefaultInfinity: true }),
    bcd16: fc.integer({ min: 0, max: 9_999 }),
    bcd32: fc.integer({ min: 0, max: 99_999_999 }),
  }
  describe.each(wordOrders)('reads in order %s what encodeNumber writes', (wordOrder) => {
    it.each(registerTypes)('%s', (type) => {
      fc.assert(
        fc.property(numbers[type], (number) => {
          const decoded = decodeNumber(encodeNumber(number, type, wordOrder), 0, { ...plain, type, wordOrder })
          const value = 'value' in decoded ? decoded.value : Number.NaN
          expect(type === 'float32' ? Math.fround(value) : value).toBe(number)
        }),
      )
    })
  })

  it('gives the decimal that a machine meant by raw × 0.1, 0.01 or 0.001', () => {
    fc.assert(
      fc.property(fc.integer({ min: -0x8000, max: 0x7fff }), fc.constantFrom(1, 2, 3), (raw, decimals) => {
        const format: NumberFormat = { ...plain, type: 'int16', scale: Number(`1e-${decimals}`) }
        expect(decodeNumber([raw & 0xffff], 0, format)).toEqual({ value: Number(`${raw}e-${decimals}`) })
      }),
    )
  })
})

describe('decodeBit', () => {
  it.each([
    [0, 0b0001, true],
    [1, 0b0001, false],
    [15, 0x8000, true],
    [14, 0x8000, false],
  ])('bit %i of %i is %s', (bit, register, value) => {
    expect(decodeBit([0, register], 1, { bit, wordOrder: 'ABCD' })).toBe(value)
  })

  it('turns the bytes of the register where they are turned', () => {
    expect(decodeBit([0x0001], 0, { bit: 8, wordOrder: 'BADC' })).toBe(true)
  })
})
