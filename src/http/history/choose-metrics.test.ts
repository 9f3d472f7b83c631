import { expect, it } from 'vitest'
import { noValues, type ReadingRecord } from '../reading-record.ts'
import { chooseMetrics } from './choose-metrics.ts'

const reading: ReadingRecord = {
  reading_time: '2026-11-20T04:00:00.000Z',
  source_time: null,
  ...noValues,
  temperature: 180,
  humidity: null,
  temperature_zones: { core: 72, cabinet: 180 },
  additional: { fan: true, load: 3 },
  quality: { humidity: 'VALUE_INVALID', 'additional.load': 'UNCERTAIN' },
}
const times = { reading_time: reading.reading_time, source_time: null }

it.each([
  ['temperature', { temperature: 180, quality: {} }],
  ['humidity,temperature', { temperature: 180, humidity: null, quality: { humidity: 'VALUE_INVALID' } }],
  ['temperature,temperature', { temperature: 180, quality: {} }],
  ['temperature_zones', { temperature_zones: reading.temperature_zones, quality: {} }],
  ['temperature_zones.core', { temperature_zones: { core: 72 }, quality: {} }],
  ['temperature_zones.gone', { temperature_zones: {}, quality: {} }],
  ['additional', { additional: reading.additional, quality: { 'additional.load': 'UNCERTAIN' } }],
  ['additional.fan', { additional: { fan: true }, quality: {} }],
  ['additional.fan,additional.load', { additional: reading.additional, quality: { 'additional.load': 'UNCERTAIN' } }],
])('chooses %s', (list, expected) => {
  expect(chooseMetrics(list.split(','))(reading)).toEqual({ ...times, ...expected })
})

it('gives everything where nothing is chosen', () => {
  expect(chooseMetrics(undefined)(reading)).toBe(reading)
})

it('gives null for zones and additional values of a reading that has none', () => {
  const bare = { ...reading, temperature_zones: null, additional: null, quality: null }
  const expected = { ...times, temperature_zones: null, additional: null, quality: null }
  expect(chooseMetrics(['temperature_zones.core', 'additional'])(bare)).toEqual(expected)
})

it.each([
  '',
  'colour',
  'temperature,',
  'temperature, humidity',
  'additional.',
  'additional.a.b',
  "x'; drop table",
  '__proto__',
])('refuses %j', (list) => {
  expect(() => chooseMetrics(list.split(','))).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})
