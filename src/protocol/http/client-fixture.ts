import type { IncomingMessage, ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import { type BakewireError, silentLog } from '#core'
import { createEgressGate, parseEgressAllow } from '#egress'
import { type HttpClient, type HttpClientOptions, type HttpRequest, openHttpClient } from './open-http-client.ts'
import { type SimulatedServer, startServer } from './start-server.ts'

/** For tests: the signal of work that nobody gives up. */
export const never = new AbortController().signal
export const { dial } = createEgressGate({ allow: parseEgressAllow('127.0.0.1'), denied: [], log: silentLog })

export type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** A plain server that ends with the test. */
export async function serve(handle: Handle): Promise<SimulatedServer> {
  const server = await startServer({ handle })
  onTestFinished(server.stop)
  return server
}

/** A client of that server that ends with the test. */
export async function open(server: { port: number }, options: Partial<HttpClientOptions> = {}): Promise<HttpClient> {
  const client = await openHttpClient({
    dial,
    origin: new URL(`http://127.0.0.1:${server.port}`),
    tls: { verify: true },
    connections: 4,
    handshakeTimeoutMs: 1_000,
    signal: never,
    ...options,
  })
  onTestFinished(client.close)
  return client
}

export function get(client: HttpClient, request: Partial<HttpRequest> = {}) {
  return client.request({ method: 'GET', path: '/status', timeoutMs: 2_000, signal: never, ...request })
}

/** `CODE: message` of what was thrown, with PORT for the number. */
export async function faultOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: BakewireError) => `${error.code}: ${error.message.replace(/:\d{4,5}\b/, ':PORT')}`,
  )
}
