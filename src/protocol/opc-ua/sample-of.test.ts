import { expect, it } from 'vitest'
import { type GivenValue, type NodeFacts, sampleOf } from './sample-of.ts'

const now = Date.parse('2026-11-20T04:00:00Z')
const good = { name: 'Good', value: 0 }
const given = (dataType: number, value: unknown, rest: Partial<GivenValue> = {}): GivenValue => ({
  statusCode: good,
  value: { dataType, arrayType: 0, value },
  sourceTimestamp: null,
  ...rest,
})
const array = (dataType: number, value: unknown, arrayType = 1): GivenValue =>
  given(dataType, value, { value: { dataType, arrayType, value } })
const read = (
  answer: GivenValue,
  metric = 'additional.x',
  options: { index?: number; facts?: NodeFacts; unit?: string; invalid?: number[] } = {},
) => {
  const { index, facts = {}, unit, invalid = [] } = options
  return sampleOf({ metric, ...(unit === undefined ? {} : { unit }), address: { index, invalid } }, answer, facts)
}

it.each<[string, GivenValue, unknown]>([
  ['true', given(1, true), true],
  ['a whole number', given(6, -7), -7],
  ['a double', given(11, 182.25), 182.25],
  ['a single, as the decimal that was meant', given(10, Math.fround(182.1)), 182.1],
  ['a 64-bit number', given(9, [0, 5]), 5],
  ['a negative 64-bit number', given(8, [0xffffffff, 0xfffffffe]), -2],
  ['text', given(12, 'Baguette'), 'Baguette'],
  ['localized text', given(21, { locale: 'de', text: 'Brot' }), 'Brot'],
  ['a time', given(13, new Date(now)), '2026-11-20T04:00:00.000Z'],
])('gives %s', (_name, answer, value) => {
  expect(read(answer)).toEqual({ metric: 'additional.x', value, quality: 'good' })
})

it.each<[string, GivenValue, string]>([
  ['NaN', given(11, Number.NaN), 'NaN, which is no number'],
  ['Infinity', given(10, Number.POSITIVE_INFINITY), 'an infinite number'],
  ['no value', given(0, null), 'the server has no value'],
  ['no Variant', given(0, null, { value: null }), 'the server has no value'],
  ['text without content', given(12, null), 'the server has no value'],
  ['a 64-bit number beyond 2^53', given(9, [0x00200000, 1]), 'a 64-bit number with more digits than can be kept'],
  ['bytes', given(15, Buffer.from('x')), 'a value of a type that no metric takes'],
  ['an array', array(6, [1, 2]), 'an array: the point must say which element (index)'],
  ['a matrix', array(6, [1, 2], 2), 'a matrix, of which no element can be named'],
  ['text with NUL', given(12, 'a\0'), 'text with characters that cannot be stored'],
])('%s is no value', (_name, answer, message) => {
  expect(read(answer)).toEqual({
    metric: 'additional.x',
    fault: { code: 'VALUE_INVALID', message: `additional.x: ${message}` },
  })
})

it('takes the element of an array that was asked for', () => {
  expect(read(array(11, [7.5]), 'additional.x', { index: 3 })).toMatchObject({ value: 7.5 })
  expect(read(array(11, new Float64Array([7.5])), 'additional.x', { index: 3 })).toMatchObject({ value: 7.5 })
  expect(read(array(11, []), 'additional.x', { index: 3 })).toHaveProperty('fault')
  expect(read(given(11, 1), 'additional.x', { index: 0 })).toHaveProperty('fault')
})

it('tells good, uncertain and bad apart, whatever value stands beside them', () => {
  const uncertain = { name: 'UncertainLastUsableValue', value: 0x40900000 }
  expect(read(given(11, 1, { statusCode: uncertain }))).toMatchObject({ value: 1, quality: 'uncertain' })
  for (const [name, value, code] of [
    ['BadSensorFailure', 0x808c0000, 'VALUE_INVALID'],
    ['BadNodeIdUnknown', 0x80340000, 'POINT_REFUSED'],
    ['Bad', 0xc0000000, 'VALUE_INVALID'],
  ] as const) {
    expect(read(given(11, 1, { statusCode: { name, value } }))).toMatchObject({ fault: { code } })
  }
  expect(read(given(11, 1, { statusCode: { name: 'GoodClamped', value: 0x00300000 } }))).toMatchObject({
    quality: 'good',
  })
})

it('takes the time of its source, right or wrong, but for what means that there is none', () => {
  const at = (time: string | null) => read(given(11, 1, { sourceTimestamp: time === null ? null : new Date(time) }))
  for (const time of ['2026-11-20T03:59:59.500Z', '1970-01-01T00:00:17Z', '2099-01-01T00:00:00Z']) {
    expect(at(time)).toHaveProperty('sourceTime', Date.parse(time))
  }
  for (const time of [null, '1601-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z', 'nonsense']) {
    expect(at(time)).not.toHaveProperty('sourceTime')
  }
})

it('converts by the unit of the server where the point names none', () => {
  const facts = { unit: '[degF]' }
  expect(read(given(11, 365), 'temperature', { facts })).toMatchObject({ value: 185 })
  expect(read(given(11, 365), 'temperature', { facts, unit: 'Cel' })).toMatchObject({ value: 365 })
  expect(read(given(11, 365), 'temperature', { facts: { unit: 'kW' } })).toMatchObject({ value: 365 })
})

it('says enumerations in words, and leaves numbers that have none', () => {
  const facts = { words: new Map([[4, 'Steaming']]) }
  expect(read(given(6, 4), 'cycle_stage', { facts })).toMatchObject({ value: 'Steaming' })
  expect(read(given(6, 5), 'cycle_stage', { facts })).toMatchObject({ value: 5 })
})

it('knows numbers that mean that there is no value', () => {
  expect(read(given(11, -999), 'temperature', { invalid: [-999] })).toHaveProperty('fault')
})
