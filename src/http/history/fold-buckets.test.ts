import { describe, expect, it } from 'vitest'
import { evenGrid } from './bucket-grid.ts'
import type { ChosenReading } from './choose-metrics.ts'
import { type Bucket, foldBuckets } from './fold-buckets.ts'

const at = (seconds: number) => Date.parse('2026-11-20T04:00:00Z') + seconds * 1_000

function fold(readings: readonly (readonly [seconds: number, values: object])[], counterBefore?: number): Bucket[] {
  const buckets = foldBuckets(evenGrid(60_000), counterBefore)
  const complete = readings.flatMap(([seconds, values]) => {
    const reading = { reading_time: new Date(at(seconds)).toISOString(), ...values } as ChosenReading
    return buckets.add(at(seconds), reading) ?? []
  })
  return [...complete, ...[buckets.rest()].filter((bucket) => bucket !== undefined)]
}

describe('buckets', () => {
  it('of nothing are none', () => expect(fold([])).toEqual([]))

  it('give numbers as statistics, words as the last, and begin at their edge', () => {
    const buckets = fold([
      [10, { temperature: 1, door_status: 'open' }],
      [20, { temperature: 4, door_status: 'closed' }],
      [59.999, { temperature: 1, door_status: null }],
      [60, { temperature: 7, door_status: null }],
      [240, { temperature: null, door_status: null }],
    ])
    expect(buckets).toEqual([
      {
        reading_time: '2026-11-20T04:00:00.000Z',
        temperature: { avg: 2, min: 1, max: 4, count: 3 },
        door_status: { last: 'closed' },
        quality: {},
      },
      {
        reading_time: '2026-11-20T04:01:00.000Z',
        temperature: { avg: 7, min: 7, max: 7, count: 1 },
        door_status: null,
        quality: {},
      },
      { reading_time: '2026-11-20T04:04:00.000Z', temperature: null, door_status: null, quality: {} },
    ])
  })

  it('of zones and additional values, which may change their kind', () => {
    const [bucket] = fold([
      [1, { temperature_zones: { top: 10 }, additional: { fan: 1, on: true, mode: 3 } }],
      [2, { temperature_zones: { top: 20, core: 5 }, additional: { fan: 2, on: false, mode: 'auto' } }],
      [3, { temperature_zones: null, additional: null }],
    ])
    expect(bucket).toEqual({
      reading_time: '2026-11-20T04:00:00.000Z',
      temperature_zones: { top: { avg: 15, min: 10, max: 20, count: 2 }, core: { avg: 5, min: 5, max: 5, count: 1 } },
      additional: { fan: { avg: 1.5, min: 1, max: 2, count: 2 }, on: { last: false }, mode: { last: 'auto' } },
      quality: {},
    })
  })

  it('leave out and count what is missing or doubtful', () => {
    const [bucket] = fold([
      [1, { temperature: 6553.5, temperature_zones: { top: 1 }, quality: { temperature: 'IMPLAUSIBLE' } }],
      [2, { temperature: 20, temperature_zones: { top: 9 }, quality: { 'temperature_zones.top': 'UNCERTAIN' } }],
      [3, { temperature: null, quality: { temperature: 'VALUE_INVALID' } }],
    ])
    expect(bucket).toMatchObject({
      temperature: { avg: 20, min: 20, max: 20, count: 1 },
      temperature_zones: { top: { avg: 1, count: 1 } },
      quality: { temperature: 2, 'temperature_zones.top': 1 },
    })
  })

  it('leave out jumps, and count what may well be true', () => {
    const [bucket] = fold([
      [1, { temperature: 4, quality: { temperature: 'FLATLINE', source_time: 'CLOCK_SKEW' } }],
      [2, { temperature: 60, quality: { temperature: 'RATE' } }],
      [3, { energy_consumption_kwh: 9 }],
      [4, { energy_consumption_kwh: 2, quality: { energy_consumption_kwh: 'COUNTER_RESET' } }],
      [5, { energy_consumption_kwh: 3 }],
    ])
    expect(bucket).toMatchObject({ temperature: { avg: 4, count: 1 }, energy_consumption_kwh: { delta: 1, last: 3 } })
    expect(bucket?.quality).toEqual({ temperature: 1 })
  })

  it('take what was filled in afterwards as good as any', () => {
    const quality = { temperature: 'BACKFILLED', energy_consumption_kwh: 'BACKFILLED' }
    const [bucket] = fold([
      [1, { temperature: 10, energy_consumption_kwh: 5, quality }],
      [2, { temperature: 20, energy_consumption_kwh: 7, quality }],
    ])
    expect(bucket).toMatchObject({
      temperature: { avg: 15, count: 2 },
      energy_consumption_kwh: { delta: 2, last: 7 },
      quality: {},
    })
  })

  it.each<[string, number[], number | undefined, number[]]>([
    ['grow from reading to reading, over edges too', [10, 11, 13, 20], undefined, [1, 9]],
    ['grow since the reading before', [10, 11, 13, 20], 9.5, [1.5, 9]],
    ['go on from where they were set back', [10, 12, 3, 4], undefined, [2, 1]],
    ['give no noise', [0.1, 0.3, 0.4, 0.7], undefined, [0.2, 0.4]],
  ])('of counters %s', (_what, values, before, deltas) => {
    const buckets = fold(
      values.map((kwh, index) => [index * 30, { energy_consumption_kwh: kwh }] as const),
      before,
    )
    expect(buckets.map((bucket) => bucket.energy_consumption_kwh)).toEqual([
      { delta: deltas[0], last: values[1] },
      { delta: deltas[1], last: values[3] },
    ])
  })
})
