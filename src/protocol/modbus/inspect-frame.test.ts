import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspectFrame, type SentRequests } from './inspect-frame.ts'

/** Request 300 of this connection asks unit 3 for two holding registers. */
const sent: SentRequests = { count: 300, open: { unitId: 3, functionCode: 3, told: Buffer.of(4), bodyBytes: 5 } }
const idle: SentRequests = { count: 300, open: undefined }
const frame = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const right = '012c 0000 0007 03 03 04 000a 000b'

describe('inspectFrame', () => {
  it.each([
    ['the answer', right, 13],
    ['the answer with something behind it', `${right} 0000`, 13],
    ['an exception', '012c 0000 0003 03 83 02', 9],
  ])('%s is an answer', (_name, hex, bytes) => {
    expect(inspectFrame(frame(hex), 0, sent)).toEqual({ kind: 'answer', bytes })
  })

  it('every beginning of an answer is incomplete', () => {
    for (let length = 0; length < frame(right).length; length++) {
      expect(inspectFrame(frame(right).subarray(0, length), 0, sent)).toEqual({ kind: 'incomplete' })
    }
  })

  it.each([
    ['to the request before', '012b 0000 0007 03 03 04 000a 000b', sent],
    ['to a request of another kind before', '0064 0000 0003 07 81 02', sent],
    ['that was given already', right, idle],
    ['to the first request', '0001 0000 0007 03 03 04 000a 000b', sent],
  ])('an answer %s is late', (_name, hex, state) => {
    expect(inspectFrame(frame(hex), 0, state).kind).toBe('late')
  })

  it('transaction ids go round after 65535', () => {
    const state: SentRequests = { count: 65_537, open: sent.open }
    expect(inspectFrame(frame('0001 0000 0007 03 03 04 000a 000b'), 0, state).kind).toBe('answer')
    expect(inspectFrame(frame('0000 0000 0007 03 03 04 000a 000b'), 0, state).kind).toBe('late')
    expect(inspectFrame(frame('ffff 0000 0007 03 03 04 000a 000b'), 0, state).kind).toBe('late')
    expect(inspectFrame(frame('0002 0000 0007 03 03 04 000a 000b'), 0, state).kind).toBe('violation')
  })

  it.each([
    ['a transaction to come', '012d', sent, /never asked for/],
    ['transaction 0 of a young connection', '0000', sent, /never asked for/],
    ['anything before the first request', '0000', { count: 0, open: undefined }, /never asked for/],
    ['another protocol', '012c 0001', sent, /not Modbus/],
    ['length 0', '012c 0000 0000', sent, /length is impossible/],
    ['length 1', '012c 0000 0001', sent, /length is impossible/],
    ['length 255', '012c 0000 00ff', sent, /length is impossible/],
    ['length 0xffff', '012c 0000 ffff', sent, /length is impossible/],
    ['an impossible length of a late answer', '012b 0000 00ff', sent, /length is impossible/],
    ['a length that does not fit', '012c 0000 0008', sent, /length does not fit/],
    ['another unit', '012c 0000 0007 04', sent, /another unit/],
    ['another function', '012c 0000 0007 03 04', sent, /another function/],
    ['the exception of another function', '012c 0000 0003 03 84', sent, /another function/],
    ['an exception as long as data', '012c 0000 0007 03 83', sent, /length does not fit/],
    ['data as short as an exception', '012c 0000 0003 03 03', sent, /length does not fit/],
    ['byte count too small', '012c 0000 0007 03 03 02', sent, /byte count/],
    ['byte count too big', '012c 0000 0007 03 03 06', sent, /byte count/],
    ['byte count odd', '012c 0000 0007 03 03 03', sent, /byte count/],
  ])('%s is a violation, told as soon as it is seen', (_name, hex, state, violation) => {
    const found = inspectFrame(frame(hex), 0, state)
    expect(found).toEqual({ kind: 'violation', violation: expect.stringMatching(violation) })
    const before = inspectFrame(frame(hex).subarray(0, -1), 0, state)
    expect(before.kind === 'incomplete' || hex.startsWith('012c 0000 00')).toBe(true)
  })

  it.each([
    ['the confirmation of a write', '012c 0000 0006 03 06 0024 00b9', 'answer'],
    ['the refusal of a write', '012c 0000 0003 03 86 03', 'answer'],
    ['as much of a confirmation as has come', '012c 0000 0006 03 06 0024', 'incomplete'],
    ['the confirmation of another value', '012c 0000 0006 03 06 0024 00ba', 'violation'],
    ['the confirmation of another address', '012c 0000 0006 03 06 0025', 'violation'],
    ['a confirmation of another length', '012c 0000 0008 03 06', 'violation'],
  ])('%s', (_name, hex, kind) => {
    const open = { unitId: 3, functionCode: 6, told: frame('0024 00b9'), bodyBytes: 4 }
    expect(inspectFrame(frame(hex), 0, { count: 300, open }).kind).toBe(kind)
  })

  it.each(['HTTP/1.1 400 Bad Request\r\n', 'SSH-2.0-OpenSSH_9.2\r\n', '\x15\x03\x01\x00\x02\x02\x46'])(
    'who speaks something else is told so: %j',
    (text) => {
      const violation = 'it is not Modbus TCP'
      expect(inspectFrame(Buffer.from(text, 'latin1'), 0, sent)).toEqual({ kind: 'violation', violation })
    },
  )

  it('takes nothing for an answer that is not exactly one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 40 }), (noise) => {
        const bytes = Buffer.concat([Buffer.of(0x01, 0x2c), noise])
        const found = inspectFrame(bytes, 0, sent)
        if (found.kind === 'answer') {
          expect(bytes.readUInt16BE(2)).toBe(0)
          expect(found.bytes).toBe(6 + bytes.readUInt16BE(4))
          expect(bytes[6]).toBe(3)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
