import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connected, faultOf, readTwo, request } from './client-fixture.ts'
import { openModbusClient } from './modbus-client.ts'
import { socketWire } from './wire.ts'

/** The right answer to a read of registers: 10, 11, … */
function registersFor(asked: Buffer, first = 10): Buffer {
  const count = asked.readUInt16BE(10)
  const answer = Buffer.alloc(9 + count * 2)
  asked.copy(answer, 0, 0, 8)
  answer.writeUInt16BE(3 + count * 2, 4)
  answer.writeUInt8(count * 2, 8)
  for (let index = 0; index < count; index++) answer.writeUInt16BE(first + index, 9 + index * 2)
  return answer
}

describe('a Modbus client', () => {
  it('reads registers', async () => {
    const { client } = await connected((peer, asked) => peer.write(registersFor(asked)))
    expect(await readTwo(client)).toEqual([10, 11])
    expect(await client.readRegisters({ table: 'input', ...request, count: 125 })).toHaveLength(125)
  })

  it.each(['coil', 'discrete'] as const)('reads as many bits of table %s as were asked for', async (table) => {
    const { client } = await connected((peer, asked) => {
      const answer = Buffer.concat([asked.subarray(0, 8), Buffer.of(2, 0b10000001, 0b1)])
      answer.writeUInt16BE(5, 4)
      peer.write(answer)
    })
    const bits = await client.readBits({ table, ...request, count: 10 })
    expect(bits).toEqual([true, false, false, false, false, false, false, true, true, false])
  })

  it('writes the frame that the specification shows', async () => {
    const asked: string[] = []
    const { client } = await connected((peer, bytes) => {
      asked.push(bytes.toString('hex'))
      peer.write(registersFor(bytes))
    })
    await readTwo(client)
    await readTwo(client, { unitId: 255, address: 0xfffe })
    expect(asked).toEqual(['000100000006030300240002', '000200000006ff03fffe0002'])
  })

  it.each([
    [1, 'POINT_REFUSED', 'illegal function'],
    [2, 'POINT_REFUSED', 'illegal address'],
    [3, 'POINT_REFUSED', 'illegal value'],
    [4, 'DEVICE_BUSY', 'device failure'],
    [5, 'DEVICE_BUSY', 'acknowledged, but not yet done'],
    [6, 'DEVICE_BUSY', 'device busy'],
    [7, 'POINT_REFUSED', 'exception 7'],
    [8, 'DEVICE_BUSY', 'memory parity error'],
    [10, 'UNREACHABLE', 'the gateway has no path to the unit'],
    [11, 'UNREACHABLE', 'the unit behind the gateway does not answer'],
    [0, 'POINT_REFUSED', 'exception 0'],
    [255, 'POINT_REFUSED', 'exception 255'],
  ])('exception %i is %s and leaves the connection open', async (exceptionCode, code, words) => {
    const { client, lost } = await connected((peer, asked, nth) => {
      if (nth > 1) peer.write(registersFor(asked))
      else peer.write(Buffer.concat([asked.subarray(0, 5), Buffer.of(3, 3, 0x83, exceptionCode)]))
    })
    expect(await faultOf(readTwo(client))).toEqual({ code, message: `reading holding 36 of unit 3: ${words}` })
    expect(await readTwo(client)).toEqual([10, 11])
    expect(lost).toEqual([])
  })

  it('drops a late answer and gives the next request its own', async () => {
    const late: (() => void)[] = []
    const { client, lost } = await connected((peer, asked, nth) => {
      if (nth === 1) late.push(() => peer.write(registersFor(asked, 666)))
      else {
        late[0]?.()
        setTimeout(() => peer.write(registersFor(asked)), 20)
      }
    })
    expect(await faultOf(readTwo(client, { timeoutMs: 50 }))).toEqual({
      code: 'TIMED_OUT',
      message: 'reading holding 36 of unit 3: no answer within 0.05 s',
    })
    expect(await readTwo(client)).toEqual([10, 11])
    expect(lost).toEqual([])
  })

  it.each<[string, (answer: Buffer) => Buffer[]]>([
    ['in one-byte segments', (answer) => Array.from(answer, (byte) => Buffer.of(byte))],
    ['twice', (answer) => [answer, answer]],
    ['twice in one segment', (answer) => [Buffer.concat([answer, answer])]],
    ['after its header', (answer) => [answer.subarray(0, 6), answer.subarray(6)]],
  ])('understands an answer that comes %s', async (_name, segments) => {
    const { client, lost } = await connected(async (peer, asked) => {
      for (const segment of segments(registersFor(asked))) {
        peer.write(segment)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    for (let round = 0; round < 3; round++) {
      expect(await readTwo(client, { count: 125 })).toHaveLength(125)
    }
    expect(lost).toEqual([])
  })

  it.each<[string, (answer: Buffer) => Buffer]>([
    ['another protocol', (answer) => answer.fill(0xbe, 2, 4)],
    ['length 0', (answer) => answer.fill(0, 4, 6)],
    ['length 1', (answer) => answer.fill(1, 5, 6)],
    ['length 255', (answer) => answer.fill(0xff, 5, 6)],
    ['length 65535', (answer) => answer.fill(0xff, 4, 6)],
    ['another transaction', (answer) => answer.fill(0x77, 0, 2)],
    ['another unit', (answer) => answer.fill(9, 6, 7)],
    ['another function', (answer) => answer.fill(4, 7, 8)],
    [
      'the exception of another function',
      (answer) => answer.fill(0, 4, 9).fill(3, 5, 6).fill(3, 6, 7).fill(0x84, 7, 8),
    ],
    ['length 256', (answer) => answer.fill(1, 4, 5).fill(0, 5, 6)],
    ['the length of another request', (answer) => answer.fill(9, 5, 6)],
    ['a byte count too big', (answer) => answer.fill(8, 8, 9)],
    ['a banner', () => Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
    ['a flood', () => Buffer.alloc(4_000_000, 0xa5)],
  ])('breaks the connection over %s', async (_name, disfigure) => {
    const { client, socket, lost } = await connected((peer, asked, nth) => {
      if (nth === 2) peer.write(disfigure(registersFor(asked)))
      else peer.write(registersFor(asked))
    })
    await readTwo(client)
    expect(await faultOf(readTwo(client))).toEqual({
      code: 'PROTOCOL_VIOLATED',
      message: expect.stringMatching(/^reading holding 36 of unit 3: the answer is unusable, [A-Za-z ]+$/),
    })
    expect(lost.map(({ code }) => code)).toEqual(['PROTOCOL_VIOLATED'])
    expect(socket.destroyed).toBe(true)
  })

  it('takes no more than a first handful of a flood of 40 MB', async () => {
    const { client, socket } = await connected((peer) => peer.write(Buffer.alloc(40_000_000, 0xa5)))
    expect(await faultOf(readTwo(client))).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    if (!socket.closed) await once(socket, 'close')
    expect(socket.bytesRead).toBeLessThan(1_000_000)
  })

  it('breaks the connection over a flood of late answers', async () => {
    const { client, socket, lost } = await connected((peer, asked) => {
      peer.write(Buffer.concat(Array.from({ length: 40 }, () => registersFor(asked))))
    })
    expect(await readTwo(client)).toEqual([10, 11])
    if (!socket.destroyed) await once(socket, 'close')
    expect(lost.map(({ code }) => code)).toEqual(['PROTOCOL_VIOLATED'])
  })

  it('breaks the connection over bytes that nobody asked for', async () => {
    const { client, lost, peer, socket } = await connected(() => undefined)
    peer.write('hello')
    await once(socket, 'close')
    expect(lost.map(({ code }) => code)).toEqual(['PROTOCOL_VIOLATED'])
    expect(await faultOf(readTwo(client))).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
  })

  it.each<[string, (peer: Socket, asked: Buffer) => void]>([
    ['closes', (peer) => peer.destroy()],
    ['resets', (peer) => peer.resetAndDestroy()],
    ['ends its side', (peer) => peer.end()],
    ['closes after the header', (peer, asked) => peer.end(registersFor(asked).subarray(0, 6))],
  ])('tells at once that the peer %s', async (_name, leave) => {
    const { client, socket, lost } = await connected(leave)
    const fault = await faultOf(readTwo(client, { timeoutMs: 20_000 }))
    expect(fault).toEqual({
      code: 'LINK_LOST',
      message: 'reading holding 36 of unit 3: the machine closed the connection',
    })
    expect(lost).toHaveLength(1)
    expect(socket.destroyed).toBe(true)
  })

  it('gives up a read when its signal aborts, and goes on', async () => {
    const { client } = await connected((peer, asked, nth) => nth > 1 && peer.write(registersFor(asked)))
    const abort = new AbortController()
    const reading = faultOf(readTwo(client, { signal: abort.signal }))
    abort.abort()
    expect(await reading).toMatchObject({ code: 'TIMED_OUT' })
    expect(await faultOf(readTwo(client, { signal: abort.signal }))).toMatchObject({ code: 'TIMED_OUT' })
    expect(await readTwo(client)).toEqual([10, 11])
  })

  it('rejects what is under way when it is closed, twice without harm, and tells nobody of a loss', async () => {
    const { client, socket, lost } = await connected(() => undefined)
    const reading = faultOf(readTwo(client))
    client.close()
    client.close()
    expect(await reading).toMatchObject({ code: 'LINK_LOST' })
    await once(socket, 'close')
    expect(lost).toEqual([])
  })

  it('refuses a second read while one is under way', async () => {
    const { client } = await connected((peer, asked) => peer.write(registersFor(asked)))
    const first = readTwo(client)
    await expect(readTwo(client)).rejects.toThrow('another request is under way')
    expect(await first).toEqual([10, 11])
  })

  it('does not open on a connection that is gone', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const socket = connect(address.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'close')
    const lost: unknown[] = []
    const opening = openModbusClient({ wire: socketWire(socket), framing: 'tcp', lost: (error) => lost.push(error) })
    const fault = await faultOf(opening.then((client) => readTwo(client)))
    expect(fault).toMatchObject({ code: 'LINK_LOST' })
    expect(lost).toEqual([])
    server.close()
  })
})
