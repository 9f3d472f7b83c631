import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sparkplugRaw, sparkplugTypeName, sparkplugValue } from './sparkplug-value.ts'

type Value = number | string | boolean | undefined

it.each<[type: string, datatype: number, raw: Value, value: Value]>([
  ['Int8', 1, 4_294_967_291, -5],
  ['Int8, sent in its own width', 1, 251, -5],
  ['Int16', 2, 65_535, -1],
  ['Int32', 3, 2_147_483_647, 2_147_483_647],
  ['Int32', 3, 4_294_967_295, -1],
  ['Int64', 4, '18446744073709551611', -5],
  ['Int64', 4, '9007199254740991', 9_007_199_254_740_991],
  ['UInt8', 5, 255, 255],
  ['UInt16', 6, 65_535, 65_535],
  ['UInt32', 7, 4_294_967_295, 4_294_967_295],
  ['UInt64', 8, '18446744073709551615', 2 ** 64],
  ['Int32 in the field of long ones', 3, '7', 7],
  ['Float', 9, 230.10000610351562, 230.1],
  ['Float', 9, 0, 0],
  ['Float', 9, 16_777_217, 16_777_217],
  ['Double', 10, 230.10000610351562, 230.10000610351562],
  ['Boolean', 11, false, false],
  ['String', 12, '', ''],
  ['DateTime', 13, '1795175940000', '2026-11-20T11:59:00.000Z'],
  ['Text', 14, 'running', 'running'],
  ['UUID', 15, 'f81d4fae', 'f81d4fae'],
  ['a fraction as a whole number', 3, 1.5, undefined],
  ['a number as text', 12, 1, undefined],
  ['a text as number', 9, '1', undefined],
  ['a number as Boolean', 11, 1, undefined],
  ['a time beyond all calendars', 13, '18446744073709551615', undefined],
  ['nothing', 3, undefined, undefined],
  ['a data set', 16, undefined, undefined],
  ['an array', 22, undefined, undefined],
  ['a type that is not told', 0, 1, undefined],
])('%s (%i): %s is %s', (_type, datatype, raw, value) => {
  expect(sparkplugValue(raw, datatype)).toBe(value)
})

it.each<[type: string, datatype: number, value: number | string | boolean]>([
  ['Int8', 1, 128],
  ['Int16', 2, -32_769],
  ['UInt8', 5, -1],
  ['UInt32', 7, 4_294_967_296],
  ['Int32', 3, 0.5],
  ['Float', 9, Number.NaN],
  ['Double', 10, '1'],
  ['Boolean', 11, 1],
  ['String', 12, 1],
  ['DateTime', 13, 0],
])('%s cannot be told as type %i: %s', (_type, datatype, value) => {
  expect(sparkplugRaw(value, datatype)).toBeUndefined()
})

it('what is written is what is read', () => {
  const ranges: [datatype: number, min: number, max: number][] = [
    [1, -128, 127],
    [2, -32_768, 32_767],
    [3, -2_147_483_648, 2_147_483_647],
    [4, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [5, 0, 255],
    [6, 0, 65_535],
    [7, 0, 4_294_967_295],
    [8, 0, Number.MAX_SAFE_INTEGER],
  ]
  for (const [datatype, min, max] of ranges) {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max })), (value) => {
        expect(sparkplugValue(sparkplugRaw(value, datatype), datatype)).toBe(value)
      }),
    )
  }
})

it('types have names', () => {
  expect([sparkplugTypeName(10), sparkplugTypeName(31)]).toEqual(['Double', 'type 31'])
})
