import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connected, faultOf, readTwo } from './client-fixture.ts'
import { crc16 } from './crc16.ts'
import type { ModbusClient } from './modbus-client.ts'

const place = { unitId: 3, address: 36, timeoutMs: 300, signal: new AbortController().signal }
const patient = { ...place, timeoutMs: 20_000 }

function withCrc(body: Buffer): Buffer {
  const crc = crc16(body, body.length)
  return Buffer.concat([body, Buffer.of(crc & 0xff, crc >> 8)])
}

/** What follows the unit in the request, of either framing. */
const pduOf = { tcp: (asked: Buffer) => asked.subarray(7), rtu_over_tcp: (asked: Buffer) => asked.subarray(1, -2) }
/** An answer to a request with this behind the unit. */
const answerWith = {
  tcp: (asked: Buffer, pdu: Buffer) =>
    Buffer.concat([asked.subarray(0, 4), Buffer.of(0, pdu.length + 1), asked.subarray(6, 7), pdu]),
  rtu_over_tcp: (asked: Buffer, pdu: Buffer) => withCrc(Buffer.concat([asked.subarray(0, 1), pdu])),
}
/** What a machine confirms: address with value, count or masks. */
function confirmation(pdu: Buffer): Buffer {
  return pdu.readUInt8(0) === 22 ? pdu.subarray(0, 7) : pdu.subarray(0, 5)
}

describe.each(['tcp', 'rtu_over_tcp'] as const)('a Modbus client writes, framing %s', (framing) => {
  it.each<[string, (client: ModbusClient) => Promise<void>, string]>([
    [
      'one register',
      (client) => client.writeRegisters({ ...patient, registers: [185], functions: 'fitting' }),
      '06 0024 00b9',
    ],
    [
      'one register with the function for several',
      (client) => client.writeRegisters({ ...patient, registers: [185], functions: 'multiple' }),
      '10 0024 0001 02 00b9',
    ],
    [
      'several registers',
      (client) => client.writeRegisters({ ...patient, registers: [185, 0xffff], functions: 'fitting' }),
      '10 0024 0002 04 00b9 ffff',
    ],
    ['a coil on', (client) => client.writeCoil({ ...patient, on: true, functions: 'fitting' }), '05 0024 ff00'],
    ['a coil off', (client) => client.writeCoil({ ...patient, on: false, functions: 'fitting' }), '05 0024 0000'],
    [
      'a coil with the function for several',
      (client) => client.writeCoil({ ...patient, on: true, functions: 'multiple' }),
      '0f 0024 0001 01 01',
    ],
    ['bits', (client) => client.writeBits({ ...patient, keep: 0xfff0, set: 5 }), '16 0024 fff0 0005'],
  ])('%s as the specification shows', async (_name, write, pdu) => {
    const asked: string[] = []
    const { client, lost } = await connected((peer, request) => {
      asked.push(pduOf[framing](request).toString('hex'))
      peer.write(answerWith[framing](request, confirmation(pduOf[framing](request))))
    }, framing)
    await write(client)
    expect(asked).toEqual([pdu.replaceAll(' ', '')])
    expect(lost).toEqual([])
  })

  const write = (client: ModbusClient, where = place) =>
    client.writeRegisters({ ...where, registers: [185], functions: 'fitting' })
  const doing = 'writing holding 36 of unit 3'

  it.each([
    [1, 'POINT_REFUSED', `${doing}: illegal function`],
    [2, 'POINT_REFUSED', `${doing}: illegal address`],
    [3, 'POINT_REFUSED', `${doing}: illegal value`],
    [4, 'DEVICE_BUSY', `${doing}: device failure`],
    [5, 'DEVICE_BUSY', `${doing}: acknowledged, but not yet done`],
    [6, 'DEVICE_BUSY', `${doing}: device busy`],
    [10, 'UNREACHABLE', `${doing}: the gateway has no path to the unit`],
    [11, 'UNREACHABLE', `${doing}: the unit behind the gateway does not answer`],
  ])('exception %i is %s', async (exceptionCode, code, message) => {
    const { client } = await connected(
      (peer, asked) => peer.write(answerWith[framing](asked, Buffer.of(0x86, exceptionCode))),
      framing,
    )
    expect(await faultOf(write(client, patient))).toEqual({ code, message })
  })

  it.each<[string, (peer: Socket, asked: Buffer) => unknown, object]>([
    ['no answer', () => undefined, { code: 'TIMED_OUT', message: `${doing}: no answer within 0.3 s` }],
    [
      'a closed connection',
      (peer) => peer.destroy(),
      { code: 'LINK_LOST', message: `${doing}: the machine closed the connection` },
    ],
    [
      'the confirmation of another value',
      (peer, asked) => peer.write(answerWith[framing](asked, Buffer.of(6, 0, 36, 0, 186))),
      {
        code: 'PROTOCOL_VIOLATED',
        message: `${doing}: the answer is unusable, it confirms something else than was written`,
      },
    ],
  ])('%s is told, and nothing is sent again', async (_name, serve, fault) => {
    let requests = 0
    const { client } = await connected((peer, asked) => {
      requests++
      serve(peer, asked)
    }, framing)
    expect(await faultOf(write(client))).toEqual(fault)
    expect(requests).toBe(1)
  })

  it('says that nothing was sent where it was given up before', async () => {
    let requests = 0
    const { client } = await connected(() => requests++, framing)
    const given = await faultOf(write(client, { ...place, signal: AbortSignal.abort() }))
    expect(given).toEqual({ code: 'TIMED_OUT', message: `${doing}: given up before the answer came` })
    expect(requests).toBe(0)
  })
})

describe('on a line that sends every request back', () => {
  const readAnswer = (asked: Buffer) => withCrc(Buffer.concat([asked.subarray(0, 2), Buffer.of(4, 0, 10, 0, 11)]))
  const isRead = (asked: Buffer) => asked[1] === 3

  it('the echo of a write is not taken for its confirmation', async () => {
    const { client } = await connected((peer, asked) => {
      peer.write(asked)
      peer.write(isRead(asked) ? readAnswer(asked) : withCrc(Buffer.of(3, 0x86, 3)))
    }, 'rtu_over_tcp')
    expect(await readTwo(client)).toEqual([10, 11])
    const writing = client.writeRegisters({ ...patient, registers: [185], functions: 'fitting' })
    expect(await faultOf(writing)).toMatchObject({ code: 'POINT_REFUSED' })
  })

  it('the confirmation behind the echo is one', async () => {
    const { client } = await connected((peer, asked) => {
      peer.write(asked)
      peer.write(isRead(asked) ? readAnswer(asked) : asked)
    }, 'rtu_over_tcp')
    await readTwo(client)
    await client.writeCoil({ ...patient, on: true, functions: 'fitting' })
    expect(await readTwo(client)).toEqual([10, 11])
  })

  it('only the echo is a time-out', async () => {
    const { client } = await connected((peer, asked) => {
      peer.write(asked)
      if (isRead(asked)) peer.write(readAnswer(asked))
    }, 'rtu_over_tcp')
    await readTwo(client)
    const writing = client.writeRegisters({ ...place, registers: [185], functions: 'fitting' })
    expect(await faultOf(writing)).toMatchObject({ code: 'TIMED_OUT' })
  })
})
