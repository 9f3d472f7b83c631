import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connected, faultOf, readTwo, request } from './client-fixture.ts'
import { crc16 } from './crc16.ts'

function withCrc(body: Buffer): Buffer {
  const crc = crc16(body, body.length)
  return Buffer.concat([body, Buffer.of(crc & 0xff, crc >> 8)])
}

/** The right answer to a read of registers: 10, 11, … */
function registersFor(asked: Buffer, first = 10): Buffer {
  const count = asked.readUInt16BE(4)
  const body = Buffer.alloc(3 + count * 2)
  asked.copy(body, 0, 0, 2)
  body.writeUInt8(count * 2, 2)
  for (let index = 0; index < count; index++) body.writeUInt16BE(first + index, 3 + index * 2)
  return withCrc(body)
}

/** A peer whose first answer is wrong and whose others are right. */
const wrongOnce =
  (answer: (asked: Buffer) => Buffer | readonly Buffer[]) => (peer: Socket, asked: Buffer, nth: number) => {
    const given = nth === 1 ? answer(asked) : registersFor(asked)
    for (const bytes of Array.isArray(given) ? given : [given]) peer.write(bytes)
  }
const unusable = 'reading holding 36 of unit 3: the answer is unusable, '
/** Long enough for what comes to come, on a busy computer too. */
const patience = { timeoutMs: 500 }

