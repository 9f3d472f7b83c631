import { describe, expect, it } from 'vitest'
import { createFold } from './fold-samples.ts'
import type { Sample } from './reading.ts'

const good = (metric: string, value: number | string | boolean): Sample => ({ metric, value, quality: 'good' })

function fold(
  point: { metric: string; unit?: string; words?: Record<string, string> },
  value: number | string | boolean,
) {
  return createFold('e', [point])([good(point.metric, value)], 1000)
}

describe('folding one value', () => {
  it.each([
    ['°F to °C', { metric: 'temperature', unit: '[degF]' }, 365, { temperature: 185 }],
    ['K to °C', { metric: 'temperature', unit: 'K' }, 273.15, { temperature: 0 }],
    ['W to kW', { metric: 'power_kw', unit: 'W' }, 1500, { power_kw: 1.5 }],
    ['Wh to kWh', { metric: 'energy_consumption_kwh', unit: 'Wh' }, 123456, { energy_consumption_kwh: 123.456 }],
    ['a fraction to %', { metric: 'humidity', unit: '1' }, 0.65, { humidity: 65 }],
    ['seconds to minutes', { metric: 'time_remaining_minutes', unit: 's' }, 90, { time_remaining_minutes: 1.5 }],
    ['no unit: as it is', { metric: 'temperature' }, 4.1, { temperature: 4.1 }],
    ['a word of ours in any case', { metric: 'operational_status' }, 'Running', { operational_status: 'running' }],
    ['a word that is mapped', { metric: 'cycle_stage', words: { '7': 'baking' } }, 7, { cycle_stage: 'baking' }],
    ['a door contact', { metric: 'door_status' }, true, { door_status: 'open' }],
    [
      'a door contact that is mapped',
      { metric: 'door_status', words: { true: 'closed' } },
      true,
      { door_status: 'closed' },
    ],
  ])('%s', (_, point, value, values) => {
    const { reading, good: count, fault } = fold(point, value)
    expect({ values: reading.values, count, fault }).toEqual({ values, count: 1, fault: undefined })
  })

  it.each([
    ['text for a number', { metric: 'temperature' }, '23,5'],
    ['a boolean for a number', { metric: 'humidity' }, true],
    ['infinity', { metric: 'temperature' }, Number.POSITIVE_INFINITY],
    ['not a number', { metric: 'temperature_zones.core' }, Number.NaN],
    ['not a number among the additional', { metric: 'additional.x' }, Number.NaN],
    ['a unit of something else', { metric: 'temperature', unit: 'kWh' }, 5],
  ])('%s is no value but a fault', (_, point, value) => {
    const { reading, good: count } = fold(point, value)
    expect(count).toBe(0)
    expect(reading).toMatchObject({
      values: {},
      zones: null,
      additional: null,
      quality: { [point.metric]: 'VALUE_INVALID' },
    })
  })

  it.each([
    ['temperature', 6553.5],
    ['humidity', -1],
    ['temperature_zones.core', -127],
  ])('%s of %d is kept, but told to be what no such machine can have', (metric, value) => {
    const { reading, good: count, fault } = fold({ metric }, value)
    expect({ count, code: fault?.code, quality: reading.quality }).toEqual({
      count: 1,
      code: 'VALUE_INVALID',
      quality: { [metric]: 'IMPLAUSIBLE' },
    })
    expect({ ...reading.values, ...reading.zones }).toEqual({ [metric.replace('temperature_zones.', '')]: value })
  })

  it('an unmapped word is unknown, and said to be invalid', () => {
    const { reading } = fold({ metric: 'operational_status' }, 'BAKE_3')
    expect(reading).toMatchObject({
      values: { operational_status: 'unknown' },
      quality: { operational_status: 'VALUE_INVALID' },
    })
  })
})

it('keeps neighbours apart: one fault does not hide the others', () => {
  const points = [
    { metric: 'temperature' },
    { metric: 'temperature_zones.core' },
    { metric: 'additional.note' },
    { metric: 'humidity' },
  ]
  const fault = { code: 'POINT_REFUSED', message: 'reading input 6: illegal address' } as const
  const samples: Sample[] = [
    good('temperature', 180),
    { metric: 'temperature_zones.core', value: 72, quality: 'uncertain', sourceTime: 999 },
    good('additional.note', 'ok'),
    { metric: 'humidity', fault },
  ]
  expect(createFold('e', points)(samples, 1000)).toEqual({
    reading: {
      equipmentId: 'e',
      readingTime: 1000,
      sourceTime: 999,
      values: { temperature: 180 },
      zones: { core: 72 },
      additional: { note: 'ok' },
      quality: { 'temperature_zones.core': 'UNCERTAIN', humidity: 'POINT_REFUSED' },
    },
    good: 3,
    fault,
  })
})

it('takes what a machine without points names itself, and nothing that is no metric', () => {
  const samples = [
    good('temperature', 180),
    good('temperature_zones.core', 72),
    good('additional.fan', true),
    good('operational_status', 'Running'),
    good('colour', 'red'),
    good('additional.a b', 1),
    good('humidity', 'wet'),
  ]
  const { reading, good: count, fault } = createFold('e', [])(samples, 1000)
  expect(reading).toMatchObject({
    values: { temperature: 180, operational_status: 'running' },
    zones: { core: 72 },
    additional: { fan: true },
    quality: { colour: 'VALUE_INVALID', 'additional.a b': 'VALUE_INVALID', humidity: 'VALUE_INVALID' },
  })
  expect(count).toBe(4)
  expect(fault?.message).toContain('humidity: the machine gave a value that does not fit')
})

it('tells once why many values are uncertain, and counts them', () => {
  const doubt = 'the data is frozen'
  const samples = ['temperature', 'humidity'].map((metric): Sample => {
    return { metric, value: 50, quality: 'uncertain', doubt }
  })
  expect(createFold('e', [])(samples, 1000)).toMatchObject({
    reading: {
      values: { temperature: 50, humidity: 50 },
      quality: { temperature: 'UNCERTAIN', humidity: 'UNCERTAIN' },
    },
    good: 2,
    fault: { code: 'VALUE_INVALID', message: doubt },
  })
})

it('tells what is wrong with each of the first few points', () => {
  const metrics = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => `additional.${key}`)
  const samples = metrics.map((metric): Sample => ({ metric, fault: { code: 'POINT_REFUSED', message: metric } }))
  const { fault } = createFold(
    'e',
    metrics.map((metric) => ({ metric })),
  )(samples, 1000)
  expect(fault).toEqual({ code: 'POINT_REFUSED', message: `${metrics.slice(0, 5).join('; ')}; and 2 more` })
})
