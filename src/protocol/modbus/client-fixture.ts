import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { BakewireError } from '#core'
import type { FramingName } from './framing.ts'
import { type ModbusClient, openModbusClient } from './modbus-client.ts'
import { socketWire } from './wire.ts'

type Serve = (socket: Socket, request: Buffer, nth: number) => unknown

/** How long the request is that begins here; of RTU those of several registers or coils tell their byte count. */
const requestBytes: Record<FramingName, (chunk: Buffer) => number> = {
  tcp: (chunk) => 6 + chunk.readUInt16BE(4),
  rtu_over_tcp: (chunk) => {
    const functionCode = chunk.readUInt8(1)
    if (functionCode === 22) return 10
    return functionCode === 15 || functionCode === 16 ? 9 + chunk.readUInt8(6) : 8
  },
}

/** A client connected to a peer of raw bytes. */
export async function connected(
  serve: Serve,
  framing: FramingName = 'tcp',
): Promise<{ client: ModbusClient; socket: Socket; lost: BakewireError[]; peer: Socket }> {
  let nth = 0
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      for (let rest = chunk; rest.length > 0; ) {
        const bytes = requestBytes[framing](rest)
        serve(socket, rest.subarray(0, bytes), ++nth)
        rest = rest.subarray(bytes)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const accepted = once(server, 'connection')
  // With allowHalfOpen a peer that ends its side does not end ours: the client has to.
  const socket = connect({ port: address.port, host: '127.0.0.1', allowHalfOpen: true })
  await once(socket, 'connect')
  const [peer] = await accepted
  const lost: BakewireError[] = []
  const client = await openModbusClient({ wire: socketWire(socket), framing, lost: (error) => lost.push(error) })
  onTestFinished(() => {
    client.close()
    server.close()
    peer.destroy()
  })
  return { client, socket, lost, peer }
}

export const request = {
  unitId: 3,
  address: 36,
  count: 2,
  timeoutMs: 1_000,
  signal: new AbortController().signal,
}
export const readTwo = (client: ModbusClient, options: Partial<typeof request> = {}) =>
  client.readRegisters({ table: 'holding', ...request, ...options })

/** Code and message of what was thrown; anything but a BakewireError as it is. */
export async function faultOf(reading: Promise<unknown>): Promise<unknown> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof BakewireError ? { code: error.code, message: error.message } : error
}
