import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { kit, parseTarget } from '#connector'
import { startOpcUaMachine, type Tamper } from '#protocol/opc-ua'
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
afterEach(() => machine.tamper())
afterAll(() => machine.stop())
const open = () => openLink(machine, { settings: { security_mode: 'None' } })

async function machineBelowObjects() {
  const link = await open()
  const { found } = await link.browse()
  return { link, machineAt: found.find(({ name }) => name === 'Machine')?.at }
}

describe('browsing', () => {
  it('refuses a place that the server does not have', async () => {
    const link = await open()
    for (const at of [`${escaped};s=Nowhere`, 'i=999999', 'nsu=http://nowhere/;i=1']) {
      expect(await faultOf(link.browse(at))).toMatchObject({ code: 'CONFIG_INVALID' })
    }
    const { found } = await link.browse(`${escaped};s=Blob`)
    expect(found).toEqual([])
  })

  it('proposes no point for what is no single value', async () => {
    const { found } = await (await open()).browse('i=2253')
    expect(found.find(({ name }) => name === 'ServerStatus')).toEqual({
      name: 'ServerStatus',
      kind: 'structure',
      at: 'i=2256',
    })
  })

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

  it('behind the last page finds nothing', async () => {
    const link = await open()
    expect(await link.browse('i=85', { cursor: '9999' })).toEqual({ found: [] })
  })
})

/** Answers of a type (OPC 10000-6, NodeIds.csv) that hold nothing but the status that is given for each, until none is left. */
const BrowseResponse = 530
const BrowseNextResponse = 536
const answeredWith =
  (type: number, ...statuses: readonly number[]): Tamper =>
  (chunk, client) => {
    const left = spoilt.get(statuses) ?? [...statuses]
    spoilt.set(statuses, left)
    const status = isAnswer(chunk, type) ? left.shift() : undefined
    client.write(status === undefined ? chunk : refusingAll(chunk, status))
  }
const isAnswer = (chunk: Buffer, type: number) =>
  chunk.toString('latin1', 0, 3) === 'MSG' && chunk.readUInt16LE(26) === type
const spoilt = new Map<readonly number[], number[]>()
const status = { noPlace: 0x804b0000, pointInvalid: 0x804a0000, internal: 0x80020000, denied: 0x801f0000 }
const childrenOfMany = async () => {
  const { found } = await (await open()).browse(`${escaped};s=Many`, { limit: 300 })
  return found.length
}

describe('browsing a server that cannot tell', () => {
  it.each([
    ['has no place for what is behind a page', answeredWith(BrowseResponse, status.noPlace)],
    ['has given up what was behind a page', answeredWith(BrowseNextResponse, status.pointInvalid)],
  ])('a node page by page, because it %s, asks for all at once', async (_name, tamper) => {
    machine.tamper(tamper)
    expect(await childrenOfMany()).toBe(250)
  })

  it.each([
    ['now', answeredWith(BrowseResponse, status.internal), 'DEVICE_BUSY'],
    ['the next page', answeredWith(BrowseNextResponse, status.internal), 'DEVICE_BUSY'],
    ['for want of a place', answeredWith(BrowseResponse, status.noPlace, status.noPlace), 'DEVICE_BUSY'],
    ['to this user', answeredWith(BrowseResponse, status.denied), 'POINT_REFUSED'],
  ])('%s is a fault, and nothing that looks empty', async (_name, tamper, code) => {
    machine.tamper(tamper)
    expect(await faultOf(childrenOfMany())).toMatchObject({ code })
  })

  it('what is behind a page gives back the place that the server keeps for it', async () => {
    const before = machine.places()
    machine.tamper((chunk, client) => {
      const copy = Buffer.from(chunk)
      // Behind the header and the count stands the first status.
      if (isAnswer(copy, BrowseResponse)) copy.writeUInt32LE(status.internal, 56)
      client.write(copy)
    })
    expect(await faultOf(childrenOfMany())).toMatchObject({ code: 'DEVICE_BUSY' })
    expect(machine.places()).toBe(before)
  })

  it.each([1, 2, 3])('more than %i nodes at once knows of each variable what is below it', async (places) => {
    const parents = Array.from({ length: 7 }, (_, index) => ({ node: `s=P${index}`, name: `P${index}`, value: index }))
    const children = parents.flatMap(({ node }, index) =>
      index === 3 ? [] : ['A', 'B'].map((name) => ({ node: `${node}/${name}`, name, parent: node, value: 0 })),
    )
    const small = await startOpcUaMachine({ browse_places: places, variables: [...parents, ...children] })
    onTestFinished(() => small.stop())
    const link = await openLink(small, { settings: { security_mode: 'None' } })
    const { found } = await link.browse('nsu=http://bakery.example/oven/;s=Machine')
    expect(found.map(({ name, at }) => [name, at !== undefined])).toEqual(
      parents.map(({ name }, index) => [name, index !== 3]),
    )
    expect(small.places()).toBe(0)
  })

  it('of any node at once what is below it is asked for fewer, and for one', async () => {
    const link = await open()
    let answers = 0
    machine.tamper((chunk, client) => {
      if (isAnswer(chunk, BrowseResponse)) answers += 1
      // Behind the first answer, which tells the variables.
      const isRefused = isAnswer(chunk, BrowseResponse) && answers > 1 && answers < 5
      client.write(isRefused ? refusingAll(chunk, status.noPlace) : chunk)
    })
    const { found } = await link.browse(`${escaped};s=Machine`)
    expect(found.filter(({ kind, at }) => kind !== 'object' && at !== undefined).map(({ name }) => name)).toEqual([
      'Temperature',
      'Humidity',
    ])
    expect(answers).toBeGreaterThan(5)
  })
})

/** The same answer, but none of its results has more than a status. */
function refusingAll(chunk: Buffer, status: number): Buffer {
  const count = chunk.readInt32LE(52)
  // A status, no continuation point, no references.
  const result = Buffer.alloc(12, 0xff)
  result.writeUInt32LE(status, 0)
  const noDiagnostics = Buffer.alloc(4, 0xff)
  const copy = Buffer.concat([chunk.subarray(0, 56), ...Array.from({ length: count }, () => result), noDiagnostics])
  copy.writeUInt32LE(copy.length, 4)
  return copy
}
