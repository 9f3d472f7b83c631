import { describe, expect, it } from 'vitest'
import { metricsMax, type SparkplugMetric } from './sparkplug-codec.ts'
import { createEdgeNode } from './sparkplug-node.ts'
import type { SparkplugKind } from './sparkplug-topic.ts'

const metric = (name: string, raw: number, more: Partial<SparkplugMetric> = {}): SparkplugMetric => ({
  name,
  datatype: 7,
  raw,
  isNull: false,
  isHistorical: false,
  ...more,
})
const bdSeq = (number: number) => ({
  name: 'bdSeq',
  datatype: 8,
  raw: String(number),
  isNull: false,
  isHistorical: false,
})
/** As data messages give it: neither name nor type. */
const byAlias = (alias: string, raw: number, more: Partial<SparkplugMetric> = {}): SparkplugMetric => ({
  alias,
  raw,
  isNull: false,
  isHistorical: false,
  ...more,
})

function edgeNode() {
  const node = createEdgeNode()
  const take = (kind: SparkplugKind, seq: number | undefined, metrics: SparkplugMetric[] = [], device = '') =>
    node.take({ kind, device, payload: { metrics, time: 1_000, ...(seq === undefined ? {} : { seq }) } })
  const oven = (name: string) => node.metricOf('Oven', name)?.value
  return { node, take, oven }
}

/** Born with a device whose temperature has the alias 1. */
function born() {
  const made = edgeNode()
  made.take('NBIRTH', 0, [bdSeq(3), metric('Uptime', 5, { alias: '9' })])
  made.take('DBIRTH', 1, [metric('Temp', 180, { alias: '1' }), metric('Set', 200, { alias: '2' })], 'Oven')
  return made
}

