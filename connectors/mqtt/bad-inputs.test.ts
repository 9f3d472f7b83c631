import { describe, expect, it, vi } from 'vitest'
import { loadSparkplugCodec } from '#protocol/mqtt'
import { message, serveBytes } from '../../src/protocol/mqtt/client-fixture.ts'
import { soon } from '../../test/setup/soon.ts'
import { bytes, type Hostile, linkTo, points } from './hostile-broker-fixture.ts'
import { start } from './link-fixture.ts'

const oven = (payload: string | Uint8Array) => message('oven/temp', payload)
const good = (value: number) => [{ metric: 'temperature', value, quality: 'good' }]

describe('what a broker sends on other topics is passed over', () => {
  it.each<[name: string, topic: string | Uint8Array]>([
    ['a topic with #', 'oven/#'],
    ['a topic with +', 'oven/+'],
    ['a topic with NUL', 'oven/temp\u0000'],
    ['a topic with empty levels', 'oven//temp'],
    ['a topic of nothing but empty levels', '//'],
    ['$SYS', '$SYS/broker/uptime'],
    ['a topic of 65,535 bytes', 'x'.repeat(65_535)],
    ['a topic in invalid UTF-8', Uint8Array.of(0x6f, 0xff, 0xc0, 0x80)],
    ['a topic of half a surrogate pair', Uint8Array.of(0xed, 0xa0, 0x80)],
  ])('%s', async (_name, topic) => {
    const { open } = await linkTo({ messages: bytes(message(topic, '1'), oven('180')) })
    const { read, losses } = await open()
    expect(await read()).toEqual(good(180))
    expect(losses).toEqual([])
  })

  it.each<[name: string, topic: string | Uint8Array]>([
    ['a topic with #', 'oven/#'],
    ['a topic with +', 'oven/+'],
    ['a topic with NUL', 'oven/temp\u0000'],
    ['a topic in invalid UTF-8', Uint8Array.of(...Buffer.from('oven/'), 0xff)],
  ])('%s, where all topics of the machine count', async (_name, topic) => {
    const { open } = await linkTo({ messages: bytes(oven('180'), message(topic, '1'), message('end', '2')) }, [
      { metric: 'temperature', topic: 'oven/#' },
      { metric: 'additional.end', topic: 'end' },
    ])
    const { read } = await open()
    expect(await read()).toMatchObject([...good(180), { value: 2 }])
  })
})

describe('what a machine sends is a fault of its point, or a value', () => {
  const pointed = [{ metric: 'temperature', topic: 'oven/temp', pointer: '/t' }]

  it.each<[name: string, payload: string | Uint8Array, outcome: object, points?: readonly object[]]>([
    ['0 bytes', '', { fault: { code: 'VALUE_INVALID' } }],
    ['no JSON', 'running', { fault: { code: 'VALUE_INVALID' } }, pointed],
    ['half JSON', '{"t": 18', { fault: { code: 'VALUE_INVALID' } }, pointed],
    [
      'JSON of 100,000 levels',
      '['.repeat(100_000) + ']'.repeat(100_000),
      { fault: { code: 'VALUE_INVALID' } },
      pointed,
    ],
    ['a JSON number', '{"t": 180}', { value: 180 }, pointed],
    ['the number as JSON text', '{"t": "180"}', { value: 180 }, pointed],
    ['a number alone', '180', { value: 180 }],
    ['the number alone as JSON text', '"180"', { value: 180 }],
    ['null', 'null', { fault: { code: 'VALUE_INVALID' } }],
    ['UTF-16 with a mark', Buffer.from('\ufeff180', 'utf16le'), { fault: { code: 'VALUE_INVALID' } }],
    ['UTF-16 without', Buffer.from('180', 'utf16le'), { fault: { code: 'VALUE_INVALID' } }],
    ['a number beyond all', '1e999', { fault: { code: 'VALUE_INVALID' } }],
    ['200 KB of text', 'x'.repeat(200_000), { fault: { code: 'VALUE_INVALID' } }],
    ['a prototype', '{"__proto__": {"t": 180}}', { fault: { code: 'VALUE_INVALID' } }, pointed],
  ])('%s', async (_name, payload, outcome, given = points) => {
    const { open } = await linkTo({ messages: bytes(oven(payload)) }, given, { timeout: 1 })
    const { read, losses } = await open()
    expect(await read()).toMatchObject([outcome])
    expect(losses).toEqual([])
  })

  it('kept since last year: uncertain, by its own time', async () => {
    const kept = oven('{"t": 180, "at": "2025-11-20T12:00:00Z"}')
    const at = [{ metric: 'temperature', topic: 'oven/temp', pointer: '/t', timestamp_pointer: '/at' }]
    const { open } = await linkTo({ messages: bytes([0x31, ...kept.slice(1)]) }, at)
    const { read } = await open()
    const sourceTime = Date.parse('2025-11-20T12:00:00Z')
    expect(sourceTime).toBeLessThan(start)
    expect(await read()).toMatchObject([{ value: 180, quality: 'uncertain', sourceTime }])
  })

  it('20,000 messages at once: the newest is read, and what is told is few', async () => {
    const flood = Array.from({ length: 20_000 }, (_, index) => oven(String(index % 300)))
    const { open } = await linkTo({ messages: bytes(...flood, oven('180')) })
    const { read, subscribe } = await open()
    const { told } = await subscribe()
    await vi.waitFor(async () => expect(await read()).toEqual(good(180)), soon)
    await vi.waitFor(() => expect(told.at(-1)).toEqual(good(180)), soon)
    expect(told.length).toBeLessThan(200)
  })

  it('offline and online a thousand times: a value that follows is one', async () => {
    const words = Array.from({ length: 2_000 }, (_, index) =>
      message('oven/lwt', index % 2 === 0 ? 'offline' : 'online'),
    )
    const settings = { availability: { topic: 'oven/lwt' } }
    const { open } = await linkTo({ messages: bytes(...words, oven('180')) }, points, settings)
    const { read } = await open()
    await vi.waitFor(async () => expect(await read()).toEqual(good(180)), soon)
  })
})

