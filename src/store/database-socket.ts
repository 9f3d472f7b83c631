import { connect, type Socket } from 'node:net'

/** Where the driver is to connect: its own options, of which one of several hosts is tried after the other. */
interface Peer {
  readonly path: string | false
  readonly host: readonly string[]
  readonly port: readonly number[]
}

/**
 * Sockets for postgres.js. Left to itself the driver dials again at once and for ever when the peer accepts a connection
 * and closes it without a word, as a proxy does whose server is away: the query would never fail. Here that is an error.
 * `open` holds those that are not closed.
 */
export function createDatabaseSockets(open = new Set<Socket>()): (peer: Peer) => Socket {
  let dialled = 0
  return ({ path, host, port }) => {
    const index = dialled % Math.max(host.length, 1)
    dialled += 1
    const to = { host: host[index] ?? 'localhost', port: port[index] ?? 5432 }
    // The driver takes the name that a certificate must have from `host` of its socket.
    const socket = Object.assign(connect(path === false ? to : { path }), to)
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    return socket.once('end', () => {
      if (socket.bytesRead === 0) socket.destroy(new ClosedSilently(`${to.host}:${to.port}`))
    })
  }
}

class ClosedSilently extends Error {
  override readonly name = 'ClosedSilently'
  readonly code = 'ECONNRESET'

  constructor(where: string) {
    super(`${where} accepted the connection and closed it without a word`)
  }
}
