import { describe, expect, it, vi } from 'vitest'
import { parseTarget } from '#connector'
import { soon } from '../../test/setup/soon.ts'
import { connector, openLink, startTestBroker, targetOf } from './link-fixture.ts'

const points = [{ metric: 'temperature', topic: 'oven/temp' }]
const json = (topic: string, value: object) => ({ topic, json: value })

describe('looking around on a broker', () => {
  it('tells values with the points that read them, those of known machines by their profile', async () => {
    const broker = await startTestBroker({
      messages: [
        json('tele/proofer/SENSOR', { Time: '2026-11-20T10:00:00', DS18B20: { Temperature: 31.5 }, TempUnit: 'C' }),
        json('mixer/status/switch:0', { output: true, apower: 1480.5 }),
        json('zigbee2mqtt/Cold room 2', { temperature: 4.1, last_seen: '2026-11-20T11:00:00Z' }),
        json('scale/weight', { net_kg: 12.5, tare: null, 'a/b~c': [1] }),
        { topic: 'oven/power_w', text: '4200' },
        { topic: 'oven/state', text: 'running' },
        { topic: 'oven/image', base64: '/9j/4AAQ' },
      ],
    })
    const { browse } = await openLink(targetOf(broker, points))
    const { found, cursor } = await browse()
    expect(cursor).toBeUndefined()
    expect(found).toMatchSnapshot()
  })

  it('what is proposed is a configuration, and reads what was seen', async () => {
    const messages = [
      json('mixer/status/switch:0', { output: true, apower: 1480.5, aenergy: { total: 11_210.7 } }),
      json('hall/air', { temp_c: 21.5, humidity_percent: 40 }),
      json('shed/air', { temp_c: 12.5 }),
    ]
    const broker = await startTestBroker({ messages })
    const { browse, read } = await openLink(targetOf(broker, points, { settings: { timeout: 1 } }))
    const { found } = await browse()
    const proposed = found.flatMap(({ point }) => (point ? [point] : []))
    const samples = await read(targetOf(broker, proposed))
    const told = samples.map((sample) => [sample.metric, 'value' in sample && sample.value])
    expect(Object.fromEntries(told)).toEqual({
      temperature: 21.5,
      humidity: 40,
      'additional.switched_on': true,
      power_kw: 1480.5,
      energy_consumption_kwh: 11_210.7,
      'additional.temp_c': 12.5,
    })
  })

  it('goes on where an answer ended', async () => {
    const messages = Array.from({ length: 7 }, (_, index) => ({ topic: `oven/${index}`, text: String(index) }))
    const broker = await startTestBroker({ messages })
    const { browse } = await openLink(targetOf(broker, points))
    const first = await browse({ limit: 4 })
    expect([first.found.map(({ name }) => name), first.cursor]).toEqual([
      ['oven/0', 'oven/1', 'oven/2', 'oven/3'],
      'oven/3',
    ])
    const second = await browse({ limit: 4, cursor: first.cursor })
    expect([second.found.map(({ name }) => name), second.cursor]).toEqual([['oven/4', 'oven/5', 'oven/6'], undefined])
  })

  it('listens where it is told to, and says where there is more than there is room for', async () => {
    const messages = [
      ...Array.from({ length: 2_100 }, (_, index) => ({ topic: `a/${index % 3}/${index}`, text: '1' })),
      { topic: 'b', text: '1' },
    ]
    const broker = await startTestBroker({ messages })
    const { browse } = await openLink(targetOf(broker, points))
    const all = await browse({ limit: 3_000, seconds: 1 })
    expect(all.found).toHaveLength(2_002)
    expect(all.found).toContainEqual({ name: 'a/#', kind: 'more topics', at: 'a/#' })
    const some = await browse({ at: 'a/1/#', limit: 3_000, seconds: 1 })
    expect(some.found.map(({ name }) => name.slice(0, 4))).toEqual(new Array(700).fill('a/1/'))
  })

  it('the births of Sparkplug edge nodes are told metric by metric, and nobody is asked for one', async () => {
    const oven = {
      node: 'Bakery/Line 1',
      devices: { Oven: [{ name: 'Chamber/Temp', alias: 1, type: 'Float', value: 180.1, unit: '°C' }] },
    }
    const broker = await startTestBroker({ edgeNodes: [oven] })
    const target = targetOf(broker, [{ metric: 'temperature', sparkplug: 'Bakery/Line 1/Oven', name: 'Chamber/Temp' }])
    const { browse, read } = await openLink(target)
    expect(await browse()).toEqual({ found: [] })
    const looking = browse({ seconds: 2 })
    // What somebody else asks for is heard by all.
    const asked: Promise<unknown>[] = []
    const asking = setInterval(() => void asked.push(read()), 50)
    const { found } = await looking.finally(() => clearInterval(asking))
    await Promise.all(asked)
    expect(found.filter(({ name }) => !name.includes('Node Control'))).toContainEqual({
      name: 'Bakery/Line 1/Oven Chamber/Temp',
      kind: 'Float °C',
      value: '180.1',
      point: { metric: 'additional.chamber_temp', sparkplug: 'Bakery/Line 1/Oven', name: 'Chamber/Temp' },
    })
  })

  it.each([
    ['$share/group/#', 'at must not be a shared subscription'],
    ['', 'at must not be empty'],
    ['a/#/b', 'at must have # alone after the last /'],
    ['a/b+', 'at must have + alone between two /'],
    ['a\u0000', 'at must not hold control characters'],
    ['a'.repeat(1_001), 'at must have at most 1000 characters'],
  ])('not at %j', async (at, message) => {
    const broker = await startTestBroker({})
    const { browse } = await openLink(targetOf(broker, points))
    await expect(browse({ at })).rejects.toMatchObject({ code: 'CONFIG_INVALID', message })
  })

  it('where the account may not listen, it says so, and polling goes on', async () => {
    const broker = await startTestBroker({ refuses: { '#': 128 }, messages: [{ topic: 'oven/temp', text: '180' }] })
    const { browse, read, losses } = await openLink(targetOf(broker, points))
    await expect(browse()).rejects.toMatchObject({ code: 'POINT_REFUSED' })
    expect(await read()).toMatchObject([{ value: 180 }])
    expect(losses).toEqual([])
  })

  it('a message that ends the connection takes nothing from what was heard before, nor from those who poll', async () => {
    const camera = { topic: 'camera', base64: Buffer.alloc(400 * 1024).toString('base64') }
    const broker = await startTestBroker({ messages: [{ topic: 'oven/temp', text: '180' }] })
    const { browse, read, losses } = await openLink(targetOf(broker, points))
    const publishing = setInterval(() => {
      broker.hold({ messages: [camera] })
      broker.hold({ messages: [{ topic: 'oven/temp', text: '180' }] })
    }, 500)
    const { found } = await browse({ seconds: 30 }).finally(() => clearInterval(publishing))
    expect(found.map(({ kind }) => kind)).toEqual(['number', 'end of listening'])
    expect(found[1]?.name).toContain('sent a message of more than 322 KB')
    broker.hold({ messages: [{ topic: 'oven/temp', text: '180' }, camera] })
    await expect(browse({ at: 'camera', seconds: 10 })).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    expect(await read()).toMatchObject([{ value: 180 }])
    expect(losses).toEqual([])
  })

  it('ends when nobody wants it any more, and leaves one connection', async () => {
    const broker = await startTestBroker({})
    const { browse } = await openLink(targetOf(broker, points))
    const abort = new AbortController()
    const looking = browse({ seconds: 60, signal: abort.signal })
    const others = [browse({ seconds: 0.1 }), browse({ seconds: 0.1 })]
    const refused = (await Promise.allSettled(others)).find(({ status }) => status === 'rejected')
    expect(refused).toMatchObject({ reason: { code: 'OVERLOADED' } })
    abort.abort(new Error('no longer wanted'))
    await expect(looking).rejects.toThrow('no longer wanted')
    await vi.waitFor(() => expect(broker.connections()).toBe(1), soon)
  })
})

it('proposals are taken by the schema, whatever topics and members are called', async () => {
  const odd = [
    '',
    ' ',
    '__proto__',
    'Ünsinn',
    '🍞',
    'x'.repeat(200),
    'constructor',
    '~',
    '/',
    'y'.repeat(2_000),
    '{a}',
    '+',
  ]
  const messages = odd.map((name) => json(`odd/${name}`, { [name]: 1, 'temp c': 2 }))
  const broker = await startTestBroker({ messages })
  const { browse } = await openLink(targetOf(broker, points))
  const { found } = await browse()
  const proposed = found.flatMap(({ point }) => (point ? [point] : []))
  expect(proposed.length).toBeGreaterThan(odd.length)
  const metrics = proposed.map(({ metric }) => metric)
  expect(new Set(metrics).size).toBe(metrics.length)
  const configuration = { endpoint: '127.0.0.1', additional_config: { points: proposed } }
  expect(() => parseTarget(connector, 'machine-1', configuration)).not.toThrow()
})
