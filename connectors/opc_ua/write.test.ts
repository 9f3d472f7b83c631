import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOpcUaMachine } from '#protocol/opc-ua'
import { openLink, outcomeOf } from './link-fixture.ts'

const namespace = 'nsu=http://bakery.example/oven/'
const variables = [
  { node: 's=Setpoint', type: 'Int16', value: 180, writable: true },
  { node: 's=Program', type: 'String', value: 'Rye', writable: true },
  { node: 's=Light', type: 'Boolean', value: false, writable: true },
  { node: 's=Mode', type: 'Int32', value: 0, words: ['Off', 'Preheat', 'Bake'], writable: true },
  { node: 's=Counter', type: 'Int64', value: 1, writable: true },
  { node: 's=Zones', type: 'Float', value: [1.5, 2.5, 3.5], writable: true },
  { node: 's=Limit', type: 'Double', value: 392, unit: 'FAH', writable: true },
  { node: 's=Actual', type: 'Double', value: 179.5 },
]
const points = [
  { metric: 'target_temperature', node: `${namespace};s=Setpoint` },
  { metric: 'additional.program', node: `${namespace};s=Program` },
  { metric: 'additional.light', node: `${namespace};s=Light` },
  { metric: 'additional.mode', node: `${namespace};s=Mode` },
  { metric: 'additional.counter', node: `${namespace};s=Counter` },
  { metric: 'additional.zone_2', node: `${namespace};s=Zones`, index: 1 },
  { metric: 'additional.zone_3', node: `${namespace};s=Zones`, index: 2 },
  { metric: 'additional.zone_9', node: `${namespace};s=Zones`, index: 8 },
  { metric: 'additional.zones', node: `${namespace};s=Zones` },
  { metric: 'temperature', node: `${namespace};s=Actual` },
  { metric: 'temperature_zones.limit', node: `${namespace};s=Limit` },
  { metric: 'humidity', node: `${namespace};s=None` },
]

let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
beforeAll(async () => {
  machine = await startOpcUaMachine({ variables })
})
afterAll(() => machine.stop())
const open = () => openLink(machine, { settings: { security_mode: 'None', points } })

describe('what is written', () => {
  it.each([
    ['target_temperature', -40, -40],
    ['additional.program', 'Wheat', 'Wheat'],
    ['additional.light', true, true],
    ['additional.light', 0, false],
    ['additional.mode', 'Bake', 'Bake'],
    ['additional.mode', 1, 'Preheat'],
    ['additional.counter', 2 ** 40, 2 ** 40],
    ['additional.zone_2', 9.5, 9.5],
  ] as const)('%s = %s is read back', async (metric, value, expected) => {
    const link = await open()
    expect(await link.write([metric, value])).toMatchObject([{ metric, value: expected, quality: 'good' }])
    expect(await (await open()).read()).toContainEqual(expect.objectContaining({ metric, value: expected }))
  })

  it("is in the server's unit there, where the point names none", async () => {
    const link = await open()
    expect(await link.write(['temperature_zones.limit', 180])).toMatchObject([{ value: 180 }])
    const inFahrenheit = { metric: 'temperature_zones.limit', node: `${namespace};s=Limit`, unit: '[degF]' }
    const other = await openLink(machine, { settings: { security_mode: 'None', points: [inFahrenheit] } })
    expect(await other.read()).toMatchObject([{ value: 356 }])
  })

  it('of an array is that element alone', async () => {
    const link = await open()
    await link.write(['additional.zone_2', 7.5], ['additional.zone_3', 8.5])
    const samples = await link.read()
    expect(samples.filter(({ metric }) => /zone_[23]/.test(metric)).map((sample) => outcomeOf([sample]))).toEqual([
      7.5, 8.5,
    ])
  })

  it('is written in order, whatever is refused between', async () => {
    const link = await open()
    const written = await link.write(
      ['target_temperature', 200],
      ['temperature', 1],
      ['humidity', 1],
      ['target_temperature', 99_999],
      ['additional.zone_9', 1],
      ['additional.zones', 1],
      ['additional.program', 'Spelt'],
      ['target_temperature', 210],
    )
    expect(written.map((sample) => outcomeOf([sample]))).toEqual([
      210,
      'POINT_REFUSED',
      'POINT_REFUSED',
      'POINT_REFUSED',
      'POINT_REFUSED',
      'POINT_REFUSED',
      'Spelt',
      210,
    ])
  })
})