describe('what is no MQTT ends the connection, once, with a reason', () => {
  it.each<[name: string, hostile: Hostile, reason: string]>([
    ['a message of 256 MB', { messages: bytes([0x30, 0xff, 0xff, 0xff, 0x7f]) }, 'a message of more than 322 KB'],
    [
      'a length of five bytes',
      { messages: bytes([0x30, 0xff, 0xff, 0xff, 0xff, 1]) },
      'a length of more than four bytes',
    ],
    [
      'a packet that clients send',
      { messages: bytes([0x82, 6, 0, 1, 0, 1, 0x61, 0]) },
      'a packet that brokers do not send',
    ],
    ['a message of QoS 2', { messages: bytes([0x34, 5, 0, 1, 0x61, 0, 1]) }, 'a message of QoS 2'],
    ['the answer to a message of QoS 2', { messages: bytes([0x50, 2, 0, 1]) }, 'a packet that brokers do not send'],
  ])('%s', async (_name, hostile, reason) => {
    const { broker, open } = await linkTo(hostile)
    const { read, losses } = await open()
    const error = await read().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'PROTOCOL_VIOLATED', message: expect.stringContaining(reason) })
    await vi.waitFor(() => expect(losses).toHaveLength(1), soon)
    await vi.waitFor(() => expect(broker.sockets.size).toBe(0), soon)
  })

  it.each<[name: string, login: number[]]>([
    ['a message before the login is answered', [...oven('180'), 0x20, 2, 0, 0]],
    ['an answer to a ping before the login is answered', [0xd0, 0, 0x20, 2, 0, 0]],
  ])('%s', async (_name, login) => {
    const { broker, open } = await linkTo({ login })
    await expect(open()).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    await vi.waitFor(() => expect(broker.sockets.size).toBe(0), soon)
  })

  it('the answer to a message that was not sent changes nothing', async () => {
    const { open } = await linkTo({ messages: bytes([0x40, 2, 0x12, 0x34], oven('180')) })
    const { read, losses } = await open()
    expect(await read()).toEqual(good(180))
    expect(losses).toEqual([])
  })
})

