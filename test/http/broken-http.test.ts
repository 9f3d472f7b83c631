import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { createHttpServer, type HttpDependencies } from '#http'
import { soon } from '../setup/soon.ts'
import { type HttpRig, listen, startHttpRig } from './http-rig.ts'

let rig: HttpRig
let place: { host: string; port: number }
const sockets = new Set<Socket>()
beforeAll(async () => {
  rig = await startHttpRig()
  place = await listen(rig.app)
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await rig.stop()
})

const problem = z.looseObject({ code: z.string(), request_id: z.uuid() })

async function dial(to = place): Promise<Socket> {
  const socket = connect(to)
  sockets.add(socket)
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}

/** All that the server says until it closes. */
function untilClosed(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.once('close', () => resolve(text))
  })
}

async function exchange(...parts: string[]): Promise<string> {
  const socket = await dial()
  const answer = untilClosed(socket)
  for (const part of parts) socket.write(part)
  return answer
}

function problemIn(text: string): { status: number; code: string } {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  expect(head).toMatch(/application\/problem\+json/)
  return { status: Number(head.split(' ')[1]), code: problem.parse(JSON.parse(body)).code }
}

const host = 'Host: bakewire\r\n'
const closing = `${host}Connection: close\r\n`
const authorized = () => `${closing}Authorization: Bearer ${rig.adminKey}\r\n`
const json = 'Content-Type: application/json\r\n'

