import { getEventListeners, once } from 'node:events'
import { connect, createServer } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { connected, faultOf, readTwo } from './client-fixture.ts'
import { openModbusClient } from './modbus-client.ts'
import { socketWire } from './wire.ts'

it.each(['tcp', 'rtu_over_tcp'] as const)(
  'a client of framing %s ends when the peer has let go of it',
  async (framing) => {
    const { client, peer, lost, socket } = await connected(() => undefined, framing)
    const gone = once(peer, 'end')
    await Promise.all([client.end(), gone])
    expect(socket.destroyed).toBe(true)
    await client.end()
    expect(lost).toEqual([])
    expect(await faultOf(readTwo(client))).toMatchObject({ code: 'LINK_LOST' })
  },
)

it('a client ends although the peer does not let go', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.resume()
    onTestFinished(() => void socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const socket = connect(address.port, '127.0.0.1')
  await once(socket, 'connect')
  const client = await openModbusClient({ wire: socketWire(socket), framing: 'tcp', lost: () => undefined })
  await client.end()
  expect(socket.destroyed).toBe(true)
})

it('a client that ends rejects what is under way', async () => {
  const { client } = await connected(() => undefined)
  const reading = faultOf(readTwo(client))
  await client.end()
  expect(await reading).toMatchObject({ code: 'LINK_LOST' })
})

it.each(['end', 'close'] as const)(
  'a client that was told to %s leaves nothing at the signal of its reads',
  async (how) => {
    const { signal } = new AbortController()
    const { client } = await connected(() => undefined)
    await faultOf(readTwo(client, { signal, timeoutMs: 20 }))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await client[how]()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  },
)
