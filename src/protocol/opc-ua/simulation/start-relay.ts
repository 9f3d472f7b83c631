import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** What becomes of a chunk on its way from the server: it is sent, as it is or changed, at once or later, or never. Those behind it wait. */
export type Tamper = (chunk: Buffer, client: Socket) => void | Promise<void>

const passOn: Tamper = (chunk, client) => void client.write(chunk)

/** A port of its own before a server, that counts connections and can spoil what the server answers, chunk by chunk. */
export async function startRelay(serverPort: () => number) {
  const clients = new Set<Socket>()
  let tamper = passOn
  const listener = createServer({ noDelay: true }, (client) => {
    clients.add(client)
    const server = connect({ host: '127.0.0.1', port: serverPort(), noDelay: true })
    const endBoth = () => {
      clients.delete(client)
      client.destroy()
      server.destroy()
    }
    let waiting = Buffer.alloc(0)
    let turn = Promise.resolve()
    server.on('data', (data) => {
      waiting = Buffer.concat([waiting, data])
      while (waiting.length >= 8 && waiting.length >= waiting.readUInt32LE(4)) {
        const length = waiting.readUInt32LE(4)
        const chunk = waiting.subarray(0, length)
        const spoil = tamper
        turn = turn.then(() => (client.destroyed ? undefined : spoil(chunk, client)))
        waiting = waiting.subarray(length)
      }
    })
    client.on('data', (data) => void (server.destroyed || server.write(data)))
    for (const socket of [client, server]) socket.on('error', endBoth).on('close', endBoth)
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (typeof address !== 'object' || address === null) throw new Error('the relay has no port')
  return {
    port: address.port,
    connections: () => clients.size,
    tamper(given: Tamper = passOn) {
      tamper = given
    },
    closeConnections() {
      for (const client of clients) client.destroy()
    },
    async stop() {
      const closed = listener.listening ? once(listener, 'close') : undefined
      listener.close()
      for (const client of clients) client.destroy()
      await closed
    },
  }
}