describe('a request that is no HTTP', () => {
  it.each([
    ['HTTP/0.9', 'GET /health/live\r\n\r\n'],
    ['noise', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['a header without a name', `GET /health/live HTTP/1.1\r\n${host}: x\r\n\r\n`],
    ['a header with a blank before the colon', `GET /health/live HTTP/1.1\r\n${host}X : x\r\n\r\n`],
    ['a folded header', `GET /health/live HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`],
    ['no host', 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two hosts', `GET /health/live HTTP/1.1\r\n${host}Host: evil.example\r\n\r\n`],
    ['the same host twice', `GET /health/live HTTP/1.1\r\n${host}hOST: bakewire\r\n\r\n`],
    [
      'two hosts in HTTP/1.0',
      `GET /health/live HTTP/1.0\r\n${host}Host: evil.example\r\nConnection: keep-alive\r\n\r\n`,
    ],
    [
      'Content-Length and Transfer-Encoding',
      `POST /api/v1/equipment HTTP/1.1\r\n${host}${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [
      'two Content-Lengths',
      `POST /api/v1/equipment HTTP/1.1\r\n${host}${json}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    ],
    [
      'a Content-Length that is no number',
      `POST /api/v1/equipment HTTP/1.1\r\n${host}${json}Content-Length: x\r\n\r\n{}`,
    ],
  ])('%s is malformed', async (_name, text) => {
    expect(problemIn(await exchange(text))).toEqual({ status: 400, code: 'REQUEST_MALFORMED' })
  })
})

describe('another version', () => {
  it.each(['2.0', '3.0', '1.2'])('%s of HTTP is refused, and the connection ends', async (version) => {
    const answer = problemIn(await exchange(`GET /health/live HTTP/${version}\r\n${host}\r\n`))
    expect([
      { status: 505, code: 'VERSION_UNSUPPORTED' },
      // The parser knows 2.0 and no other.
      ...(version === '2.0' ? [] : [{ status: 400, code: 'REQUEST_MALFORMED' }]),
    ]).toContainEqual(answer)
  })

  it('by the preface of HTTP/2 is malformed', async () => {
    expect(problemIn(await exchange('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).status).toBe(400)
  })

  it('as old as HTTP/1.0 is answered, without a host too', async () => {
    expect(await exchange('GET /health/live HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('headers', () => {
  it('of 64 KB are too large', async () => {
    const answer = await exchange(`GET /health/live HTTP/1.1\r\n${host}X: ${'x'.repeat(65_536)}\r\n\r\n`)
    expect(problemIn(answer)).toEqual({ status: 431, code: 'HEADERS_TOO_LARGE' })
  })

  it('that are 20,000 are too large', async () => {
    const answer = await exchange(`GET /health/live HTTP/1.1\r\n${host}${'a: b\r\n'.repeat(20_000)}\r\n`)
    expect(problemIn(answer)).toEqual({ status: 431, code: 'HEADERS_TOO_LARGE' })
  })

  it('do not tell which software answers', async () => {
    const answer = await exchange(`GET /health/live HTTP/1.1\r\n${closing}\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(answer).not.toMatch(/^(server|x-powered-by):/im)
  })
})

describe('a body', () => {
  it('in chunks arrives whole', async () => {
    const body = '{"name":"Oven","type":"deck_oven"}'
    const chunks = [...body].map((character) => `1\r\n${character}\r\n`).join('')
    const head = `POST /api/v1/equipment HTTP/1.1\r\n${authorized()}${json}Transfer-Encoding: chunked\r\n\r\n`
    expect(await exchange(head, chunks, '0\r\n\r\n')).toMatch(/^HTTP\/1\.1 201 /)
  })

  it.each([' ', '\t', ' \t '])('is checked whatever blanks stand before its media type: %j', async (blanks) => {
    const send = (body: string) =>
      exchange(
        `POST /api/v1/equipment HTTP/1.1\r\n${authorized()}Content-Type:${blanks}application/json${blanks}\r\n`,
        `Content-Length: ${body.length}\r\n\r\n${body}`,
      )
    expect(problemIn(await send('{"name":5,"type":"deck_oven"}'))).toEqual({ status: 400, code: 'REQUEST_MALFORMED' })
    expect(await send('{"name":"Oven","type":"deck_oven"}')).toMatch(/^HTTP\/1\.1 201 /)
  })

  it('longer than its Content-Length is malformed, and so is what is left of it', async () => {
    const head = `POST /api/v1/equipment HTTP/1.1\r\n${host}Authorization: Bearer ${rig.adminKey}\r\n${json}Content-Length: 20\r\n\r\n`
    const answers = await exchange(head, '{"name":"Oven","type":"deck_oven"}')
    expect(answers.match(/^HTTP\/1\.1 \d+/gm)?.every((line) => line === 'HTTP/1.1 400')).toBe(true)
  })

  it('of a client that says no more after it is taken, though the connection ends with it', async () => {
    const name = crypto.randomUUID()
    const body = JSON.stringify({ name, type: 'deck_oven' })
    const socket = await dial()
    const closed = untilClosed(socket)
    socket.end(`POST /api/v1/equipment HTTP/1.1\r\n${authorized()}${json}Content-Length: ${body.length}\r\n\r\n${body}`)
    await closed
    const made = () => rig.database.bulk`select 1 from equipment where name = ${name}`
    await vi.waitFor(async () => expect(await made()).toHaveLength(1), soon)
  })

  it('that is to be asked for in another way than 100-continue is refused', async () => {
    const head = `POST /api/v1/equipment HTTP/1.1\r\n${authorized()}${json}Expect: 200-ok\r\nContent-Length: 2\r\n\r\n{}`
    const [status, ...rest] = (await exchange(head)).split('\r\n')
    expect(status).toBe('HTTP/1.1 400 Bad Request')
    expect(rest.join('\n')).toContain('"code":"REQUEST_MALFORMED"')
  })

  it('in chunks without a length is malformed', async () => {
    const head = `POST /api/v1/equipment HTTP/1.1\r\n${authorized()}${json}Transfer-Encoding: chunked\r\n\r\n`
    expect(problemIn(await exchange(head, 'zz\r\n{}\r\n'))).toEqual({ status: 400, code: 'REQUEST_MALFORMED' })
  })

  it('with chunk extensions without end is refused', async () => {
    const head = `POST /api/v1/equipment HTTP/1.1\r\n${authorized()}${json}Transfer-Encoding: chunked\r\n\r\n`
    expect(problemIn(await exchange(head, `1;${'x'.repeat(100_000)}\r\n{\r\n`))).toEqual({
      status: 413,
      code: 'BODY_TOO_LARGE',
    })
  })

  it('in chunks that is larger than the limit is refused', async () => {
    const head = `POST /api/v1/equipment HTTP/1.1\r\n${authorized()}${json}Transfer-Encoding: chunked\r\n\r\n`
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
    expect(problemIn(await exchange(head, ...Array.from({ length: 20 }, () => chunk)))).toEqual({
      status: 413,
      code: 'BODY_TOO_LARGE',
    })
  })

  it('that is announced larger than the limit is refused before it is sent', async () => {
    const head = `POST /api/v1/equipment HTTP/1.1\r\n${host}Authorization: Bearer ${rig.adminKey}\r\n${json}Content-Length: 99999999\r\n\r\n`
    expect(problemIn(await exchange(head))).toEqual({ status: 413, code: 'BODY_TOO_LARGE' })
  })

  it('of a caller without a key is not read', async () => {
    const head = `POST /api/v1/equipment HTTP/1.1\r\n${host}${json}Content-Length: 900000\r\n\r\n`
    expect(problemIn(await exchange(head))).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
  })

  it('is asked for by 100-continue only once', async () => {
    const body = '{"name":"Oven","type":"deck_oven"}'
    const head = `POST /api/v1/equipment HTTP/1.1\r\n${authorized()}${json}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`
    expect(await exchange(head, body)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /)
  })

  it('that ends too early with the client gone does no harm', async () => {
    const socket = await dial()
    socket.end(`POST /api/v1/equipment HTTP/1.1\r\n${authorized()}${json}Content-Length: 100\r\n\r\n{"name"`)
    await untilClosed(socket)
    expect((await rig.call('GET', '/health/live')).status).toBe(200)
  })
})

describe('a path', () => {
  it.each([
    '/api/v1/equipment/../equipment',
    '/api/v1/equipment/..\\equipment',
    '/api/v1/equipment/%2e%2e/api-keys',
    '/./health/live',
  ])('%s leads nowhere', async (path) => {
    const answer = await exchange(`GET ${path} HTTP/1.1\r\n${authorized()}\r\n`)
    expect(problemIn(answer)).toEqual({ status: 404, code: 'NOT_FOUND' })
  })
})

describe('many requests', () => {
  it('10,000 on one connection, sent at once, are all answered in order', async () => {
    const socket = await dial()
    const answer = untilClosed(socket)
    socket.write(`GET /health/live HTTP/1.1\r\n${host}\r\n`.repeat(9_999))
    socket.write(`GET /health/ready HTTP/1.1\r\n${closing}\r\n`)
    const text = await answer
    expect(text.split('HTTP/1.1 200 OK').length - 1).toBe(10_000)
    expect(text.endsWith('{"ready":true,"parts":{"database":{"state":"ok"}}}')).toBe(true)
  })

  const serverThat = async (readiness: HttpDependencies['readiness']) => {
    const server = await createHttpServer({ ...rig.dependencies, readiness })
    const socket = await dial(await listen(server))
    onTestFinished(() => {
      socket.destroy()
      return server.close()
    })
    return socket
  }
  const ask = (count: number) => `GET /health/ready HTTP/1.1\r\n${host}\r\n`.repeat(count)

  it('whose answers nobody reads are not begun', async () => {
    let begun = 0
    const socket = await serverThat(async () => {
      begun += 1
      return { ready: true, parts: { database: { state: 'ok', detail: 'x'.repeat(1_000_000) } } }
    })
    socket.write(ask(1_000))
    await vi.waitFor(() => expect(begun).toBeGreaterThan(0), soon)
    await sleep(300)
    // Those under way, and those whose answers fit into the buffers of two sockets.
    expect(begun).toBeLessThan(50)
  })

  it('that are more than may wait end the connection', async () => {
    const socket = await serverThat(() => new Promise(() => undefined))
    const closed = untilClosed(socket)
    socket.write(ask(12_000))
    expect(await closed).toBe('')
  })

  it('500 idle connections leave the server answering', async () => {
    const idle = await Promise.all(Array.from({ length: 500 }, () => dial()))
    expect((await exchange(`GET /health/live HTTP/1.1\r\n${closing}\r\n`)).startsWith('HTTP/1.1 200')).toBe(true)
    for (const socket of idle) socket.destroy()
  })
})

describe('a client that drips', () => {
  const drip = async (head: string, drop: string) => {
    const startedAt = performance.now()
    const socket = await dial()
    const answer = untilClosed(socket)
    socket.write(head)
    const dripping = setInterval(() => socket.writable && socket.write(drop), 200)
    const text = await answer
    clearInterval(dripping)
    return { text, seconds: (performance.now() - startedAt) / 1000 }
  }

  it.concurrent.each([
    ['its headers', () => `GET /health/live HTTP/1.1\r\n${host}X: `, 'x'],
    ['its body', () => `POST /api/v1/equipment HTTP/1.1\r\n${authorized()}${json}Content-Length: 1000\r\n\r\n`, ' '],
  ])('%s is closed within 10 s', async (_name, head, drop) => {
    const { text, seconds } = await drip(head(), drop)
    expect(problemIn(text)).toEqual({ status: 408, code: 'REQUEST_TIMED_OUT' })
    expect(seconds).toBeLessThan(10)
  })

  it.concurrent('nothing at all is closed within 10 s', async () => {
    const startedAt = performance.now()
    await untilClosed(await dial())
    expect(performance.now() - startedAt).toBeLessThan(10_000)
  })
})