describe('an edge node', () => {
  it('is unknown until it is born, and asks for its birth', () => {
    const { node, take } = edgeNode()
    expect(node.stateOf('')).toBe('unknown')
    expect(take('DDATA', 7, [metric('Temp', 1)], 'Oven')).toMatchObject({ needsBirth: true })
    expect(take('DBIRTH', 8, [metric('Temp', 1)], 'Oven')).toMatchObject({ needsBirth: true })
    expect([node.stateOf(''), node.stateOf('Oven'), node.metricOf('Oven', 'Temp')]).toEqual([
      'unknown',
      'unknown',
      undefined,
    ])
  })

  it('is told by its birth, by name and by alias', () => {
    const { node, take, oven } = born()
    expect([node.stateOf(''), node.stateOf('Oven'), node.stateOf('Mixer')]).toEqual(['born', 'born', 'unknown'])
    expect(node.metricOf('Oven', 'Temp')).toEqual({ datatype: 7, isStale: false, time: 1_000, value: 180 })
    const news = take('DDATA', 2, [byAlias('1', 181)], 'Oven')
    expect(news).toEqual({ device: 'Oven', names: new Set(['Temp']), needsBirth: false })
    take('DDATA', 3, [metric('Set', 201)], 'Oven')
    take('NDATA', 4, [byAlias('9', 6)])
    expect([oven('Temp'), oven('Set'), node.metricOf('', 'Uptime')?.value]).toEqual([181, 201, 6])
  })

  it('counts its messages through 255 and on from 0', () => {
    const { node, take, oven } = born()
    for (let index = 2; index < 600; index++) {
      expect(take('DDATA', index % 256, [byAlias('1', index)], 'Oven')?.needsBirth).toBe(false)
    }
    expect([node.hasGap, oven('Temp')]).toEqual([false, 599])
  })

  it.each([
    ['one is lost', 3],
    ['one comes twice', 1],
  ])('%s: what is not told by it may be old, until the next birth', (_name, seq) => {
    const { node, take, oven } = born()
    expect(take('DDATA', seq, [byAlias('1', 181)], 'Oven')?.needsBirth).toBe(true)
    expect([node.hasGap, oven('Temp')]).toEqual([true, 181])
    expect(take('DDATA', seq + 1, [byAlias('1', 182)], 'Oven')?.needsBirth).toBe(false)
    expect(node.hasGap).toBe(true)
    take('NBIRTH', 0, [bdSeq(3)])
    expect(node.hasGap).toBe(false)
  })

  it('messages that are not numbered are not counted', () => {
    const { node, take, oven } = born()
    expect(take('DDATA', undefined, [byAlias('1', 181)], 'Oven')?.needsBirth).toBe(false)
    expect([node.hasGap, oven('Temp')]).toEqual([false, 181])
  })

  it('an alias or a name that its birth did not tell asks for a birth, and takes nothing from the others', () => {
    const { take, oven } = born()
    expect(take('DDATA', 2, [byAlias('77', 1), byAlias('1', 181)], 'Oven')?.needsBirth).toBe(true)
    expect(take('DDATA', 3, [metric('Unknown', 1)], 'Oven')?.needsBirth).toBe(true)
    // An alias of the node does not stand for one of the device.
    expect(take('DDATA', 4, [byAlias('9', 7)], 'Oven')?.needsBirth).toBe(true)
    expect(oven('Temp')).toBe(181)
  })

  it('a new birth makes new aliases, and its devices have to be born again', () => {
    const { node, take, oven } = born()
    expect(take('NBIRTH', 0, [bdSeq(4)])).toEqual({ needsBirth: false })
    expect([node.stateOf(''), node.stateOf('Oven'), oven('Temp')]).toEqual(['born', 'unknown', undefined])
    take('DBIRTH', 1, [metric('Set', 200, { alias: '1' })], 'Oven')
    take('DDATA', 2, [byAlias('1', 210)], 'Oven')
    expect([oven('Set'), oven('Temp')]).toEqual([210, undefined])
  })

  it('a device dies and is born again', () => {
    const { node, take, oven } = born()
    expect(take('DDEATH', 2, [], 'Oven')).toEqual({ device: 'Oven', needsBirth: false })
    expect([node.stateOf(''), node.stateOf('Oven'), oven('Temp')]).toEqual(['born', 'gone', undefined])
    expect(take('DDATA', 3, [byAlias('1', 1)], 'Oven')?.needsBirth).toBe(true)
    take('DBIRTH', 4, [metric('Temp', 20, { alias: '1' })], 'Oven')
    expect([node.stateOf('Oven'), oven('Temp')]).toEqual(['born', 20])
  })

  it('dies with its devices, unless the will is one of an earlier connection', () => {
    const { node, take, oven } = born()
    expect(take('NDEATH', undefined, [bdSeq(2)])).toBeUndefined()
    expect(oven('Temp')).toBe(180)
    expect(take('NDEATH', undefined, [bdSeq(3)])).toEqual({ needsBirth: false })
    expect([node.stateOf(''), node.stateOf('Oven'), oven('Temp')]).toEqual(['gone', 'gone', undefined])
    take('NBIRTH', 0, [bdSeq(4)])
    expect(node.stateOf('')).toBe('born')
  })

  it('a death without number is one', () => {
    const { node, take } = born()
    take('NDEATH', undefined)
    expect(node.stateOf('Oven')).toBe('gone')
  })

  it('what it had kept is no value of now', () => {
    const { take, oven } = born()
    const news = take('DDATA', 2, [byAlias('1', 20, { isHistorical: true }), byAlias('2', 205)], 'Oven')
    expect(news).toEqual({ device: 'Oven', names: new Set(['Set']), needsBirth: false })
    expect([oven('Temp'), oven('Set')]).toEqual([180, 205])
  })

  it('null, bad, stale and what is no single value', () => {
    const { node, take } = born()
    const set = { name: 'Set', datatype: 16, isNull: false, isHistorical: false }
    take('DDATA', 2, [byAlias('1', 0, { isNull: true }), set], 'Oven')
    expect(node.metricOf('Oven', 'Temp')?.fault).toBe('null (the machine has no value)')
    expect(node.metricOf('Oven', 'Set')?.fault).toBe('DataSet, which is no single value or has none')
    take('DDATA', 3, [byAlias('1', 5, { quality: 0 })], 'Oven')
    expect(node.metricOf('Oven', 'Temp')?.fault).toBe('the edge node says that the value is bad')
    take('DDATA', 4, [byAlias('1', 5, { quality: 500, time: 900 })], 'Oven')
    expect(node.metricOf('Oven', 'Temp')).toEqual({ datatype: 7, isStale: true, time: 900, value: 5 })
  })

  it('commands to it change nothing', () => {
    const { take, oven } = born()
    expect(take('DCMD', undefined, [metric('Temp', 1)], 'Oven')).toBeUndefined()
    expect(oven('Temp')).toBe(180)
  })

  it('names and texts that are too long are not kept', () => {
    const { node, take } = edgeNode()
    take('NBIRTH', 0)
    const long = { ...metric('Text', 0), datatype: 12, raw: 'x'.repeat(1_001) }
    take('DBIRTH', 1, [metric('x'.repeat(301), 1), long], 'Oven')
    expect(node.metricOf('Oven', 'x'.repeat(301))).toBeUndefined()
    expect(node.metricOf('Oven', 'Text')).toMatchObject({ fault: 'text of more than 1000 characters' })
  })

  it('has a bound on devices, and on their deaths', () => {
    const { node, take } = edgeNode()
    take('NBIRTH', 0)
    for (let index = 0; index < 1_100; index++) take('DBIRTH', undefined, [], `d${index}`)
    expect([node.stateOf('d998'), node.stateOf('d999')]).toEqual(['born', 'unknown'])
    for (let index = 0; index < 1_100; index++) take('DDEATH', undefined, [], `d${index}`)
    expect([node.stateOf('d999'), node.stateOf('d1000')]).toEqual(['gone', 'unknown'])
  })

  it('has a bound on metrics, over all its devices', () => {
    const { node, take } = edgeNode()
    take('NBIRTH', 0)
    const many = Array.from({ length: metricsMax }, (_, index) => metric(`m${index}`, index, { alias: String(index) }))
    take('DBIRTH', 1, many, 'One')
    take('DBIRTH', 2, [metric('Temp', 1)], 'Two')
    expect([node.metricOf('One', `m${metricsMax - 1}`)?.value, node.metricOf('Two', 'Temp')]).toEqual([
      metricsMax - 1,
      undefined,
    ])
    take('DBIRTH', 3, [metric('Temp', 1)], 'One')
    take('DBIRTH', 4, [metric('Temp', 1)], 'Two')
    expect(node.metricOf('Two', 'Temp')?.value).toBe(1)
  })
})
