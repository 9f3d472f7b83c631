import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'

/**
 * What the line between a link and its machine does, whatever protocol goes over it.
 * - `silent`: takes connections and passes nothing on
 * - `closing`: takes connections and closes them at once
 * - `severing`: resets the connection in the middle of an answer
 * - `crumbling`: every byte of an answer comes in a packet of its own
 * - `dripping`: the same, each after `dripMs`
 * - `flooding`: answers with bytes that never end
 */
export type LineFault = 'none' | 'silent' | 'closing' | 'severing' | 'crumbling' | 'dripping' | 'flooding'

/** Shorter than the suite's time-out for one answer (100 ms): a time-out that every byte starts anew never comes. */
const dripMs = 60
const floodChunk = Buffer.alloc(64 * 1024, 0xa5)

/** A port before a machine that can be unplugged, lead to another machine, and do to the bytes what lines do. */
export interface Line {
  readonly port: number
  /** Leads to this port of the loopback interface from now on. */
  leadTo(port: number): void
  /** From now on, on connections that are open too. */
  become(fault: LineFault): void
  /** Connections that are open now. */
  connections(): number
  /** Bytes that came from the links since the last fault began. */
  bytesTaken(): number
  /** Ends every connection and refuses new ones. */
  unplug(): Promise<void>
  /** Takes connections again, on the same port. */
  plugIn(): Promise<void>
  stop(): Promise<void>
}

export async function startLine(): Promise<Line> {
  const sockets = new Set<Socket>()
  let fault: LineFault = 'none'
  let target = 0
  let taken = 0
  let port = 0

  const passBack = async (machine: Socket, link: Socket) => {
    try {
      for await (const chunk of machine) await deliver(chunk, link, () => fault)
    } catch {
      // Either side was cut; the other is told below.
    }
    link.destroy()
  }
  const server = createServer({ noDelay: true }, (link) => {
    if (fault === 'closing') {
      link.destroy()
      return
    }
    const machine = connect({ host: '127.0.0.1', port: target, noDelay: true })
    sockets.add(link)
    link.on('close', () => {
      sockets.delete(link)
      machine.destroy()
    })
    for (const socket of [link, machine]) socket.on('error', () => socket.destroy())
    link.on('data', (chunk) => {
      taken += chunk.length
      if (fault !== 'silent' && !machine.destroyed) machine.write(chunk)
    })
    void passBack(machine, link)
  })
  const plugIn = async () => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const unplug = async () => {
    const closed = server.listening ? once(server, 'close') : undefined
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await plugIn()
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the line has no port')
  port = address.port

  return {
    port,
    leadTo(next) {
      target = next
    },
    become(next) {
      fault = next
      taken = 0
    },
    connections: () => sockets.size,
    bytesTaken: () => taken,
    plugIn,
    unplug,
    stop: unplug,
  }
}

/** What becomes of a piece of an answer. */
async function deliver(chunk: Buffer, link: Socket, now: () => LineFault): Promise<void> {
  const fault = now()
  if (fault === 'silent') return
  if (fault === 'severing') {
    link.write(chunk.subarray(0, chunk.length >> 1))
    // What was written is on its way before the reset is.
    await turn()
    link.resetAndDestroy()
    return
  }
  if (fault === 'flooding') {
    while (!link.destroyed && now() === 'flooding') {
      if (!link.write(floodChunk)) await Promise.race([once(link, 'drain'), once(link, 'close')])
    }
  } else if (fault === 'crumbling' || fault === 'dripping') {
    for (const byte of chunk) {
      if (link.destroyed) return
      link.write(Buffer.of(byte))
      await (now() === 'dripping' ? sleep(dripMs) : turn())
    }
  } else link.write(chunk)
}
