import { describe, expect, it } from 'vitest'
import type { Kept } from '#connector'
import { deviceHistory } from './device-history.ts'
import type { DevicePoint } from './device-points.ts'

const point = (metric: string, reading: DevicePoint['reading'], name?: string) =>
  ({ metric, reading, isHaccp: false, child: { name: metric }, name }) as unknown as DevicePoint
const moment = (time: number, values: Record<string, number | string | boolean>): Kept => ({
  time,
  samples: Object.entries(values).map(([metric, value]) => ({ metric, value, quality: 'good' })),
})
const valuesIn = (points: readonly DevicePoint[], kept: readonly Kept[]) =>
  deviceHistory(points, kept).map(({ time, samples }) => [
    time,
    Object.fromEntries(samples.map((sample) => [sample.metric, 'value' in sample ? sample.value : sample.fault.code])),
  ])

describe('what was kept of a device', () => {
  it('has the meaning that it has when it is read', () => {
    const points = [
      point('temperature', 'as it is'),
      point('time_remaining_minutes', 'seconds'),
      point('operational_status', 'mode', 'FryerMode'),
    ]
    const kept = [moment(1, { temperature: 170, time_remaining_minutes: 90 }), moment(2, { operational_status: 3 })]
    expect(valuesIn(points, kept)).toEqual([
      [1, { temperature: 170, time_remaining_minutes: 1.5 }],
      [2, { operational_status: 'running', cycle_stage: 'baking' }],
    ])
  })

  it('has a status once all that makes it is known, and at each change of it from then on', () => {
    const points = [
      point('temperature', 'as it is'),
      point('outer', 'state'),
      point('inner', 'state'),
      point('error', 'condition', 'Overheated'),
    ]
    const kept = [
      moment(1, { outer: 'Running', temperature: 170 }),
      moment(2, { inner: 'Execute' }),
      moment(3, { error: false }),
      moment(4, { temperature: 171 }),
      moment(5, { inner: 'Held' }),
      moment(6, { error: true }),
    ]
    const status = (state: string, operational_status: string, error_conditions = 'none') => ({
      'additional.state': state,
      'additional.error_conditions': error_conditions,
      operational_status,
    })
    expect(valuesIn(points, kept)).toEqual([
      [1, { temperature: 170 }],
      [2, {}],
      [3, status('Execute', 'running')],
      [4, { temperature: 171 }],
      [5, status('Held', 'paused')],
      [6, status('Held', 'error', 'Overheated')],
    ])
  })
})
