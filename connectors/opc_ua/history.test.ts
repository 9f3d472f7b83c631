import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOpcUaMachine } from '#protocol/opc-ua'
import { faultOf, openLink } from './link-fixture.ts'

const namespace = 'nsu=http://bakery.example/oven/'
const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 4, 0, second)).toISOString()
/** One value a second for a minute, and one every ten seconds. */
const often = Array.from({ length: 60 }, (_, second) => [at(second), 180 + second] as const)
const rarely = often.filter((_, second) => second % 10 === 0)

let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
beforeAll(async () => {
  machine = await startOpcUaMachine({
    variables: [
      { node: 's=T', value: 0, history: often },
      { node: 's=H', value: 0, history: rarely },
      { node: 's=None', value: 0 },
    ],
  })
})
afterAll(() => machine.stop())

const points = ['temperature:T', 'humidity:H', 'additional.none:None', 'additional.nowhere:Nowhere'].map((name) => {
  const [metric, node] = name.split(':')
  return { metric, node: `${namespace};s=${node}` }
})
const open = (which = points) => openLink(machine, { settings: { security_mode: 'None', points: which } })

describe('history', () => {
  it('is what the server kept of all points, by moment, the oldest first', async () => {
    const link = await open()
    const kept = await link.history(at(9), at(22))
    expect(kept.map(({ time }) => new Date(time).toISOString())).toEqual(often.slice(9, 22).map(([time]) => time))
    expect(kept[1]?.samples).toEqual([
      expect.objectContaining({ metric: 'temperature', value: 190 }),
      expect.objectContaining({ metric: 'humidity', value: 190 }),
    ])
    expect(kept[2]?.samples).toHaveLength(1)
  })

  it('is bounded, and goes on where it ended', async () => {
    const link = await open()
    const first = await link.history(at(0), at(60), 25)
    expect(first).toHaveLength(25)
    const next = await link.history(new Date((first.at(-1)?.time ?? 0) + 1).toISOString(), at(60), 100)
    expect(next).toHaveLength(35)
  })

  it('of a time of which nothing was kept is empty', async () => {
    expect(await (await open()).history('2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z')).toEqual([])
  })

  it('that the server has of no point is refused', async () => {
    const link = await open(points.slice(2))
    expect(await faultOf(link.history(at(0), at(60)))).toMatchObject({ code: 'POINT_REFUSED' })
  })
})
