import { once } from 'node:events'
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { silentLog } from '#core'
import { createEgressGate } from '#egress'
import { dial, faultOf, get, type Handle, never, open, serve } from './client-fixture.ts'
import type { HttpRequest } from './open-http-client.ts'

async function answerTo(handle: Handle, request: Partial<HttpRequest> = {}) {
  return get(await open(await serve(handle)), request)
}

describe('request', () => {
  it('sends what it is told and gives what comes back', async () => {
    const received: object[] = []
    const answer = await answerTo(
      (request, response) => {
        const chunks: Buffer[] = []
        request.on('data', (chunk) => chunks.push(chunk))
        request.on('end', () => {
          const { method, url, headers } = request
          received.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
          response.writeHead(201, { 'X-Two': ['a', 'b'], 'Content-Type': 'application/json' }).end('{"ok":true}')
        })
      },
      { method: 'POST', path: '/hook?x=1', headers: { 'x-own': 'yes' }, body: '{"alert":1}' },
    )
    expect(answer.status).toBe(201)
    expect(answer.body).toBe('{"ok":true}')
    expect(answer.headers.get('x-two')).toBe('a, b')
    expect(received).toEqual([
      {
        method: 'POST',
        url: '/hook?x=1',
        body: '{"alert":1}',
        headers: {
          host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
          connection: 'keep-alive',
          'user-agent': 'Bakewire',
          'accept-encoding': 'identity',
          'content-length': '11',
          'x-own': 'yes',
        },
      },
    ])
  })

  it.each([400, 401, 404, 429, 500, 503])('gives an answer of status %i', async (status) => {
    expect(await answerTo((_request, response) => response.writeHead(status).end('no'))).toMatchObject({
      status,
      body: 'no',
    })
  })

  it('keeps its connection, and uses the first for the first request', async () => {
    const server = await serve((_request, response) => response.end('ok'))
    const client = await open(server)
    for (let time = 0; time < 5; time += 1) await get(client)
    expect(server.connectionsMade()).toBe(1)
  })

  it('opens no more connections than it may', async () => {
    const server = await serve((_request, response) => setTimeout(() => response.end('ok'), 10))
    const client = await open(server, { connections: 2 })
    await Promise.all(Array.from({ length: 8 }, () => get(client)))
    expect(server.connectionsMade()).toBe(2)
  })

  it.each([
    ['utf-8', Buffer.from('\ufeff{"näme":1}'), 'application/json'],
    ['the charset that is named', Buffer.from('{"näme":1}', 'latin1'), 'application/json; charset=ISO-8859-1'],
    ['utf-16', Buffer.from('\ufeff{"näme":1}', 'utf16le'), 'application/json;charset="utf-16le"'],
    ['utf-8 when a charset is not known', Buffer.from('{"näme":1}'), 'application/json; charset=utf-7'],
  ])('reads text as %s', async (_case, bytes, type) => {
    const answer = await answerTo((_request, response) => response.writeHead(200, { 'content-type': type }).end(bytes))
    expect(answer.body).toBe('{"näme":1}')
  })

  it('unpacks what a machine packs without being asked', async () => {
    const packed = gzipSync('{"v":1}')
    const answer = await answerTo((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    )
    expect(answer.body).toBe('{"v":1}')
  })
})

describe('lost connections', () => {
  it('asks once more on a new connection when an idle one was closed', async () => {
    let asked = 0
    const client = await open(
      await serve((request, response) => {
        asked += 1
        if (asked === 2) request.socket.destroy()
        else response.end(String(asked))
      }),
    )
    expect(await get(client)).toMatchObject({ body: '1' })
    expect(await get(client)).toMatchObject({ body: '3' })
  })

  it('never sends a POST twice', async () => {
    let asked = 0
    const client = await open(
      await serve((request) => {
        asked += 1
        request.socket.destroy()
      }),
    )
    expect(await faultOf(get(client, { method: 'POST', body: '{}' }))).toMatch(/^LINK_LOST/)
    expect(asked).toBe(1)
  })
})

describe('opening, abort and close', () => {
  it('says that nothing listens', async () => {
    const server = await serve((_request, response) => response.end())
    await server.stop()
    expect(await faultOf(open(server))).toBe('UNREACHABLE: 127.0.0.1:PORT refuses connections')
  })

  it('says that a machine has gone since the opening', async () => {
    const server = await serve((_request, response) => response.end('ok'))
    const client = await open(server)
    await get(client)
    await server.stop()
    expect(await faultOf(get(client))).toBe('UNREACHABLE: 127.0.0.1:PORT refuses connections')
  })

  it('refuses what the gate refuses', async () => {
    const server = await serve((_request, response) => response.end())
    const closed = createEgressGate({ allow: [], denied: [], log: silentLog })
    expect(await faultOf(open(server, { dial: closed.dial }))).toMatch(/^ADDRESS_REFUSED/)
    expect(server.connectionsMade()).toBe(0)
  })

  it('ends a request by its signal', async () => {
    const server = await serve(() => undefined)
    const client = await open(server)
    const stop = new AbortController()
    const asking = get(client, { signal: stop.signal })
    setTimeout(() => stop.abort(new Error('no longer wanted')), 20)
    await expect(asking).rejects.toThrow('no longer wanted')
    await expect.poll(() => server.connections()).toBe(0)
  })

  it('ends requests and idle connections when it is closed, twice too', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/quick') response.end()
    })
    const client = await open(server)
    await get(client, { path: '/quick' })
    const asking = faultOf(get(client))
    await new Promise((resolve) => setTimeout(resolve, 20))
    await client.close()
    await client.close()
    expect(await asking).toMatch(/^LINK_LOST/)
    expect(await faultOf(get(client))).toMatch(/^LINK_LOST/)
    await expect.poll(() => server.connections()).toBe(0)
  })

  it('fails when it is aborted just when the connection is made', async () => {
    const server = await serve(() => undefined)
    const stop = new AbortController()
    const opening = open(server, {
      signal: stop.signal,
      dial: async (to) => {
        const socket = await dial({ ...to, signal: never })
        stop.abort(new Error('no longer wanted'))
        return socket
      },
    })
    await expect(opening).rejects.toThrow('no longer wanted')
    await expect.poll(() => server.connections()).toBe(0)
  })

  it('closes a connection that was never used', async () => {
    const server = await serve(() => undefined)
    const client = await open(server)
    expect(server.connections()).toBe(1)
    await client.close()
    await expect.poll(() => server.connections()).toBe(0)
  })

  it('does not use a connection that was reset before its first request', async () => {
    const server = createServer((_request, response) => response.end('ok'))
    server.once('connection', (socket) => setTimeout(() => socket.resetAndDestroy(), 10))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('The server has no port')
    const client = await open(address)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await get(client, { method: 'POST' })).toMatchObject({ body: 'ok' })
  })
})
