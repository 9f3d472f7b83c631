import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { BakewireError } from '#core'
import { problemMediaType, problemOf } from './problem.ts'
import { translateError } from './translate-error.ts'

/** Answers on the bare socket what never became a request: broken HTTP, headers too large, a client that drips. */
export function refuseBrokenRequest(thrown: Error, socket: Socket): void {
  if (socket.destroyed || !socket.writable) return void socket.destroy()
  const broken = Object.assign(new Error('HTTP error', { cause: thrown }), { code: codeOf(thrown), statusCode: 400 })
  const problem = problemOf(translateError(broken), randomUUID())
  const body = JSON.stringify(problem)
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      `Content-Type: ${problemMediaType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
    () => socket.destroySoon(),
  )
}

/** RFC 9110, 10.1.1: an expectation other than 100-continue, which Node would refuse without a word. */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const error = new BakewireError('REQUEST_MALFORMED', 'Expect: only 100-continue is met here')
  const problem = problemOf(error, randomUUID())
  response.writeHead(problem.status, {
    'content-type': problemMediaType,
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end(JSON.stringify(problem))
}

function codeOf(thrown: Error): string {
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
}
