import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answers, faultOf, never, openGate, startListener } from './gate-fixture.ts'

let listener: Awaited<ReturnType<typeof startListener>>
let port: number

beforeAll(async () => {
  listener = await startListener()
  port = listener.port
})
afterAll(() => listener.stop())

/** Connections of this process that are open or being made, from either end. */
function socketsInUse(): number {
  return process.getActiveResourcesInfo().filter((name) => /^TCP(Socket|Connect)Wrap$/.test(name)).length
}

describe('abort and time limit', () => {
  it('ends a dial that waits for a name', async () => {
    const stop = new AbortController()
    const dialling = openGate({ lookup: () => new Promise(() => undefined) }).dial({
      host: 'oven.test',
      port,
      signal: stop.signal,
    })
    stop.abort(new Error('no longer wanted'))
    await expect(dialling).rejects.toThrow('no longer wanted')
  })

  it('ends a dial whose name is never resolved', async () => {
    const slow = openGate({ lookup: () => new Promise(() => undefined), dialTimeoutMs: 50 })
    expect(await faultOf(slow.dial({ host: 'oven.test', port, signal: never }))).toBe(
      'TIMED_OUT: oven.test was not resolved within 0.1 s',
    )
  })

  it.each<[string, (abort: () => void) => void]>([
    ['at once', (abort) => abort()],
    ['in the next turn', (abort) => setImmediate(abort)],
    ['a little later', (abort) => setTimeout(abort, 1)],
  ])('leaves no socket when it is aborted %s', async (_case, schedule) => {
    const stop = new AbortController()
    const dialling = openGate().dial({ host: '127.0.0.1', port, signal: stop.signal })
    schedule(() => stop.abort())
    const socket = await dialling.catch(() => undefined)
    socket?.destroy()
    await expect.poll(socketsInUse).toBe(0)
  })

  it('leaves no socket when it is aborted while the connection is being made', async () => {
    const stop = new AbortController()
    // The address is dialled in the same turn in which it is found good.
    const checked = () => queueMicrotask(() => stop.abort(new Error('no longer wanted')))
    const dialling = openGate().dial({ host: '127.0.0.1', port, signal: stop.signal, checked })
    await expect(dialling).rejects.toThrow('no longer wanted')
    await expect.poll(socketsInUse).toBe(0)
  })

  it('has no effect once the socket is given', async () => {
    const stop = new AbortController()
    const socket = await openGate().dial({ host: '127.0.0.1', port, signal: stop.signal })
    stop.abort()
    await new Promise((resolve) => setImmediate(resolve))
    expect(socket.destroyed).toBe(false)
    socket.destroy()
    await listener.untilAccepted(0)
  })

  it('opens at most so many connections at once', async () => {
    let underWay = 0
    let most = 0
    const lookup = async () => {
      underWay += 1
      most = Math.max(most, underWay)
      await new Promise((resolve) => setTimeout(resolve, 5))
      underWay -= 1
      return ['127.0.0.1']
    }
    const narrow = openGate({ lookup, dialsAtOnce: 3 })
    const hosts = Array.from({ length: 12 }, (_, index) => `oven-${index}.test`)
    const sockets = await Promise.all(hosts.map((host) => narrow.dial({ host, port, signal: never })))
    expect(most).toBe(3)
    for (const socket of sockets) socket.destroy()
    await listener.untilAccepted(0)
  })
})

describe('a machine that takes no connection', () => {
  let blocked: Worker
  let blockedPort: number
  let fillers: Socket[]

  beforeAll(async () => {
    // A listener whose thread never accepts: when its short queue is full, the kernel drops what comes after.
    blocked = new Worker(
      `const { parentPort } = require('node:worker_threads')
       const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
         parentPort.postMessage(server.address().port)
         setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
       })`,
      { eval: true },
    )
    ;[blockedPort] = await once(blocked, 'message')
    fillers = []
    const filling = openGate({ dialTimeoutMs: 200 })
    for (let tries = 0; tries < 8; tries += 1) {
      const filler = await filling.dial({ host: '127.0.0.1', port: blockedPort, signal: never }).catch(() => undefined)
      if (!filler) break
      fillers.push(filler)
    }
  })

  afterAll(async () => {
    for (const filler of fillers) filler.destroy()
    await blocked.terminate()
  })

  it('times out', async () => {
    const hurried = openGate({ dialTimeoutMs: 300 })
    expect(await faultOf(hurried.dial({ host: '127.0.0.1', port: blockedPort, signal: never }))).toBe(
      `TIMED_OUT: 127.0.0.1, port ${blockedPort}, did not answer within 0.3 s`,
    )
  })

  it('shares the time among the addresses of a name', async () => {
    const hurried = openGate({ dialTimeoutMs: 600, lookup: answers(['127.0.0.1', '127.0.0.1']) })
    expect(await faultOf(hurried.dial({ host: 'oven.test', port: blockedPort, signal: never }))).toBe(
      `TIMED_OUT: 127.0.0.1, port ${blockedPort}, did not answer within 0.3 s`,
    )
  })

  it('can be given up', async () => {
    const stop = new AbortController()
    const dialling = openGate().dial({ host: '127.0.0.1', port: blockedPort, signal: stop.signal })
    setTimeout(() => stop.abort(new Error('no longer wanted')), 20)
    await expect(dialling).rejects.toThrow('no longer wanted')
  })
})
