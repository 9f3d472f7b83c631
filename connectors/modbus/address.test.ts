import { describe, expect, it } from 'vitest'
import { kit } from '#connector'
import { type ModbusAddressInput, modbusAddress, spanOf } from './address.ts'

const schema = modbusAddress(kit)
const register = { table: 'holding', address: 0, type: 'int16' } as const

describe('modbusAddress', () => {
  it('fills in what may be left out', () => {
    expect(schema.parse(register)).toEqual({
      ...register,
      address_base: 0,
      scale: 1,
      offset: 0,
      word_order: 'ABCD',
      invalid: [],
    })
  })

  it.each<[string, ModbusAddressInput]>([
    ['the last register', { ...register, address: 65_535 }],
    ['a number that ends with the last register', { ...register, address: 65_532, type: 'float64' }],
    ['a bit without type', { table: 'input', address: 1, bit: 15 }],
    ['a bit of one register', { table: 'input', address: 1, type: 'uint16', bit: 0 }],
    ['a coil', { table: 'coil', address: 1 }],
    [
      'a complete form of a discrete input',
      { table: 'discrete', address: 1, scale: 1, offset: 0, word_order: 'ABCD', invalid: [] },
    ],
    ['a negative scale', { ...register, scale: -0.5 }],
    ['the first register, counted from 1', { ...register, address: 1, address_base: 1 }],
    ['the last register, counted from 1', { ...register, address: 65_536, address_base: 1 }],
    ['a string', { ...register, type: 'string', length: 8 }],
    ['some bits', { table: 'input', address: 1, bit: 8, bits: 8, scale: 0.1, invalid: [255] }],
    ['some bits of a uint16', { ...register, type: 'uint16', bit: 0, bits: 16 }],
    ['a decimal', { ...register, type: 'bcd32' }],
  ])('takes %s', (_name, address) => {
    expect(schema.safeParse(address).success).toBe(true)
  })

  it.each<[string, object, string[]]>([
    ['another table', { ...register, table: 'flash' }, ['table']],
    ['a negative address', { ...register, address: -1 }, ['address']],
    ['an address beyond the table', { ...register, address: 65_536 }, ['address']],
    ['half an address', { ...register, address: 0.5 }, ['address']],
    ['an address as text', { ...register, address: '256' }, ['address']],
    ['a number that ends beyond the table', { ...register, address: 65_533, type: 'float64' }, ['address']],
    ['an unknown type', { ...register, type: 'bcd' }, ['type']],
    ['address 0 where it is counted from 1', { ...register, address_base: 1 }, ['address']],
    ['65536 where it is counted from 0', { ...register, address: 65_536 }, ['address']],
    ['a first address of 2', { ...register, address_base: 2 }, ['address_base']],
    ['a string without length', { ...register, type: 'string' }, ['length']],
    ['a length of a number', { ...register, length: 2 }, ['length']],
    ['a length of a bit', { table: 'holding', address: 0, bit: 1, length: 2 }, ['length']],
    ['a string beyond the table', { ...register, address: 65_530, type: 'string', length: 7 }, ['address']],
    ['a string longer than a request', { ...register, type: 'string', length: 126 }, ['length']],
    ['a scaled string', { ...register, type: 'string', length: 2, scale: 2, invalid: [0] }, ['scale', 'invalid']],
    ['a bit of a string', { ...register, type: 'string', length: 2, bit: 0 }, ['bit']],
    ['bits without the lowest', { ...register, bits: 2 }, ['bits']],
    ['bits that leave the register', { table: 'holding', address: 0, bit: 14, bits: 3 }, ['bits']],
    ['bits with a sign', { ...register, bit: 0, bits: 4 }, ['type']],
    ['a coil with bits and a length', { table: 'coil', address: 0, bits: 2, length: 1 }, ['bits', 'length']],
    ['no type', { table: 'holding', address: 0 }, ['type']],
    ['a bit beyond the register', { table: 'holding', address: 0, bit: 16 }, ['bit']],
    ['a bit of two registers', { ...register, type: 'float32', bit: 0 }, ['bit']],
    [
      'a scaled bit',
      { table: 'holding', address: 0, bit: 1, scale: 2, offset: 1, invalid: [0] },
      ['scale', 'offset', 'invalid'],
    ],
    ['a coil with a type', { table: 'coil', address: 0, type: 'int16' }, ['type']],
    ['a coil with a bit', { table: 'coil', address: 0, bit: 0 }, ['bit']],
    ['a coil with a scale', { table: 'coil', address: 0, scale: 0.1 }, ['scale']],
    ['scale 0', { ...register, scale: 0 }, ['scale']],
    ['scale NaN', { ...register, scale: Number.NaN }, ['scale']],
    ['scale Infinity', { ...register, scale: Number.POSITIVE_INFINITY }, ['scale']],
    ['offset Infinity', { ...register, offset: Number.NEGATIVE_INFINITY }, ['offset']],
    ['an unknown word order', { ...register, word_order: 'DBCA' }, ['word_order']],
    ['more invalid values than anybody needs', { ...register, invalid: Array(17).fill(0) }, ['invalid']],
  ])('refuses %s', (_name, address, paths) => {
    const issues = schema.safeParse(address).error?.issues ?? []
    expect(issues.map(({ path }) => path.join('.'))).toEqual(expect.arrayContaining(paths))
  })
})

describe('spanOf', () => {
  it.each<[ModbusAddressInput, number]>([
    [register, 1],
    [{ ...register, type: 'float32' }, 2],
    [{ ...register, type: 'uint64' }, 4],
    [{ ...register, type: 'bcd32' }, 2],
    [{ ...register, type: 'string', length: 9 }, 9],
    [{ table: 'holding', address: 0, bit: 3, bits: 4 }, 1],
    [{ table: 'holding', address: 0, bit: 3 }, 1],
    [{ table: 'coil', address: 0 }, 1],
  ])('%j takes %i', (address, count) => {
    expect(spanOf(schema.parse(address)).count).toBe(count)
  })

  it('is by the address of the protocol', () => {
    expect(spanOf(schema.parse({ ...register, address: 40, address_base: 1 })).address).toBe(39)
  })
})
