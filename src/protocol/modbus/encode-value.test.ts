import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBit, decodeNumber, type NumberFormat } from './decode.ts'
import { decodeText } from './decode-text.ts'
import { encodeBit, encodeBits, encodeText, encodeValue } from './encode-value.ts'
import { registerCounts, registerTypes, wordOrders } from './register-type.ts'

const plain: NumberFormat = { type: 'int16', wordOrder: 'ABCD', scale: 1, offset: 0, invalid: [] }

describe('encodeValue', () => {
  it.each<[number, Partial<NumberFormat>, number[]]>([
    [185, {}, [185]],
    [-1, {}, [0xffff]],
    [23.6, { scale: 0.1 }, [236]],
    // 4.35 / 0.01 is 434.99999999999994.
    [4.35, { scale: 0.01 }, [435]],
    [-0.5, { scale: -0.5 }, [1]],
    [100, { scale: 0.5, offset: 50 }, [100]],
    [1850, { type: 'int32', wordOrder: 'CDAB' }, [1850, 0]],
    [1, { type: 'float32' }, [0x3f80, 0]],
    [1, { type: 'float32', wordOrder: 'CDAB' }, [0, 0x3f80]],
    [230.1, { type: 'float32' }, [0x4366, 0x199a]],
    [1234, { type: 'bcd16' }, [0x1234]],
    [0, { type: 'bcd32' }, [0, 0]],
    [185, { wordOrder: 'BADC' }, [0xb900]],
    [Number.MAX_SAFE_INTEGER, { type: 'uint64' }, [0x001f, 0xffff, 0xffff, 0xffff]],
  ])('%d as %j', (value, format, registers) => {
    expect(encodeValue(value, { ...plain, ...format })).toEqual({ registers })
  })

  it.each<[number, Partial<NumberFormat>, string]>([
    [32_768, {}, '32768 is not within what can be held there, -32768 to 32767'],
    [-1, { type: 'uint16' }, '-1 is not within what can be held there, 0 to 65535'],
    [3_276.8, { scale: 0.1 }, '3276.8 is not within what can be held there, -3276.8 to 3276.7'],
    [20_000, { scale: -0.5 }, '20000 is not within what can be held there, -16383.5 to 16384'],
    [23.65, { scale: 0.1 }, '23.65 lies between two steps of 0.1'],
    [0.5, {}, '0.5 lies between two steps of 1'],
    [10_000, { type: 'bcd16' }, '10000 is not within what can be held there, 0 to 9999'],
    [-1, { type: 'bcd16' }, '-1 is not within what can be held there, 0 to 9999'],
    [2 ** 53, { type: 'int64' }, '9007199254740992 is not within'],
    [1e39, { type: 'float32' }, '1e+39 is not within'],
    [1e-50, { type: 'float32' }, '1e-50 is too small to be told from 0'],
    [-3276.8, { scale: 0.1, invalid: [-32_768] }, '-3276.8 would mean that there is no value'],
    [Number.NaN, {}, 'it is not a finite number'],
    [Number.POSITIVE_INFINITY, { type: 'float64' }, 'it is not a finite number'],
  ])('refuses %d as %j', (value, format, refusal) => {
    expect(encodeValue(value, { ...plain, ...format })).toEqual({ refusal: expect.stringContaining(refusal) })
  })

  it('whatever is read can be written, and is read again as the same', () => {
    const scale = fc.constantFrom(1, 0.1, 0.01, 0.5, -0.1, 10)
    const offset = fc.constantFrom(0, -40, 0.5)
    const format = fc.record({
      type: fc.constantFrom(...registerTypes),
      wordOrder: fc.constantFrom(...wordOrders),
      scale,
      offset,
    })
    const registers = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(format, registers, (given, held) => {
        const whole: NumberFormat = { ...given, invalid: [] }
        const read = decodeNumber(held.slice(0, registerCounts[given.type]), 0, whole)
        if (!('value' in read)) return
        // Beyond are numbers that no machine has, and that a double of 15 digits does not tell apart.
        fc.pre(Math.abs(read.value) < 1e14 && (read.value === 0 || Math.abs(read.value) > 1e-30))
        const written = encodeValue(read.value, whole)
        if (!('registers' in written)) throw new Error(written.refusal)
        const again = decodeNumber(written.registers, 0, whole)
        if (!('value' in again)) throw new Error(again.fault.message)
        const isFloat = given.type.startsWith('float')
        const size = Math.max(Math.abs(read.value), Math.abs(given.offset))
        expect(Math.abs(again.value - read.value)).toBeLessThanOrEqual(isFloat ? size * 2 ** -23 : 0)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('encodeBits and encodeBit', () => {
  const bits = { ...plain, type: 'uint16', bits: { first: 4, count: 3 } } as const

  it('touch no other bit', () => {
    expect(encodeBits(5, bits)).toEqual({ keep: 0xff8f, set: 0x0050 })
    expect(encodeBits(5, { ...bits, wordOrder: 'BADC' })).toEqual({ keep: 0x8fff, set: 0x5000 })
    expect(encodeBits(0.5, { ...bits, scale: 0.1 })).toEqual({ keep: 0xff8f, set: 0x0050 })
    expect(encodeBit(true, { bit: 0, wordOrder: 'ABCD' })).toEqual({ keep: 0xfffe, set: 1 })
    expect(encodeBit(false, { bit: 15, wordOrder: 'ABCD' })).toEqual({ keep: 0x7fff, set: 0 })
    expect(encodeBit(true, { bit: 0, wordOrder: 'BADC' })).toEqual({ keep: 0xfeff, set: 0x0100 })
  })

  it.each([
    [8, '8 is not within what can be held there, 0 to 7'],
    [-1, '-1 is not within what can be held there, 0 to 7'],
    [1.5, '1.5 lies between two steps of 1'],
  ])('refuse %d', (value, refusal) => {
    expect(encodeBits(value, bits)).toEqual({ refusal })
  })

  it('leave a register as a mask write does', () => {
    const register = fc.integer({ min: 0, max: 0xffff })
    fc.assert(
      fc.property(register, fc.integer({ min: 0, max: 15 }), fc.boolean(), (held, bit, on) => {
        const { keep, set } = encodeBit(on, { bit, wordOrder: 'ABCD' })
        const after = (held & keep) | (set & ~keep & 0xffff)
        expect(decodeBit([after], 0, { bit, wordOrder: 'ABCD' })).toBe(on)
        expect((after ^ held) & ~(1 << bit)).toBe(0)
      }),
    )
  })
})

describe('encodeText', () => {
  it.each(wordOrders)('is read as it was written, in order %s', (wordOrder) => {
    const format = { length: 3, wordOrder }
    for (const text of ['Brot', 'Brötli', 'x']) {
      const written = encodeText(text, format)
      if (!('registers' in written)) throw new Error(written.refusal)
      expect(decodeText(written.registers, 0, format)).toEqual({ value: text })
    }
  })

  it.each([
    ['1234567', 'it has more than the 6 characters that there is room for'],
    ['€', 'it has characters that are not of ISO 8859-1'],
    ['a\nb', 'it has characters that are not of ISO 8859-1'],
    ['', 'it is empty, or begins or ends with a space, and could not be read back'],
    [' a', 'it is empty, or begins or ends with a space, and could not be read back'],
  ])('refuses %j', (text, refusal) => {
    expect(encodeText(text, { length: 3, wordOrder: 'ABCD' })).toEqual({ refusal })
  })
})
