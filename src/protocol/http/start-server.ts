import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server, Socket } from 'node:net'
import type { MadeCertificate } from '#protocol/tls'

export interface SimulatedServer {
  readonly port: number
  /** Connections that are open now. */
  connections(): number
  /** Connections since the start. */
  connectionsMade(): number
  /** Closes every connection and the port. Safe twice. */
  stop(): Promise<void>
}

export interface SimulatedServerOptions {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** Present: HTTPS with this certificate. */
  readonly certificate?: MadeCertificate
  readonly host?: string
}

/** A real HTTP(S) server on a free port of the loopback interface, for simulated machines and tests. */
export async function startServer(options: SimulatedServerOptions): Promise<SimulatedServer> {
  const { handle, certificate, host = '127.0.0.1' } = options
  const server: Server = certificate
    ? createTlsServer({ cert: certificate.cert, key: certificate.key }, handle)
    : createServer(handle)
  const sockets = new Set<Socket>()
  let made = 0
  server.on('connection', (socket: Socket) => {
    made += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client that breaks off is part of every test of broken connections; `close` follows.
    socket.on('error', () => socket.destroy())
  })
  // The same for a handshake that fails because the client trusts nothing here.
  server.on('tlsClientError', (_error, socket: Socket) => socket.destroy())
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port')

  return {
    port: address.port,
    connections: () => sockets.size,
    connectionsMade: () => made,
    async stop() {
      const closed = server.listening ? once(server, 'close') : undefined
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
