import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BakewireError, createFold, unitsOf } from '#core'
import type { Point } from './definition.ts'
import { writesOf } from './writes-of.ts'

const point = (metric: string, rest: Omit<Point, 'metric' | 'address'> = {}): Point => ({
  metric,
  address: {},
  ...rest,
})
const points: Point[] = [
  point('target_temperature', { unit: '[degF]', write: { min: 20, max: 250 } }),
  point('temperature_zones.top', { unit: 'K', write: { min: 0, max: 100 } }),
  point('operational_status', {
    words: { '0': 'off', '1': 'running', auto: 'ready', '': 'paused', '01': 'cleaning' },
    write: { words: ['off', 'running', 'ready', 'paused', 'cleaning'] },
  }),
  point('door_status', { words: { true: 'open', false: 'closed' }, write: { words: ['open', 'closed'] } }),
  point('cycle_stage', { write: { words: ['baking'] } }),
  point('additional.fan', { write: true }),
  point('additional.rate', { unit: 'Hz', write: { min: 0, max: 50 } }),
  point('humidity'),
]

it.each([
  ['target_temperature', 180, 356],
  ['target_temperature', 20, 68],
  ['temperature_zones.top', 26.85, 300],
  ['operational_status', 'running', 1],
  ['operational_status', 'ready', 'auto'],
  ['operational_status', 'paused', ''],
  ['operational_status', 'cleaning', '01'],
  ['door_status', 'open', true],
  ['cycle_stage', 'baking', 'baking'],
  ['additional.fan', false, false],
  ['additional.rate', 12.5, 12.5],
])('%s %j is %j to the machine', (metric, value, expected) => {
  const [write, ...others] = writesOf(points, { [metric]: value })
  expect(write).toEqual({ point: points.find((one) => one.metric === metric), value: expected })
  expect(others).toEqual([])
})

it('keeps the order in which values are given', () => {
  const wanted = { 'additional.fan': true, target_temperature: 100, door_status: 'closed' }
  expect(writesOf(points, wanted).map((write) => write.point.metric)).toEqual(Object.keys(wanted))
})

describe('a value that is not allowed', () => {
  it.each([
    ['target_temperature', 250.0001],
    ['target_temperature', 19.9999],
    ['target_temperature', Number.NaN],
    ['target_temperature', true],
    ['operational_status', 'Running'],
    ['operational_status', '1'],
    ['operational_status', 1],
    ['additional.fan', 1],
    ['additional.fan', 'true'],
    ['humidity', 50],
    ['power_kw', 1],
    ['__proto__', 1],
    ['constructor', 1],
  ])('%s %j is refused, with all beside it', (metric, value) => {
    const wanted = Object.fromEntries([
      ['additional.fan', true],
      [metric, value],
    ])
    try {
      writesOf(points, wanted)
      expect.unreachable('it was allowed')
    } catch (error) {
      if (!(error instanceof BakewireError)) throw error
      expect([error.code, error.errors.map(({ path }) => path)]).toEqual(['CONFIG_INVALID', [`values.${metric}`]])
      expect(error.message).toMatch(/; nothing was written$/)
    }
  })
})

it('gives the machine what is read as the value again, in every unit', () => {
  const cases = fc.record({
    value: fc.double({ min: -50, max: 500, noNaN: true }).map((value) => Math.round(value * 100) / 100),
    unit: fc.constantFrom(...unitsOf('temperature')),
  })
  fc.assert(
    fc.property(cases, ({ value, unit }) => {
      const own = [point('temperature', { unit, write: { min: -50, max: 500 } })]
      const [write] = writesOf(own, { temperature: value })
      const sample = { metric: 'temperature', value: write?.value ?? '', quality: 'good' } as const
      expect(createFold('e', own)([sample], 0).reading.values.temperature).toBeCloseTo(value, 6)
    }),
  )
})
