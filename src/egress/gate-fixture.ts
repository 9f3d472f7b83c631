import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect } from 'vitest'
import { type BakewireError, silentLog } from '#core'
import { createEgressGate, type EgressGateOptions } from './egress-gate.ts'
import { parseEgressAllow } from './parse-egress-allow.ts'

/** For tests: the signal of a dial that nobody gives up. */
export const never = new AbortController().signal

/** A gate that lets loopback through, unless the options say otherwise. */
export function openGate(options: Partial<EgressGateOptions> = {}) {
  return createEgressGate({ allow: parseEgressAllow('127.0.0.0/8'), denied: [], log: silentLog, ...options })
}

/** A name server that gives these answers, one per lookup, the last for ever. */
export function answers(...given: readonly (readonly string[])[]) {
  let asked = 0
  return async () => given[Math.min(asked++, given.length - 1)] ?? []
}

/** `CODE: message` of what was thrown. */
export async function faultOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: BakewireError) => `${error.code}: ${error.message}`,
  )
}

/** Takes connections on 127.0.0.1 and keeps them open. */
export async function startListener() {
  const accepted = new Set<Socket>()
  const server = createServer((socket) => {
    accepted.add(socket)
    socket
      .resume()
      .on('error', () => socket.destroy())
      .on('close', () => accepted.delete(socket))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The listener has no port')
  return {
    port: address.port,
    accepted: () => accepted.size,
    untilAccepted: (count: number) => expect.poll(() => accepted.size, { timeout: 5_000 }).toBe(count),
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of accepted) socket.destroy()
      await closed
    },
  }
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const { port, stop } = await startListener()
  await stop()
  return port
}
