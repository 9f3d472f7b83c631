import { describe, expect, it } from 'vitest'
import { kit } from '#connector'
import { type ModbusAddressInput, modbusAddress, spanOf } from './address.ts'

const schema = modbusAddress(kit)
const register = { table: 'holding', address: 0, type: 'int16' } as const

describe('modbusAddress', () => {
  it('fills in what may be left out', () => {
    expect(schema.parse(register)).toEqual({ ...register, scale: 1, offset: 0, word_order: 'ABCD', invalid: [] })
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
    [{ table: 'holding', address: 0, bit: 3 }, 1],
    [{ table: 'coil', address: 0 }, 1],
  ])('%j takes %i', (address, count) => {
    expect(spanOf(schema.parse(address)).count).toBe(count)
  })
})
