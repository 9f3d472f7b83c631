import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { lateAnswerMs } from '#connector'

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** What a healthy machine would send. */
  readonly text: string
}

const mebibyte = 1024 * 1024
const tooLong = 'x'.repeat(64 * 1024)

/** What a simulated machine does instead of answering right, by the word that `equipment.json` has for it. */
export const misbehaviours = {
  silent: () => undefined,
  late: ({ response, text }: Exchange) => {
    const answering = setTimeout(() => response.end(text), lateAnswerMs)
    response.on('close', () => clearTimeout(answering))
  },
  garbage: ({ request }: Exchange) => request.socket.end(Buffer.alloc(512, 0xa5)),
  half: ({ request, text }: Exchange) =>
    request.socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text.slice(0, text.length / 2)}`),
  closing: ({ request }: Exchange) => request.socket.destroy(),
  refusing: ({ response }: Exchange) => response.writeHead(404).end('{"error":"not found"}'),
  refusingMethod: ({ response }: Exchange) => response.writeHead(405).end(),
  forbidding: ({ response }: Exchange) => response.writeHead(403).end(),
  failing: ({ response }: Exchange) => response.writeHead(500).end('stack trace'),
  overloaded: ({ response }: Exchange) => response.writeHead(503, { 'retry-after': '30' }).end(),
  limiting: ({ response }: Exchange) => response.writeHead(429, { 'retry-after': '120' }).end(),
  redirecting: ({ response }: Exchange) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
  loginPage: ({ response }: Exchange) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Login</title>'),
  xml: ({ response }: Exchange) => response.end('<?xml version="1.0"?><oven/>'),
  empty: ({ response }: Exchange) => response.writeHead(204).end(),
  cutJson: ({ response, text }: Exchange) => response.end(text.slice(0, -2)),
  byteOrderMark: ({ response, text }: Exchange) => response.end(`\ufeff${text}`),
  latin1: ({ response, text }: Exchange) =>
    response.writeHead(200, { 'content-type': 'application/json; charset=iso-8859-1' }).end(text, 'latin1'),
  charsetWrong: ({ response, text }: Exchange) =>
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-16' }).end(text),
  charsetUnknown: ({ response, text }: Exchange) =>
    response.writeHead(200, { 'content-type': 'application/json; charset=klingon' }).end(text),
  manyCookies: ({ response, text }: Exchange) => {
    const cookies = Array.from({ length: 10_000 }, (_, index) => `c${index}=1`)
    response.writeHead(200, { 'set-cookie': cookies }).end(text)
  },
  packed: ({ response, text }: Exchange) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text)),
  gzipBomb: ({ response }: Exchange) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(16 * mebibyte, 0x20))),
  endless: ({ response }: Exchange) => flood(response),
  dripping: ({ response }: Exchange) => {
    response.write('{')
    const drip = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(drip))
  },
  hugeHeaders: ({ response }: Exchange) => response.writeHead(200, { 'x-huge': tooLong }).end('{}'),
} as const

export type RestMisbehaviour = keyof typeof misbehaviours

function flood(response: ServerResponse): void {
  if (response.destroyed) return
  if (response.write(tooLong)) setImmediate(() => flood(response))
  else response.once('drain', () => flood(response))
}
