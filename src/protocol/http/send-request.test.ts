import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { Pool } from 'undici'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { soon } from '../../../test/setup/soon.ts'
import { never } from './client-fixture.ts'
import { sendRequest } from './send-request.ts'

const bytesMax = 20_000

/** A machine that writes what it is told to, byte by byte, for each request that reaches it. */
async function startMachine(answer: (socket: Socket, asked: number) => void, connections = 1) {
  const sockets = new Set<Socket>()
  let asked = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    socket.on('data', (data) => {
      for (const _request of data.toString('latin1').matchAll(/\r\n\r\n/g)) answer(socket, ++asked)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the machine has no port')
  const pool = new Pool(`http://127.0.0.1:${address.port}`, { connections, headersTimeout: 0, bodyTimeout: 0 })
  onTestFinished(async () => {
    await pool.destroy()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const send = (signal: AbortSignal = never, timeoutMs = 60_000) =>
    sendRequest(
      pool,
      { method: 'GET', path: '/' },
      {
        signal,
        timeoutMs,
        bytesMaxOf: () => bytesMax,
        faults: { late: () => new Error('too late'), tooLarge: (status) => new Error(`too large for ${status}`) },
      },
    )
  return { send, connections: () => sockets.size, asked: () => asked }
}

const ok = (headers: string, body = '') => `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n${body}`
const chunk = (text: string, extension = '') => `${text.length.toString(16)}${extension}\r\n${text}\r\n`
const chunked = (...chunks: string[]) => ok('Transfer-Encoding: chunked', chunks.join(''))
const interim = (count: number) => 'HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n'.repeat(count)
const answerOf = async (text: string | Buffer) => {
  const { send } = await startMachine((socket) => void socket.write(text))
  const { status, headers, body } = await send()
  return { status, headers: Object.fromEntries(headers), body: body.toString() }
}
/** Writes one thing after the other as long as the other side takes it. */
const pour = (socket: Socket, ...parts: readonly (string | Buffer)[]) => {
  const [last] = parts.slice(-1)
  for (const part of parts) socket.write(part)
  const more = () => {
    while (last && !socket.destroyed && socket.write(last));
    if (!socket.destroyed) socket.once('drain', more)
  }
  more()
}

describe('an answer', () => {
  it.each<[string, string, string]>([
    ['of a length', ok('Content-Length: 2', '{}'), '{}'],
    ['of no length at all', ok('Content-Length: 0'), ''],
    ['in chunks', chunked(chunk('{"a":'), chunk('1}'), '0\r\n\r\n'), '{"a":1}'],
    ['in chunks with extensions', chunked(chunk('{}', ';a=b;c="d"'), '0;e\r\n\r\n'), '{}'],
  ])('%s is given whole', async (_name, text, body) => {
    expect(await answerOf(text)).toMatchObject({ status: 200, body })
  })

  it.each([204, 304])('of status %i has no body, and needs no end', async (status) => {
    expect(await answerOf(`HTTP/1.1 ${status} x\r\nETag: "1"\r\n\r\n`)).toEqual({
      status,
      headers: { etag: '"1"' },
      body: '',
    })
  })

  it('that ends with its connection is whole where it names no length', async () => {
    const { send } = await startMachine((socket) => void socket.end(ok('Connection: close', 'whole')))
    expect((await send()).body.toString()).toBe('whole')
  })

  it('has the fields that came before its body, several of one name together', async () => {
    const trailers = '0\r\nX-One: late\r\nX-Two: late\r\n\r\n'
    const text = ok('X-One: a\r\nx-one: b\r\nTransfer-Encoding: chunked', chunk('{}') + trailers)
    expect((await answerOf(text)).headers).toEqual({ 'x-one': 'a, b', 'transfer-encoding': 'chunked' })
  })

  it.each([1, 3])('comes behind %i interim ones', async (count) => {
    expect(await answerOf(interim(count) + ok('Content-Length: 2', '{}'))).toEqual({
      status: 200,
      headers: { 'content-length': '2' },
      body: '{}',
    })
  })

  it('is given as it was packed, however much comes out of it', async () => {
    const bomb = gzipSync(Buffer.alloc(bytesMax * 500))
    expect(bomb.length).toBeLessThan(bytesMax)
    const head = ok(`Content-Encoding: gzip\r\nContent-Length: ${bomb.length}`)
    const { send } = await startMachine((socket) => void socket.write(Buffer.concat([Buffer.from(head), bomb])))
    expect((await send()).body.equals(bomb)).toBe(true)
  })

  it('leaves its connection to the next request', async () => {
    const answer = (socket: Socket) => void socket.write(ok('Content-Length: 2', '{}'))
    const { send, connections, asked } = await startMachine(answer, 4)
    const bodies = [await send(), await send(), await send()].map(({ body }) => body.toString())
    expect([bodies, connections(), asked()]).toEqual([['{}', '{}', '{}'], 1, 3])
  })

  it('may be as long as it may be, and not a byte longer', async () => {
    const { send } = await startMachine((socket, asked) => {
      const body = 'x'.repeat(bytesMax - 1 + asked)
      socket.write(ok(`Content-Length: ${body.length}`, body))
    })
    expect((await send()).body).toHaveLength(bytesMax)
    await expect(send()).rejects.toThrow('too large for 200')
  })
})

describe('what is no whole answer', () => {
  it.each<[string, string | undefined]>([
    ['no head', undefined],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['interim answers alone', interim(2)],
    ['a head without its body', ok('Content-Length: 10')],
    ['half a body', ok('Content-Length: 10', '{"a"')],
    ['chunks without an end', chunked(chunk('{"a":'))],
    ['a last chunk without its end', chunked(chunk('{}'), '0\r\nX-Late: ye')],
  ])('(%s) ends with its signal, and its connection with it', async (_name, text) => {
    const waiting = new AbortController()
    const { send, connections, asked } = await startMachine((socket) => void (text && socket.write(text)))
    const sent = send(waiting.signal)
    const refused = expect(sent).rejects.toThrow('no longer wanted')
    await vi.waitFor(() => expect(asked()).toBe(1), soon)
    // What was written is with the client then.
    await new Promise((resolve) => setTimeout(resolve, 50))
    waiting.abort(new Error('no longer wanted'))
    await refused
    await vi.waitFor(() => expect(connections()).toBe(0), soon)
  })

  it.each<[string, string, RegExp]>([
    ['no head', '', /^UND_ERR_SOCKET$/],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-', /^UND_ERR_SOCKET$|^HPE_/],
    ['interim answers alone', interim(2), /^UND_ERR_SOCKET$/],
    ['half a body', ok('Content-Length: 10', '{"a"'), /^UND_ERR_(SOCKET|RES_CONTENT_LENGTH_MISMATCH)$/],
    ['chunks without an end', chunked(chunk('{"a":')), /^UND_ERR_SOCKET$|^HPE_/],
    ['a last chunk without its end', chunked(chunk('{}'), '0\r\nX-Late: ye'), /^UND_ERR_SOCKET$|^HPE_/],
  ])('(%s) is none when the connection ends', async (_name, text, code) => {
    for (const end of ['end', 'resetAndDestroy'] as const) {
      const { send } = await startMachine((socket) => {
        if (end === 'end') socket.end(text)
        else if (text === '') socket.resetAndDestroy()
        else socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 20))
      })
      const fault: unknown = await send().catch((error: unknown) => error)
      expect(fault).toHaveProperty('code', end === 'end' ? expect.stringMatching(code) : 'ECONNRESET')
    }
  })

  it('is given up at once when nobody waits for it any more', async () => {
    const { send, connections } = await startMachine((socket) => void socket.write(ok('Content-Length: 0')))
    await expect(send(AbortSignal.abort(new Error('no longer wanted')))).rejects.toThrow('no longer wanted')
    expect(connections()).toBe(0)
  })

  it('that waited for a connection is not asked for later', async () => {
    const waiting = new AbortController()
    let first: Socket | undefined
    const { send, asked } = await startMachine((socket, number) => {
      first = socket
      if (number > 1) socket.write(ok('Content-Length: 1', String(number)))
    })
    const before = send()
    const sent = send(waiting.signal)
    await vi.waitFor(() => expect(asked()).toBe(1), soon)
    waiting.abort(new Error('no longer wanted'))
    await expect(sent).rejects.toThrow('no longer wanted')
    first?.write(ok('Content-Length: 2', '{}'))
    expect((await before).body.toString()).toBe('{}')
    expect((await send()).body.toString()).toBe('2')
  })
})

describe('what never ends', () => {
  it.each<[string, readonly string[]]>([
    ['a body', [ok('Connection: close'), 'x'.repeat(4_096)]],
    ['a body in chunks', [chunked(), chunk('x'.repeat(4_096))]],
    ['a body in chunks of one byte', [chunked(), chunk('x').repeat(100)]],
  ])('(%s) is cut off at the bound', async (_name, parts) => {
    const { send, connections } = await startMachine((socket) => pour(socket, ...parts))
    await expect(send()).rejects.toThrow('too large for 200')
    await vi.waitFor(() => expect(connections()).toBe(0), soon)
  })

  it.each<[string, readonly string[]]>([
    ['a head', ['HTTP/1.1 200 OK\r\n', 'X-More: x\r\n'.repeat(100)]],
    ['trailers', [chunked(chunk('{}'), '0\r\n'), 'X-More: x\r\n'.repeat(100)]],
  ])('(%s) is cut off by the bound of heads', async (_name, parts) => {
    const { send, connections } = await startMachine((socket) => pour(socket, ...parts))
    await expect(send()).rejects.toHaveProperty('code', 'UND_ERR_HEADERS_OVERFLOW')
    await vi.waitFor(() => expect(connections()).toBe(0), soon)
  })

  it('(interim answers) ends with its signal', async () => {
    const waiting = new AbortController()
    const { send, connections } = await startMachine((socket) => pour(socket, interim(100)))
    const refused = expect(send(waiting.signal)).rejects.toThrow('no longer wanted')
    await new Promise((resolve) => setTimeout(resolve, 200))
    waiting.abort(new Error('no longer wanted'))
    await refused
    await vi.waitFor(() => expect(connections()).toBe(0), soon)
  })

  it('(what stands around the bytes of a body) is not kept', async () => {
    const before = process.memoryUsage().rss
    const padded = chunk('x', `;${'e'.repeat(60_000)}`)
    const { send } = await startMachine((socket) => pour(socket, chunked(), padded))
    await expect(send()).rejects.toThrow('too large for 200')
    // Each of the 20,000 bytes came with 60,000 others.
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024)
  })
})
