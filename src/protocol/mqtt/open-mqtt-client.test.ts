import { once } from 'node:events'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { silentLog } from '#core'
import { createEgressGate } from '#egress'
import { makeCertificate } from '#protocol/tls'
import { soon } from '../../../test/setup/soon.ts'
import { answering, connack, connack5, faultOf, message, never, open, serveBytes } from './client-fixture.ts'

describe('a login', () => {
  it.each<[name: string, bytes: number[], fault: string]>([
    [
      'a message before the answer',
      [...message('a', '1'), ...connack],
      'sent something else than the answer to the login',
    ],
    ['a web server', [...Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')], 'sent something else than the answer'],
    ['an SSH server', [...Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')], 'sent something else than the answer'],
    ['a TLS server', [0x15, 3, 1, 0, 2, 2, 0x46], 'sent something else than the answer'],
    ['an answer that is too short', [0x20, 0, 0xd0, 0], 'sent what is not MQTT'],
    ['a length of five bytes', [0x20, 0x80, 0x80, 0x80, 0x80, 1], 'sent a length of more than four bytes'],
  ])('%s is PROTOCOL_VIOLATED', async (_name, bytes, fault) => {
    const broker = await serveBytes((socket) => void socket.write(Uint8Array.from(bytes)))
    expect(await faultOf(open(broker))).toContain(`PROTOCOL_VIOLATED: mqtt://127.0.0.1:PORT ${fault}`)
    await vi.waitFor(() => expect(broker.sockets.size).toBe(0), soon)
  })

  it('nobody answers is TIMED_OUT, and leaves no connection', async () => {
    const broker = await serveBytes(() => undefined)
    const fault = await faultOf(open(broker, { timeoutMs: 50 }))
    expect(fault).toBe('TIMED_OUT: mqtt://127.0.0.1:PORT did not answer the login within 5 s')
    await vi.waitFor(() => expect(broker.sockets.size).toBe(0), soon)
  })

  it('an address that the gate does not allow is not dialled', async () => {
    const broker = await serveBytes(answering(connack))
    const gate = createEgressGate({ allow: [], denied: [], log: silentLog })
    expect(await faultOf(open(broker, { dial: gate.dial }))).toContain('ADDRESS_REFUSED')
    expect(broker.received()).toHaveLength(0)
  })

  it('given up on leaves no connection', async () => {
    const abort = new AbortController()
    const broker = await serveBytes(() => abort.abort(new Error('no longer wanted')))
    await expect(open(broker, { signal: abort.signal })).rejects.toThrow('no longer wanted')
    await vi.waitFor(() => expect(broker.sockets.size).toBe(0), soon)
  })

  it('sends user name and password, a clean session and an id that no other has', async () => {
    const broker = await serveBytes(answering(connack))
    await open(broker, { username: 'line-1', password: 'secret' })
    await open(broker)
    const sent = broker.received().toString('latin1')
    expect(sent).toContain('line-1')
    expect(sent).toContain('secret')
    const ids = [...sent.matchAll(/bakewire-[0-9a-f]{14}/g)].map(([id]) => id)
    expect(new Set(ids).size).toBe(2)
    // Protocol level 4; user name, password and clean session.
    expect(sent).toContain('MQTT\u0004\u00c2')
  })
})

describe('an open connection', () => {
  it.each<[name: string, bytes: number[], fault: string, version?: 4 | 5]>([
    ['a length of five bytes', [0x30, 0x80, 0x80, 0x80, 0x80, 1], 'sent a length of more than four bytes'],
    ['a message of 256 MB', [0x30, 0xff, 0xff, 0xff, 0x7f], 'sent a message of more than 322 KB'],
    ['a second answer to the login', connack, 'sent a second answer to the login'],
    ['QoS 2', [0x34, 5, 0, 1, 0x61, 0, 1], 'sent a message of QoS 2, which was not asked for'],
    ['a topic longer than its message', [0x30, 3, 0xff, 0xff, 0x61], 'sent what is not MQTT'],
    ['an alias that was not announced', [0x30, 6, 0, 0, 3, 0x23, 0, 1], 'sent what is not MQTT', 5],
  ])('%s ends it, once', async (_name, bytes, fault, version = 4) => {
    const broker = await serveBytes(answering(version === 4 ? connack : connack5))
    const { client, losses } = await open(broker, { version })
    for (const socket of broker.sockets) socket.write(Uint8Array.from(bytes))
    const waiting = client.whileOpen(new Promise(() => undefined), never)
    expect(await faultOf(waiting)).toBe(`PROTOCOL_VIOLATED: mqtt://127.0.0.1:PORT ${fault}`)
    expect(await faultOf(client.roundTrip(never))).toContain(fault)
    expect(await faultOf(client.subscribe(['a'], { qos: 0, signal: never }))).toContain(fault)
    await vi.waitFor(() => expect(losses).toHaveLength(1), soon)
    await vi.waitFor(() => expect(broker.sockets.size).toBe(0), soon)
  })

  it.each([
    [139, 'LINK_LOST: mqtt://127.0.0.1:PORT is shutting down (code 139)'],
    [
      142,
      'LINK_LOST: mqtt://127.0.0.1:PORT has ended the connection: another client logged in with the same client id (code 142)',
    ],
    [
      135,
      'CREDENTIALS_REJECTED: mqtt://127.0.0.1:PORT has ended the connection: the account is no longer allowed (code 135)',
    ],
    [151, 'LINK_LOST: mqtt://127.0.0.1:PORT has ended the connection (code 151)'],
  ])('a goodbye with %i', async (code, fault) => {
    const broker = await serveBytes(answering(connack5))
    const { client } = await open(broker, { version: 5 })
    for (const socket of broker.sockets) socket.end(Uint8Array.of(0xe0, 1, code))
    expect(await faultOf(client.whileOpen(new Promise(() => undefined), never))).toBe(fault)
  })

  it('a server that is referred to is not dialled', async () => {
    const other = await serveBytes(answering(connack5))
    const broker = await serveBytes(answering(connack5))
    const { client } = await open(broker, { version: 5 })
    const reference = [...Buffer.from(`127.0.0.1:${other.port}`)]
    const properties = [0x1c, 0, reference.length, ...reference]
    const goodbye = [0x9d, properties.length, ...properties]
    for (const socket of broker.sockets) socket.end(Uint8Array.from([0xe0, goodbye.length, ...goodbye]))
    const fault = await faultOf(client.whileOpen(new Promise(() => undefined), never))
    expect(fault).toContain(
      'PROTOCOL_VIOLATED: mqtt://127.0.0.1:PORT names another server to use, which is not followed',
    )
    expect(fault).not.toContain(String(other.port))
    expect(other.received()).toHaveLength(0)
  })

  it('brings messages whatever their topic and payload, with what is kept told apart', async () => {
    const long = 'x'.repeat(65_535)
    const bytes = [
      ...message('a', ''),
      ...message('a//b', '1'),
      ...message('a+b/#', '2'),
      ...message('a\u0000b', '3'),
      ...message(Uint8Array.of(0x61, 0xff, 0xc0), '4'),
      ...message(long, '5'),
      0x31,
      4,
      ...[0, 1, 0x61, 0x36],
    ]
    const broker = await serveBytes(answering(connack))
    const { client, messages } = await open(broker)
    for (const socket of broker.sockets) socket.write(Uint8Array.from(bytes))
    await vi.waitFor(() => expect(messages.length).toBeGreaterThanOrEqual(7), soon)
    await client.roundTrip(never)
    expect(
      messages.map(({ topic, payload, isRetained }) => [topic, Buffer.from(payload).toString(), isRetained]),
    ).toEqual([
      ['a', '', false],
      ['a//b', '1', false],
      ['a+b/#', '2', false],
      ['a\u0000b', '3', false],
      ['a\ufffd\ufffd', '4', false],
      [long, '5', false],
      ['a', '6', true],
    ])
  })

  it('acknowledges QoS 1', async () => {
    const broker = await serveBytes(answering(connack))
    const { messages } = await open(broker)
    for (const socket of broker.sockets) socket.write(Uint8Array.of(0x3a, 6, 0, 1, 0x61, 0x12, 0x34, 0x31))
    await vi.waitFor(() => expect(broker.received().includes(Buffer.of(0x40, 2, 0x12, 0x34))).toBe(true), soon)
    expect(messages).toHaveLength(1)
  })

  it('waits for the answer to its own ping, not to an earlier one', async () => {
    let pings = 0
    const broker = await serveBytes((socket, chunk) => {
      if (chunk[0] === 0x10) socket.write(Uint8Array.from(connack))
      if (chunk[0] !== 0xc0) return
      pings += 1
      // The first is answered when the second comes, the second never.
      if (pings === 2) socket.write(Uint8Array.of(0xd0, 0))
    })
    const { client, losses } = await open(broker, { timeoutMs: 50 })
    const late = 'TIMED_OUT: mqtt://127.0.0.1:PORT did not answer within 0.1 s'
    expect(await faultOf(client.roundTrip(never))).toBe(late)
    expect(await faultOf(client.roundTrip(never))).toBe(late)
    expect(losses).toEqual([])
  })

  it('closes with a goodbye, twice, and is not lost by that', async () => {
    const broker = await serveBytes(answering(connack))
    const { client, losses } = await open(broker)
    const waiting = faultOf(client.whileOpen(new Promise(() => undefined), never))
    await client.close()
    await client.close()
    expect(await waiting).toBe('LINK_LOST: the connection to mqtt://127.0.0.1:PORT was given up')
    await vi.waitFor(() => expect(broker.sockets.size).toBe(0), soon)
    expect(broker.received().subarray(-2)).toEqual(Buffer.of(0xe0, 0))
    expect(losses).toEqual([])
  })

  it('takes a flood, in order, and still answers', async () => {
    const floods = 50_000
    const flood = Buffer.concat(Array.from({ length: floods }, (_, index) => Buffer.from(message('a', String(index)))))
    const broker = await serveBytes(answering(connack))
    let last = ''
    let count = 0
    const { client } = await open(broker, {
      onMessage: ({ payload }) => {
        last = Buffer.from(payload).toString()
        count += 1
      },
    })
    for (const socket of broker.sockets) socket.write(flood)
    await vi.waitFor(() => expect(count).toBe(floods), soon)
    await client.roundTrip(never)
    expect(last).toBe(String(floods - 1))
  })
})

describe('mqtts', () => {
  const authority = makeCertificate({ name: 'Bakery CA' })
  const broker = makeCertificate({ name: 'broker', hosts: ['127.0.0.1'], issuer: authority })
  const own = makeCertificate({ name: 'bakewire', issuer: authority })

  it('shows its own certificate, and tells the stages that it has passed', async () => {
    const known: string[] = []
    const options = { cert: broker.cert, key: broker.key, ca: authority.cert, requestCert: true }
    const server = createTlsServer(options, (socket) => {
      known.push(String(socket.getPeerCertificate().subject?.CN))
      socket.on('error', () => socket.destroy())
      socket.on('data', (chunk) => answering(connack)(socket, chunk))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('The server has no port')
    const tls = { verify: true, ca: authority.cert, certificate: own.cert, key: own.key }
    const { client, stages } = await open(address, { tls })
    await client.roundTrip(never)
    expect(stages).toEqual(['secure', 'trusted', 'login'])
    expect(known).toEqual(['bakewire'])
  })

  it('a broker without TLS is TLS_FAILED', async () => {
    const plain = await serveBytes((socket) => void socket.write(Uint8Array.from([...connack, ...connack])))
    const fault = await faultOf(open(plain, { tls: { verify: true } }))
    expect(fault).toContain('TLS_FAILED: mqtts://127.0.0.1:PORT does not speak TLS on this port')
    await vi.waitFor(() => expect(plain.sockets.size).toBe(0), soon)
  })
})
