import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kit, parseTarget } from '#connector'
import { startOpcUaMachine } from '#protocol/opc-ua'
import define from './index.ts'
import { faultOf, openLink, outcomeOf } from './link-fixture.ts'

const namespace = 'http://bakery.example/a;b%c/'
const escaped = 'nsu=http://bakery.example/a%3Bb%25c/'
const many = Array.from({ length: 250 }, (_, index) => ({
  node: `s=Many/${index}`,
  name: `V${index}`,
  parent: 's=Many',
  type: 'Int32',
  value: index,
}))

let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
beforeAll(async () => {
  machine = await startOpcUaMachine({
    namespace,
    nodes_per_browse: 5,
    objects: [{ node: 's=Many', name: 'Many' }],
    variables: [
      { node: 's=T', name: 'Temperature', value: 182.5, unit: 'CEL' },
      { node: 's=H', name: 'Humidity', value: 40, unit: 'CEL' },
      { node: 's=Door', name: 'DoorStatus', type: 'Boolean', value: true },
      { node: 's=Mode', name: 'Operating Mode', type: 'Int32', value: 1, words: ['Off', 'Bake'] },
      { node: 's=Zones', name: 'Zones', type: 'Float', value: [1, 2] },
      { node: 's=Blob', name: 'Blob', value: null },
      ...many,
    ],
  })
})
afterAll(() => machine.stop())
const open = () => openLink(machine, { settings: { security_mode: 'None' } })

async function machineBelowObjects() {
  const link = await open()
  const { found } = await link.browse()
  return { link, machineAt: found.find(({ name }) => name === 'Machine')?.at }
}

describe('browsing', () => {
  it('begins with Objects, and tells what is there and how it could be read', async () => {
    const { link, machineAt } = await machineBelowObjects()
    expect(machineAt).toBe(`${escaped};s=Machine`)
    const { found, cursor } = await link.browse(machineAt)
    expect(cursor).toBeUndefined()
    expect(found).toEqual([
      { name: 'Many', kind: 'object', at: `${escaped};s=Many` },
      {
        name: 'Temperature',
        kind: 'Double',
        at: `${escaped};s=T`,
        value: '182.5',
        point: { metric: 'temperature', unit: 'Cel', node: `${escaped};s=T` },
      },
      {
        name: 'Humidity',
        kind: 'Double',
        at: `${escaped};s=H`,
        value: '40',
        point: { metric: 'additional.humidity', unit: 'Cel', node: `${escaped};s=H` },
      },
      {
        name: 'DoorStatus',
        kind: 'Boolean',
        value: 'true',
        point: { metric: 'additional.door_status', node: `${escaped};s=Door` },
      },
      {
        name: 'Operating Mode',
        kind: 'Int32',
        value: 'Bake',
        point: { metric: 'additional.operating_mode', node: `${escaped};s=Mode` },
      },
      { name: 'Zones', kind: 'Float[]' },
      { name: 'Blob', kind: 'nothing', point: { metric: 'additional.blob', node: `${escaped};s=Blob` } },
    ])
  })

  it('gives points that a configuration takes, and that are read', async () => {
    const { link, machineAt } = await machineBelowObjects()
    const { found } = await link.browse(machineAt)
    const points = found.flatMap(({ point, value }) => (point && value !== undefined ? [point] : []))
    parseTarget(define(kit), 'machine-1', { endpoint: 'oven', credentials: {}, additional_config: { points } })
    const read = await (await openLink(machine, { settings: { security_mode: 'None', points } })).read()
    expect(read.map((sample) => outcomeOf([sample]))).toEqual([182.5, 40, true, 'Bake'])
  })

  it('gives each node once, page by page', async () => {
    const link = await open()
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await link.browse(`${escaped};s=Many`, { cursor, limit: 60 })
      expect(page.found.length).toBeLessThanOrEqual(60)
      names.push(...page.found.map(({ name }) => name))
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(names).toEqual(many.map(({ name }) => name))
  })

  it('gives no two points of a page the same metric', async () => {
    const link = await open()
    const { found } = await link.browse('i=2253')
    const metrics = found.flatMap(({ point }) => (point ? [point['metric']] : []))
    expect(new Set(metrics).size).toBe(metrics.length)
  })

  it.each([
    ['ns=2;s=Many', undefined],
    ['nsu=http://other.example/;s=Many', undefined],
    ['<script>', undefined],
    ['i=85', '-1'],
    ['i=85', '1e3'],
    ['i=85', '123456'],
  ])('of %s from %s on is refused', async (at, cursor) => {
    const link = await open()
    expect(await faultOf(link.browse(at, { cursor }))).toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('below what is not there finds nothing', async () => {
    const link = await open()
    expect(await link.browse(`${escaped};s=Nowhere`)).toEqual({ found: [] })
    expect(await link.browse('i=85', { cursor: '9999' })).toEqual({ found: [] })
  })
})
