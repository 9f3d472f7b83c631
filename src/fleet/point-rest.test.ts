import { expect, it } from 'vitest'
import { limits, type Sample } from '#core'
import { createPointRest } from './point-rest.ts'

const points = [
  { metric: 'temperature', address: {} },
  { metric: 'humidity', address: {} },
]
const refusal = { code: 'POINT_REFUSED', message: 'illegal address' } as const

/** A machine that refuses what it is told to. */
function machine() {
  let now = 0
  let refused: readonly string[] = []
  const rest = createPointRest({ monotonic: () => now })
  return {
    rest,
    refuse: (...metrics: string[]) => {
      refused = metrics
    },
    later: (ms: number) => {
      now += ms
    },
    poll() {
      const asked = rest.due(points).map(({ metric }) => metric)
      const samples = asked.map(
        (metric): Sample =>
          refused.includes(metric) ? { metric, fault: refusal } : { metric, value: 1, quality: 'good' },
      )
      return { asked, samples: rest.complete(samples) }
    },
  }
}

const tired = (...metrics: string[]) => {
  const device = machine()
  device.refuse(...metrics)
  for (let count = 0; count < limits.pointRefusalsBeforeRest; count += 1) expect(device.poll().asked).toHaveLength(2)
  return device
}

it('lets a refused point rest, keeps its fault meanwhile, and takes it back when it answers', () => {
  const { poll, later, refuse } = tired('humidity')
  const resting = poll()
  expect(resting.asked).toEqual(['temperature'])
  expect(resting.samples).toContainEqual({ metric: 'humidity', fault: refusal })
  refuse()
  later(limits.refusedPointRestMs)
  expect(poll().asked).toContain('humidity')
  expect(poll().asked).toContain('humidity')
})

it('asks again for a moment only a point that still refuses', () => {
  const { poll, later } = tired('humidity')
  later(limits.refusedPointRestMs)
  expect(poll().asked).toContain('humidity')
  expect(poll().asked).toEqual(['temperature'])
})

it('asks a machine that refuses everything for everything', () => {
  const { poll } = tired('temperature', 'humidity')
  expect(poll().asked).toHaveLength(2)
})

it('asks for everything once it is woken', () => {
  const { poll, rest } = tired('humidity')
  rest.wake()
  expect(poll().asked).toHaveLength(2)
})
