import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy whose wire can be cut: what it leads to is then away, whatever protocol it speaks. */
export interface TcpProxy {
  readonly port: number
  /** Ends all connections and refuses new ones. */
  cut(): void
  /** Passes nothing on any more while all connections stay open: what it leads to is frozen. */
  freeze(): void
  /** Passes on what is asked, and nothing of what is answered. */
  swallowAnswers(): void
  /** Passes new connections on again. Those that were frozen stay so: half-open, as after the death of a router. */
  mend(): void
  stop(): Promise<void>
}

export async function startTcpProxy(to: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const outers = new Set<Socket>()
  let isCut = false
  let isFrozen = false
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A cut wire is what the proxy is for; `close` follows.
    socket.on('error', () => socket.destroy())
  }
  const server = createServer((inner) => {
    keep(inner)
    if (isCut) {
      inner.destroy()
      return
    }
    if (isFrozen) return
    const outer = connect(to)
    keep(outer)
    outers.add(outer)
    outer.on('close', () => outers.delete(outer))
    inner.pipe(outer).pipe(inner)
    inner.on('close', () => outer.destroy())
    outer.on('close', () => inner.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut() {
      isCut = true
      drop()
    },
    freeze() {
      isFrozen = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    swallowAnswers() {
      for (const outer of outers) outer.unpipe().resume()
    },
    mend() {
      isCut = false
      isFrozen = false
    },
    async stop() {
      drop()
      server.close()
      await once(server, 'close')
    },
  }
}
