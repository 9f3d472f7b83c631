import { once } from 'node:events'
import { createSecureServer as createHttp2Server, createServer as createPlainHttp2Server } from 'node:http2'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import tls, { createServer as createTlsServer } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { silentLog } from '#core'
import { createEgressGate, parseEgressAllow } from '#egress'
import { type MadeCertificate, makeCertificate } from '#protocol/tls'
import { faultOf, get, never, open } from './client-fixture.ts'
import { type HttpClientOptions, openHttpClient } from './open-http-client.ts'
import { startServer } from './start-server.ts'

const dayMs = 86_400_000
const authority = makeCertificate({ name: 'Bakery CA' })
const stranger = makeCertificate({ name: 'Other CA' })
const good = makeCertificate({ name: 'oven', hosts: ['oven.test', '127.0.0.1'], issuer: authority })
const { dial } = createEgressGate({
  allow: parseEgressAllow('127.0.0.1'),
  denied: [],
  log: silentLog,
  lookup: async () => ['127.0.0.1'],
})

async function startOven(certificate?: MadeCertificate): Promise<number> {
  const server = await startServer({
    handle: (_request, response) => response.end('ok'),
    ...(certificate ? { certificate } : {}),
  })
  onTestFinished(server.stop)
  return server.port
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port')
  return address.port
}

interface Trial {
  readonly port: number
  readonly host?: string
  readonly tls?: HttpClientOptions['tls']
}

/** The stages that are told on the way, and how it ends: with an answer's body or an error. */
async function tryOut({ port, host = 'oven.test', tls = { verify: true, ca: authority.cert } }: Trial) {
  const told: string[] = []
  const origin = new URL(`https://${host}:${port}`)
  const opening = openHttpClient({
    dial,
    origin,
    tls,
    connections: 1,
    handshakeTimeoutMs: 300,
    signal: never,
    reached: (stage) => told.push(stage),
  })
  const fault = await faultOf(opening)
  if (fault !== 'no error') return { told, end: fault }
  const client = await opening
  onTestFinished(client.close)
  return { told, end: (await get(client)).body }
}

describe('certificates', () => {
  it('trusts an authority that is given', async () => {
    expect(await tryOut({ port: await startOven(good) })).toEqual({ told: ['secure', 'trusted'], end: 'ok' })
  })

  it('trusts a self-signed certificate that is given itself', async () => {
    const own = makeCertificate({ name: 'oven', hosts: ['oven.test'] })
    const trial = { port: await startOven(own), tls: { verify: true, ca: own.cert } }
    expect(await tryOut(trial)).toEqual({ told: ['secure', 'trusted'], end: 'ok' })
  })

  it('checks the address where no name is configured, and a name with a final dot', async () => {
    const port = await startOven(good)
    expect(await tryOut({ port, host: '127.0.0.1' })).toMatchObject({ end: 'ok' })
    expect(await tryOut({ port, host: 'oven.test.' })).toMatchObject({ end: 'ok' })
  })

  it('takes any certificate where none is to be checked, and does not call it trusted', async () => {
    const port = await startOven(makeCertificate({ name: 'x', hosts: ['other.test'], issuer: stranger, validUntil: 0 }))
    expect(await tryOut({ port, tls: { verify: false } })).toEqual({ told: ['secure'], end: 'ok' })
  })

  it.each<[string, MadeCertificate, string]>([
    [
      'of an unknown authority',
      makeCertificate({ name: 'oven', hosts: ['oven.test'], issuer: stranger }),
      'The certificate of https://oven.test:PORT comes without the certificate of its authority: give that as ca, or install the whole chain on the machine',
    ],
    [
      'self-signed',
      makeCertificate({ name: 'oven', hosts: ['oven.test'] }),
      'The certificate of https://oven.test:PORT is self-signed: give it as ca, or set verify_ssl to false',
    ],
    [
      'expired',
      makeCertificate({
        name: 'oven',
        hosts: ['oven.test'],
        issuer: authority,
        validFrom: Date.now() - 9 * dayMs,
        validUntil: Date.now() - dayMs,
      }),
      "The certificate of https://oven.test:PORT has expired: renew it on the machine, or set the machine's and this computer's clock",
    ],
    [
      'not valid yet',
      makeCertificate({ name: 'oven', hosts: ['oven.test'], issuer: authority, validFrom: Date.now() + dayMs }),
      "The certificate of https://oven.test:PORT is not valid yet: set the machine's and this computer's clock",
    ],
    [
      'for another host',
      makeCertificate({ name: 'oven', hosts: ['other.test'], issuer: authority }),
      'The certificate of https://oven.test:PORT is for another host: use the host name that stands in it as endpoint',
    ],
  ])('refuses one that is %s', async (_case, certificate, message) => {
    expect(await tryOut({ port: await startOven(certificate) })).toEqual({
      told: ['secure'],
      end: `CERTIFICATE_REJECTED: ${message}`,
    })
  })
})

