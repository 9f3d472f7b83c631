import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
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
const open = (which = points, from = machine) => openLink(from, { settings: { security_mode: 'None', points: which } })

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

describe('history that a server tells page by page', () => {
  const startPaged = async (bounds: object) => {
    const paged = await startOpcUaMachine({
      variables: [
        { node: 's=T', value: 0, history: often },
        { node: 's=H', value: 0, history: rarely },
      ],
      ...bounds,
    })
    onTestFinished(() => paged.stop())
    return paged
  }
  const timesOf = (kept: readonly { readonly time: number }[]) => kept.map(({ time }) => new Date(time).toISOString())
  const humid = (kept: Awaited<ReturnType<Awaited<ReturnType<typeof open>>['history']>>) =>
    timesOf(kept.filter(({ samples }) => samples.some(({ metric }) => metric === 'humidity')))

  it.each([
    ['', {}],
    [', one node after the other', { history_places: 1 }],
  ])('is read to its end, in order%s', async (_name, places) => {
    const paged = await startPaged({ history_page: 4, ...places })
    const link = await open(points, paged)
    const kept = await link.history(at(0), at(60))
    expect(timesOf(kept)).toEqual(often.map(([time]) => time))
    expect(kept.map(({ samples: [sample] }) => sample)).toMatchObject(often.map(([, value]) => ({ value })))
    expect(humid(kept)).toEqual(rarely.map(([time]) => time))
    expect(paged.places()).toBe(0)
  })

  it('is read as far as it is asked for, and the server need not keep the rest', async () => {
    const paged = await startPaged({ history_page: 7, history_places: 1 })
    const link = await open(points, paged)
    expect(timesOf(await link.history(at(0), at(60), 25))).toEqual(often.slice(0, 25).map(([time]) => time))
    expect(paged.places()).toBe(0)
  })

  it('and that has more pages than are read is whole up to where it was cut, and goes on from there', async () => {
    const long = Array.from({ length: 130 }, (_, second) => [at(second), second] as const)
    const sparse = long.filter(([, second]) => second % 10 === 0)
    const paged = await startPaged({
      history_page: 1,
      variables: [
        { node: 's=T', value: 0, history: long },
        { node: 's=H', value: 0, history: sparse },
      ],
    })
    const link = await open(points, paged)
    const first = await link.history(at(0), at(130), 500)
    expect(timesOf(first)).toEqual(long.slice(0, 100).map(([time]) => time))
    expect(paged.places()).toBe(0)
    const next = await link.history(new Date((first.at(-1)?.time ?? 0) + 1).toISOString(), at(130), 500)
    expect(timesOf(next)).toEqual(long.slice(100).map(([time]) => time))
    expect(humid([...first, ...next])).toEqual(sparse.map(([time]) => time))
  })

  it('and whose next page is refused is no history, so that it is asked for again', async () => {
    const paged = await startPaged({ history_page: 4 })
    const link = await open(points, paged)
    let answers = 0
    paged.tamper((chunk, client) => {
      const copy = Buffer.from(chunk)
      // HistoryReadResponse (OPC 10000-6, NodeIds.csv: 667); behind the header and the count stands the first status.
      const isHistory = copy.toString('latin1', 0, 3) === 'MSG' && copy.readUInt16LE(26) === 667
      if (isHistory) answers += 1
      if (isHistory && answers === 2) copy.writeUInt32LE(0x804a0000, 56)
      client.write(copy)
    })
    expect(await faultOf(link.history(at(0), at(60)))).toMatchObject({
      code: 'DEVICE_BUSY',
      message: expect.stringContaining('BadContinuationPointInvalid'),
    })
    paged.tamper()
    expect(await link.history(at(0), at(60))).toHaveLength(60)
  })
})

describe('history of a device that describes itself', () => {
  const fryer = (history: { readonly history?: readonly (readonly [string, number])[] }) => ({
    devices: [
      {
        name: 'Fryer',
        variables: [
          { path: ['FryerCup_1', 'ActualTemperature'], type: 'Float', value: 180, ...history },
          { path: ['FryerCup_1', 'ProgramMode'], type: 'Int32', value: 3 },
        ],
      },
    ],
  })
  const openFryer = async (equipment: object) => {
    const device = await startOpcUaMachine(equipment)
    onTestFinished(() => device.stop())
    return { device, link: await open([], device) }
  }

  it('is what the server has kept of what the device is found to have', async () => {
    const { link } = await openFryer(fryer({ history: often.slice(0, 5) }))
    const kept = await link.history(at(1), at(4))
    expect(kept.map(({ time }) => new Date(time).toISOString())).toEqual([at(1), at(2), at(3)])
    expect(kept[0]?.samples).toEqual([
      expect.objectContaining({ metric: 'temperature', value: 181 }),
      expect.objectContaining({ metric: 'temperature_zones.cup_1', value: 181 }),
    ])
  })

  it('is nothing where the server keeps none, and no failure', async () => {
    const { link } = await openFryer(fryer({}))
    expect(await link.history(at(0), at(60))).toEqual([])
  })

  it('is nothing of a server that tells no history at all, and the link goes on', async () => {
    const { device, link } = await openFryer(fryer({}))
    await link.read()
    device.tamper((chunk, client) => {
      const isHistory = chunk.toString('latin1', 0, 3) === 'MSG' && chunk.readUInt16LE(26) === 667
      client.write(isHistory ? unsupported(chunk) : chunk)
    })
    expect(await link.history(at(0), at(60))).toEqual([])
    expect(await link.read()).not.toHaveLength(0)
    expect(link.lost).toEqual([])
  })

  /** A ServiceFault (OPC 10000-6, NodeIds.csv: 397) of BadServiceUnsupported. */
  function unsupported(chunk: Buffer): Buffer {
    const fault = Buffer.from(chunk.subarray(0, 52))
    fault.writeUInt32LE(fault.length, 4)
    fault.writeUInt16LE(397, 26)
    fault.writeUInt32LE(0x800b0000, 40)
    return fault
  }
})