describe('what a broker refuses', () => {
  it('a subscription (0x80) is a fault of its point', async () => {
    const { open } = await linkTo({ granted: 0x80 })
    const { read, losses } = await open()
    expect(await read()).toMatchObject([{ fault: { code: 'POINT_REFUSED' } }])
    expect(losses).toEqual([])
  })

  it('a client id that it does not take (code 2) is refused credentials', async () => {
    const { open } = await linkTo({ login: [0x20, 2, 0, 2] })
    await expect(open()).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
  })

  it('a client id that another has taken (0x8e) is a lost link', async () => {
    const { open } = await linkTo({ version: 5, messages: bytes([0xe0, 1, 0x8e]) })
    const { read, losses } = await open()
    await expect(read()).rejects.toMatchObject({ code: 'LINK_LOST' })
    await vi.waitFor(() => expect(losses).toHaveLength(1), soon)
  })

  it.each<[name: string, hostile: (reference: number[]) => Hostile]>([
    ['in the login', (reference) => ({ login: [0x20, 3 + reference.length, 0, 0x9d, reference.length, ...reference] })],
    ['later', (reference) => ({ messages: bytes([0xe0, 2 + reference.length, 0x9d, reference.length, ...reference]) })],
  ])('another server that it refers to is not dialled: %s', async (_name, hostile) => {
    const other = await serveBytes(() => undefined)
    const place = Buffer.from(`127.0.0.1:${other.port}`)
    const { open } = await linkTo({ version: 5, ...hostile([0x1c, 0, place.length, ...place]) })
    const outcome = open().then(({ read }) => read())
    await expect(outcome).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    expect(other.received()).toHaveLength(0)
    expect(other.sockets.size).toBe(0)
  })
})

describe('what comes while somebody looks around', () => {
  it.each<[name: string, hostile: Hostile, code: string]>([
    ['a message of 256 MB', { messages: bytes([0x30, 0xff, 0xff, 0xff, 0x7f]) }, 'PROTOCOL_VIOLATED'],
    ['the end of the connection', { version: 5, messages: bytes([0xe0, 1, 0x97]) }, 'POINT_REFUSED'],
    ['a refusal', { granted: 0x80 }, 'POINT_REFUSED'],
  ])('%s is told, and is nothing to the link', async (_name, hostile, code) => {
    const { broker, open } = await linkTo(hostile)
    const { browse, losses } = await open()
    await expect(browse({ seconds: 10 })).rejects.toMatchObject({ code })
    await vi.waitFor(() => expect(broker.sockets.size).toBe(1), soon)
    expect(losses).toEqual([])
  })

  it('20,000 messages on 20,000 topics: as many as there is room for', async () => {
    const flood = Array.from({ length: 20_000 }, (_, index) => message(`t/${index}/x`, '1'))
    const { open } = await linkTo({ messages: bytes(...flood) })
    const { browse } = await open()
    const { found } = await browse({ seconds: 2, limit: 5_000 })
    expect(found.length).toBeLessThan(2_200)
    expect(found.length).toBeGreaterThan(1_000)
  })
})

describe('what an edge node of Sparkplug sends', () => {
  const point = [{ metric: 'temperature', sparkplug: 'Bakery/Line 1/Oven', name: 'Temp' }]
  const settings = { timeout: 1, rebirth: false }
  const plain = { isNull: false, isHistorical: false }

  it.each<[name: string, payload: Uint8Array]>([
    ['is no Sparkplug', Buffer.from('{"online": true}')],
    ['has 100,000 metrics', Uint8Array.from(Array.from({ length: 100_000 }, () => [0x12, 0]).flat())],
    ['ends in the middle', Uint8Array.of(0x12, 0x7f, 0x0a)],
    ['is empty', Uint8Array.of()],
  ])('%s: it is passed over, and what follows is understood', async (_name, payload) => {
    const codec = await loadSparkplugCodec()
    const temp = { name: 'Temp', datatype: 9, raw: 180, ...plain }
    const births = [
      message('spBv1.0/Bakery/NBIRTH/Line 1', codec.encode({ seq: 0, metrics: [] })),
      message('spBv1.0/Bakery/DBIRTH/Line 1/Oven', codec.encode({ seq: 1, metrics: [temp] })),
      message('spBv1.0/Bakery/DDATA/Line 1/Oven', payload),
      message('spBv1.0/Bakery/DDATA/Line 1/Oven', codec.encode({ seq: 2, metrics: [{ ...temp, raw: 181 }] })),
    ]
    const { open } = await linkTo({ messages: bytes(...births) }, point, settings)
    const { read, losses } = await open()
    await vi.waitFor(async () => expect(await read()).toMatchObject([{ value: 181, quality: 'good' }]), soon)
    expect(losses).toEqual([])
  })
})
