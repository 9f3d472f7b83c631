import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { faultOf, get, type Handle, open, serve } from './client-fixture.ts'

describe('misbehaving machines', () => {
  const gzipBomb = gzipSync(Buffer.alloc(8 * 1024 * 1024))
  const cases: [string, Handle, string][] = [
    [
      'a redirect',
      (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end('secret'),
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status was answered by a redirect (302), which is not followed: give the address that it leads to',
    ],
    [
      'a body of more than the bound',
      (_request, response) => response.end('x'.repeat(20_001)),
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status answered with more than 20000 bytes',
    ],
    [
      'an endless body',
      (_request, response) => {
        const more = (): void => {
          if (response.destroyed) return
          response.write('x'.repeat(4096))
          setImmediate(more)
        }
        more()
      },
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status answered with more than 20000 bytes',
    ],
    [
      'an endless redirect',
      (_request, response) => {
        response.writeHead(308, { location: '/' })
        const more = (): void => {
          if (response.destroyed) return
          response.write('x'.repeat(4096))
          setImmediate(more)
        }
        more()
      },
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status was answered by a redirect (308), which is not followed: give the address that it leads to',
    ],
    [
      'a gzip bomb',
      (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipBomb),
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status answered with more than 20000 bytes',
    ],
    [
      'a broken packed body',
      (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('not packed'),
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status answered with a body that cannot be unpacked',
    ],
    [
      'chained codings',
      (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(gzipSync('{}')),
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status answered in a content coding that is not known',
    ],
    [
      'a flood of cookies',
      (_request, response) => {
        const cookies = Array.from({ length: 10_000 }, (_, index) => `c${index}=1`)
        response.writeHead(200, { 'set-cookie': cookies }).end('{}')
      },
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status answered with too many headers',
    ],
    [
      'another protocol',
      (request) => request.socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status was not answered in HTTP',
    ],
    [
      'bytes without sense',
      (request) => request.socket.end(Buffer.alloc(1000, 0xff)),
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status was not answered in HTTP',
    ],
    [
      'both length and chunks',
      (request) =>
        request.socket.end(
          'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
        ),
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status was not answered in HTTP',
    ],
    [
      'leave to go on that nobody asked for',
      (request) => request.socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status was answered with a status that was not asked for (100 or 101)',
    ],
    [
      'another protocol from now on',
      (request) =>
        request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      'PROTOCOL_VIOLATED: GET http://127.0.0.1:PORT/status was answered with a status that was not asked for (100 or 101)',
    ],
    [
      'no answer but the end',
      (request) => request.socket.destroy(),
      'LINK_LOST: GET http://127.0.0.1:PORT/status was not answered: the connection was closed (if it always is: does this port want https://?)',
    ],
    [
      'half a body',
      (request) => request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half":'),
      'LINK_LOST: GET http://127.0.0.1:PORT/status was not answered: the connection was closed (if it always is: does this port want https://?)',
    ],
    [
      'half a head',
      (request) => request.socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
      'LINK_LOST: GET http://127.0.0.1:PORT/status was not answered: the connection was closed (if it always is: does this port want https://?)',
    ],
    ['silence', () => undefined, 'TIMED_OUT: GET http://127.0.0.1:PORT/status was not answered within 0.3 s'],
    [
      'a dripping body',
      (_request, response) => {
        response.writeHead(200)
        const drip = setInterval(() => response.write('x'), 20)
        response.on('close', () => clearInterval(drip))
      },
      'TIMED_OUT: GET http://127.0.0.1:PORT/status was not answered within 0.3 s',
    ],
    [
      'a dripping head',
      (request) => {
        request.socket.write('HTTP/1.1 200 OK\r\nX-Long: ')
        const drip = setInterval(() => request.socket.write('x'), 20)
        request.socket.on('close', () => clearInterval(drip))
      },
      'TIMED_OUT: GET http://127.0.0.1:PORT/status was not answered within 0.3 s',
    ],
  ]

  it.each(cases)('%s', async (_case, handle, fault) => {
    let isHealthy = false
    const server = await serve((request, response) => (isHealthy ? response.end('well') : handle(request, response)))
    const client = await open(server, { bodyBytesMax: 20_000 })
    expect(await faultOf(get(client, { timeoutMs: 300, path: '/status?key=secret' }))).toBe(fault)
    isHealthy = true
    expect(await get(client)).toMatchObject({ body: 'well' })
    await client.close()
    await expect.poll(() => server.connections()).toBe(0)
  })
})