describe('handshakes', () => {
  it('says that a machine speaks no TLS', async () => {
    expect(await tryOut({ port: await startOven() })).toEqual({
      told: [],
      end: 'TLS_FAILED: https://oven.test:PORT does not speak TLS on this port: use another port, or an address without TLS',
    })
  })

  it('says that a machine speaks only old TLS', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const server = createTlsServer({ cert: good.cert, key: good.key, ...old })
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    expect(await tryOut({ port: await listen(server) })).toEqual({
      told: [],
      end: 'TLS_FAILED: https://oven.test:PORT speaks only versions of TLS older than 1.2: update the machine',
    })
  })

  it.each<[string, (socket: Socket) => unknown, string]>([
    [
      'closes',
      (socket) => socket.end(),
      'TLS_FAILED: https://oven.test:PORT closed the connection during the TLS handshake: does it speak TLS on this port?',
    ],
    ['is silent', () => undefined, 'TIMED_OUT: https://oven.test:PORT did not agree on encryption within 0.3 s'],
  ])('ends with a machine that %s', async (_case, behave, end) => {
    let open = 0
    const server = createTcpServer((socket) => {
      open += 1
      socket.resume().on('error', () => socket.destroy())
      socket.on('close', () => {
        open -= 1
      })
      behave(socket)
    })
    expect(await tryOut({ port: await listen(server) })).toEqual({ told: [], end })
    await expect.poll(() => open).toBe(0)
  })

  it('is given up by the signal of the opening', async () => {
    const server = createTcpServer((socket) => socket.resume().on('error', () => socket.destroy()))
    const stop = new AbortController()
    const opening = openHttpClient({
      dial,
      origin: new URL(`https://oven.test:${await listen(server)}`),
      tls: { verify: true },
      connections: 1,
      handshakeTimeoutMs: 5_000,
      signal: stop.signal,
    })
    setTimeout(() => stop.abort(new Error('no longer wanted')), 20)
    await expect(opening).rejects.toThrow('no longer wanted')
    await expect.poll(() => new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))).toBe(0)
  })
})

describe('a machine that agrees on new keys in the middle of an answer', () => {
  /** With TLS 1.2, the last version in which a server may ask for that: `times` times, and then it answers. */
  async function startRenegotiating(times: number) {
    // Node's own server would end the connection after three.
    Reflect.set(tls, 'CLIENT_RENEG_LIMIT', Number.POSITIVE_INFINITY)
    let count = 0
    let open = 0
    const server = createTlsServer({ cert: good.cert, key: good.key, maxVersion: 'TLSv1.2' }, (socket) => {
      open += 1
      socket
        .on('error', () => socket.destroy())
        .on('close', () => {
          open -= 1
        })
      const again = () => {
        if (socket.destroyed) return
        if (count === times) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        else {
          socket.renegotiate({}, (error) => {
            count += 1
            if (!error) again()
          })
        }
      }
      socket.once('data', again)
    })
    return { port: await listen(server), count: () => count, open: () => open }
  }

  it('is answered', async () => {
    const { port, count } = await startRenegotiating(2)
    expect(await tryOut({ port })).toMatchObject({ end: 'ok' })
    expect(count()).toBe(2)
  })

  it('and never comes to its end is given up in time', async () => {
    const { port, count, open } = await startRenegotiating(Number.POSITIVE_INFINITY)
    const client = await openHttpClient({
      dial,
      origin: new URL(`https://oven.test:${port}`),
      tls: { verify: true, ca: authority.cert },
      connections: 1,
      handshakeTimeoutMs: 5_000,
      signal: never,
    })
    onTestFinished(client.close)
    expect(await faultOf(get(client, { timeoutMs: 300 }))).toMatch(/^TIMED_OUT/)
    expect(count()).toBeGreaterThan(3)
    await expect.poll(open).toBe(0)
  })
})

describe('a machine that speaks HTTP/2', () => {
  const startHttp2 = (allowHTTP1: boolean) => {
    const server = createHttp2Server({ cert: good.cert, key: good.key, allowHTTP1 }, (request, response) =>
      response.end(`ok, HTTP/${request.httpVersion}`),
    )
    server.on('tlsClientError', (_error, socket) => socket.destroy())
    return listen(server)
  }

  it('is asked in HTTP/1.1', async () => {
    expect(await tryOut({ port: await startHttp2(true) })).toMatchObject({ end: 'ok, HTTP/1.1' })
  })

  it('and nothing else is refused in words', async () => {
    expect(await tryOut({ port: await startHttp2(false) })).toMatchObject({
      end: 'TLS_FAILED: https://oven.test:PORT does not speak HTTP/1.1 or MQTT on this port, but perhaps HTTP/2 alone: switch the older one on, or use another port',
    })
  })

  it('without encryption does not answer in HTTP', async () => {
    const server = createPlainHttp2Server()
    server.on('session', (session) => session.on('error', () => session.destroy()))
    const client = await open({ port: await listen(server) })
    expect(await faultOf(get(client))).toBe(
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status was not answered in HTTP',
    )
  })
})
