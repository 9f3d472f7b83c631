import { expect, it } from 'vitest'
import { writeOutcomes } from './write-outcome.ts'

const points = [
  { metric: 'target_temperature', unit: '[degF]', address: {} },
  { metric: 'temperature_zones.top', address: {} },
  { metric: 'additional.fan', address: {} },
  { metric: 'operational_status', words: { '1': 'running' }, address: {} },
]

it.each([
  ['target_temperature', 180, 356, 180, true],
  ['target_temperature', 181, Math.fround(357.8), 180.999993, true],
  ['target_temperature', 181, 357, 180.555555556, false],
  ['temperature_zones.top', 20, 20, 20, true],
  ['additional.fan', true, true, true, true],
  ['additional.fan', true, 1, 1, true],
  ['additional.fan', true, 0, 0, false],
  ['additional.fan', true, 2, 2, false],
  ['operational_status', 'running', 1, 'running', true],
  ['operational_status', 'running', 0, 'unknown', false],
] as const)('%s %j, read back as %j, is %j: %j', (metric, requested, readBack, value, ok) => {
  const [outcome] = writeOutcomes(points, { [metric]: requested }, [{ metric, value: readBack, quality: 'good' }])
  if (value === 'unknown') expect(outcome).toMatchObject({ value: null, ok, error: { code: 'VALUE_INVALID' } })
  else if (typeof value === 'number') expect(outcome?.value).toBeCloseTo(value, 5)
  else expect(outcome?.value).toBe(value)
  expect(outcome?.ok).toBe(ok)
  expect(outcome?.error === undefined).toBe(ok)
})

it('tells what each one lacks that was not read back', () => {
  const fault = { code: 'POINT_REFUSED', message: 'locked' } as const
  const wanted = { target_temperature: 180, 'additional.fan': true }
  expect(writeOutcomes(points, wanted, [{ metric: 'target_temperature', fault }])).toEqual([
    { metric: 'target_temperature', requested: 180, value: null, ok: false, error: fault },
    {
      metric: 'additional.fan',
      requested: true,
      value: null,
      ok: false,
      error: { code: 'INTERNAL', message: 'nothing is known of additional.fan' },
    },
  ])
})
