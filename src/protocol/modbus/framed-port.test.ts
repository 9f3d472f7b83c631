import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { crc16 } from './crc16.ts'
import { FramedPort } from './framed-port.ts'
import { socketWire } from './wire.ts'

const rtuRequest = Buffer.from('0303002400010000', 'hex')

async function connected(serve: (socket: Socket, request: Buffer) => void) {
  const server = createServer((socket) => socket.on('data', (request: Buffer) => serve(socket, request)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const socket = connect(address.port, '127.0.0.1')
  await once(socket, 'connect')
  const unheard = { broken: () => undefined, damaged: () => undefined }
  const port = new FramedPort(socketWire(socket), { framing: 'tcp', line: {}, ...unheard })
  onTestFinished(() => {
    port.close()
    server.close()
  })
  const given: string[] = []
  port.on('data', (frame: Buffer) => given.push(frame.toString('hex')))
  return { port, given, socket }
}

const answerTo = (request: Buffer) => Buffer.concat([request.subarray(0, 5), Buffer.from('050303020007', 'hex')])

it('gives modbus-serial the answer as an RTU frame with its CRC', async () => {
  const { port, given } = await connected((peer, request) => peer.write(answerTo(request)))
  port.write(rtuRequest)
  await once(port, 'data')
  const [frame = ''] = given
  expect(frame.slice(0, -4)).toBe('0303020007')
  expect(crc16(Buffer.from(frame, 'hex'), frame.length / 2)).toBe(0)
})

it('gives modbus-serial nothing of a request that was given up', async () => {
  const { port, given, socket } = await connected((peer, request) => peer.write(answerTo(request)))
  port.write(rtuRequest)
  port.forget()
  await once(socket, 'data')
  expect(given).toEqual([])
  expect(port.isOpen).toBe(true)
})

it('refuses to frame what nobody sends', async () => {
  const { port } = await connected(() => undefined)
  expect(() => port.write(Buffer.from('0308000000010000', 'hex'))).toThrow('not framed here')
})