describe('a Modbus client on RTU over TCP', () => {
  it('writes the frame that the specification shows', async () => {
    const asked: string[] = []
    const { client } = await connected((peer, bytes) => {
      asked.push(bytes.toString('hex'))
      peer.write(registersFor(bytes))
    }, 'rtu_over_tcp')
    expect(await readTwo(client)).toEqual([10, 11])
    expect(await client.readRegisters({ table: 'input', ...request, count: 125 })).toHaveLength(125)
    expect(asked.map((hex) => hex.slice(0, -4))).toEqual(['030300240002', '03040024007d'])
    for (const hex of asked) expect(crc16(Buffer.from(hex, 'hex'), 8)).toBe(0)
  })

  it('reads as many bits as were asked for', async () => {
    const { client } = await connected(
      (peer, asked) => peer.write(withCrc(Buffer.concat([asked.subarray(0, 2), Buffer.of(2, 0b10000001, 0b1)]))),
      'rtu_over_tcp',
    )
    const bits = await client.readBits({ table: 'coil', ...request, count: 10 })
    expect(bits).toEqual([true, false, false, false, false, false, false, true, true, false])
  })

  it.each<[string, (answer: Buffer, asked: Buffer) => Buffer[]]>([
    ['in one-byte segments', (answer) => Array.from(answer, (byte) => Buffer.of(byte))],
    ['split before its CRC', (answer) => [answer.subarray(0, -2), answer.subarray(-2)]],
    ['twice', (answer) => [answer, answer]],
    ['twice in one segment', (answer) => [Buffer.concat([answer, answer])]],
    ['behind noise', (answer) => [Buffer.of(0x00, 0xff, 0x80), answer]],
    ['behind an echo', (answer, asked) => [asked, answer]],
    ['in one segment with an echo', (answer, asked) => [Buffer.concat([asked, answer])]],
    ['behind the answer of another unit', (answer) => [withCrc(Buffer.of(9, 3, 2, 0, 1)), answer]],
  ])('understands an answer that comes %s', async (_name, segments) => {
    const { client, lost } = await connected(async (peer, asked) => {
      for (const segment of segments(registersFor(asked), asked)) {
        peer.write(segment)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }, 'rtu_over_tcp')
    for (let round = 0; round < 3; round++) {
      expect(await readTwo(client, { count: 20 + round })).toHaveLength(20 + round)
    }
    expect(lost).toEqual([])
  })

  it('understands an answer in pieces whose registers look like an exception of the unit', async () => {
    const { client } = await connected(async (peer, asked) => {
      for (const byte of registersFor(asked, 0x0383)) {
        peer.write(Buffer.of(byte))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }, 'rtu_over_tcp')
    expect(await readTwo(client, { count: 4 })).toEqual([0x0383, 0x0384, 0x0385, 0x0386])
  })

  it.each<[string, (asked: Buffer) => Buffer, string]>([
    ['a wrong CRC', (asked) => registersFor(asked).fill(0xde, 7), 'its CRC is wrong'],
    [
      'a swapped CRC',
      (asked) => Buffer.concat([registersFor(asked).subarray(0, -2), registersFor(asked).subarray(-2).toReversed()]),
      'its CRC is wrong',
    ],
    ['no CRC', (asked) => registersFor(asked).subarray(0, -2), 'it is not complete'],
    ['another unit', () => withCrc(Buffer.of(9, 3, 4, 0, 1, 0, 2)), 'it comes from another unit'],
    ['another function', () => withCrc(Buffer.of(3, 4, 4, 0, 1, 0, 2)), 'it answers another function'],
    ['the exception of another function', () => withCrc(Buffer.of(3, 0x84, 2)), 'it answers another function'],
    ['another byte count', () => withCrc(Buffer.of(3, 3, 2, 0, 1)), 'its byte count does not fit the request'],
    ['a banner', () => Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), 'it is not Modbus RTU'],
  ])('%s spoils one read, and the next one is right', async (_name, answer, fault) => {
    const { client, lost } = await connected(wrongOnce(answer), 'rtu_over_tcp')
    expect(await faultOf(readTwo(client, patience))).toEqual({ code: 'PROTOCOL_VIOLATED', message: unusable + fault })
    expect(await readTwo(client, { unitId: 4 })).toEqual([10, 11])
    expect(lost).toEqual([])
  })

  it.each([
    [2, 'POINT_REFUSED'],
    [6, 'DEVICE_BUSY'],
    [11, 'UNREACHABLE'],
  ])('exception %i is %s', async (exceptionCode, code) => {
    const { client } = await connected(
      wrongOnce((asked) => withCrc(Buffer.of(asked[0] ?? 0, 0x83, exceptionCode))),
      'rtu_over_tcp',
    )
    expect(await faultOf(readTwo(client))).toMatchObject({ code })
    expect(await readTwo(client)).toEqual([10, 11])
  })

  it.each<[string, (asked: Buffer) => Buffer]>([
    ['nothing', () => Buffer.alloc(0)],
    ['only an echo', (asked) => asked],
  ])('%s is a time-out', async (_name, answer) => {
    const { client } = await connected(wrongOnce(answer), 'rtu_over_tcp')
    expect(await faultOf(readTwo(client, patience))).toMatchObject({ code: 'TIMED_OUT' })
  })

  it('drops the late answer of a unit when another one is asked', async () => {
    const late: Buffer[] = []
    const { client, lost } = await connected((peer, asked, nth) => {
      if (nth === 1) late.push(registersFor(asked, 666))
      else peer.write(Buffer.concat([...late, registersFor(asked)]))
    }, 'rtu_over_tcp')
    expect(await faultOf(readTwo(client, patience))).toMatchObject({ code: 'TIMED_OUT' })
    expect(await readTwo(client, { unitId: 4 })).toEqual([10, 11])
    expect(lost).toEqual([])
  })

  it('tells the answer to another master by unit, function and number of registers only: one that is alike is taken', async () => {
    const elsewhere = (asked: Buffer, count: number) => registersFor(Buffer.of(3, 3, 0, 200, 0, count), asked[3])
    const { client } = await connected((peer, asked, nth) => {
      peer.write(Buffer.concat([elsewhere(asked, nth === 1 ? 3 : 2), registersFor(asked)]))
    }, 'rtu_over_tcp')
    expect(await readTwo(client)).toEqual([10, 11])
    expect(await readTwo(client)).toEqual([36, 37])
  })

  it('forgets what came while nobody was asked', async () => {
    const { client, peer, socket } = await connected(
      (peerNow, asked) => peerNow.write(registersFor(asked)),
      'rtu_over_tcp',
    )
    peer.write(Buffer.concat([registersFor(Buffer.of(3, 3, 0, 36, 0, 2), 666).subarray(0, 5)]))
    await once(socket, 'data')
    expect(await readTwo(client)).toEqual([10, 11])
  })

  it('breaks the connection over a flood', async () => {
    const { client, lost } = await connected((peer) => peer.write(Buffer.alloc(4_000_000, 0xa5)), 'rtu_over_tcp')
    expect(await faultOf(readTwo(client))).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    expect(lost.map(({ code }) => code)).toEqual(['PROTOCOL_VIOLATED'])
  })

  it('breaks the connection over a flood while nobody was asked', async () => {
    const { client, lost, peer, socket } = await connected(() => undefined, 'rtu_over_tcp')
    peer.write(Buffer.alloc(4_000_000, 0xa5))
    await once(socket, 'close')
    expect(lost.map(({ code }) => code)).toEqual(['PROTOCOL_VIOLATED'])
    expect(await faultOf(readTwo(client))).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
  })

  it.each<[string, (peer: Socket, asked: Buffer) => void]>([
    ['closes', (peer) => peer.destroy()],
    ['closes in an answer', (peer, asked) => peer.end(registersFor(asked).subarray(0, 3))],
  ])('tells at once that the peer %s', async (_name, leave) => {
    const { client, lost } = await connected(leave, 'rtu_over_tcp')
    expect(await faultOf(readTwo(client, { timeoutMs: 20_000 }))).toMatchObject({ code: 'LINK_LOST' })
    expect(lost).toHaveLength(1)
  })
})
