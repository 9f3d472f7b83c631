import { expect, it } from 'vitest'
import { createEars } from './ears.ts'
import type { MqttPoint } from './schemas.ts'

const point = (metric: string, topic: string): MqttPoint => ({ metric, address: { topic, pointer: '/v', invalid: [] } })
const json = (value: unknown) => Buffer.from(JSON.stringify({ v: value }))

function listener() {
  let passedMs = 0
  const ears = createEars({ clock: { now: () => passedMs, monotonic: () => passedMs } })
  return {
    ears,
    pass: (ms: number) => {
      passedMs += ms
    },
  }
}

it('keeps one value of each point, whatever the flood, and nothing of what nobody asked for', () => {
  const { ears } = listener()
  const exact = ears.of(point('temperature', 'oven/1'), undefined)
  const wild = ears.of(point('humidity', 'oven/+'), undefined)
  for (let index = 0; index < 20_000; index++) {
    ears.hear({ topic: `oven/${index % 100}`, payload: json(index), isRetained: false })
    ears.hear({ topic: `other/${index}`, payload: json(index), isRetained: false })
  }
  expect(exact.heard?.sample).toEqual({ metric: 'temperature', value: 19_901, quality: 'good' })
  expect(wild.heard?.sample).toEqual({ metric: 'humidity', value: 19_999, quality: 'good' })
})

it.each(['oven/+', 'oven/#', 'oven/a\0', 'oven/\ufffd', ''])(
  'the topic %j, which no broker may send, is heard by nobody',
  (topic) => {
    const { ears } = listener()
    const wild = ['oven/+', 'oven/#', '/#'].map((filter) => ears.of(point('humidity', filter), undefined))
    ears.hear({ topic, payload: json(1), isRetained: false })
    expect(wild.map(({ messages }) => messages)).toEqual([0, 0, 0])
  },
)

it('lets go of what has not been read for more than a day, and of topics that nobody needs', () => {
  const { ears, pass } = listener()
  const old = ears.of(point('temperature', 'oven/1'), undefined)
  ears.of(point('humidity', 'oven/1'), undefined)
  ears.of(point('temperature', 'oven/2'), undefined)
  pass(86_400_000)
  expect(ears.of(point('temperature', 'oven/1'), undefined)).toBe(old)
  expect(ears.dropUnused()).toEqual([])
  pass(2 * 3_600_000)
  expect(ears.dropUnused()).toEqual(['oven/2'])
  expect(ears.of(point('temperature', 'oven/1'), undefined)).toBe(old)
})

it('has a bound', () => {
  const { ears, pass } = listener()
  for (let index = 0; index < 20_000; index++) ears.of(point('temperature', `oven/${index}`), undefined)
  expect(() => ears.of(point('temperature', 'one/more'), undefined)).toThrow(
    expect.objectContaining({ code: 'OVERLOADED' }),
  )
  pass(600_001)
  const used = ears.of(point('temperature', 'oven/7'), undefined)
  expect(ears.of(point('temperature', 'one/more'), undefined).filter).toBe('one/more')
  expect(ears.of(point('temperature', 'oven/7'), undefined)).toBe(used)
})
