import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFrameInspector } from './inspect-frames.ts'

const connack = [0x20, 2, 0, 0]
const rules = { version: 4, packetBytesMax: 1024 } as const
const inspect = (bytes: readonly number[], version: 4 | 5 = 4) =>
  createFrameInspector({ ...rules, version })(Uint8Array.from(bytes))

describe('createFrameInspector', () => {
  it.each<[name: string, bytes: number[], version?: 4 | 5]>([
    ['a login alone', connack],
    ['a message', [...connack, 0x30, 4, 0, 1, 0x61, 0x31]],
    ['a message that is retained', [...connack, 0x31, 4, 0, 1, 0x61, 0x31]],
    ['a message of QoS 1 that comes again', [...connack, 0x3a, 6, 0, 1, 0x61, 0, 1, 0x31]],
    ['the longest message', [...connack, 0x30, 0x80, 8, ...new Array(1024).fill(0), 0xd0, 0]],
    ['a length that is written long', [...connack, 0x30, 0x84, 0x80, 0x80, 0, 0, 1, 0x61, 0x31]],
    ['answers', [...connack, 0x40, 2, 0, 1, 0x90, 3, 0, 1, 0x80, 0xb0, 2, 0, 1, 0xd0, 0]],
    ['a goodbye of MQTT 5', [0x20, 3, 0, 0, 0, 0xe0, 1, 0x8e], 5],
  ])('lets pass: %s', (_name, bytes, version) => {
    expect(inspect(bytes, version)).toBeUndefined()
  })

  it.each([
    ['a message before the login is answered', [0x30, 4, 0, 1, 0x61, 0x31], 'something else than the answer'],
    ['a web server', [...Buffer.from('HTTP/1.1 400 Bad Request')], 'something else than the answer'],
    ['a second answer', [...connack, ...connack], 'a second answer to the login'],
    ['a length of five bytes', [...connack, 0x30, 0x80, 0x80, 0x80, 0x80, 1], 'more than four bytes'],
    ['a message that is too long', [...connack, 0x30, 0x81, 8], 'a message of more than 1 KB'],
    ['256 MB', [...connack, 0x30, 0xff, 0xff, 0xff, 0x7f], 'a message of more than 1 KB'],
    ['QoS 2', [...connack, 0x34, 6], 'a message of QoS 2, which was not asked for'],
    ['QoS 3', [...connack, 0x36, 6], 'a message of QoS 3'],
    ['again, but QoS 0', [...connack, 0x38, 4], 'contradicting flags'],
    ['flags where there are none', [...connack, 0xd1, 0], 'wrong flags'],
    ['a goodbye that MQTT 3.1.1 does not have', [...connack, 0xe0, 0], 'that brokers do not send'],
    ['the answer to a message of QoS 2', [...connack, 0x50, 2, 0, 1], 'that brokers do not send'],
    ['what clients send', [...connack, 0x82, 4], 'that brokers do not send'],
    ['nothing that exists', [...connack, 0x00, 0], 'that brokers do not send'],
  ])('finds: %s', (_name, bytes, fault) => {
    expect(inspect(bytes)).toContain(fault)
  })

  it('says the same however the bytes are cut', () => {
    const byte = fc.oneof(
      fc.constantFrom(0x20, 0x30, 0x90, 0xd0, 0, 1, 2, 0x80, 0xff),
      fc.integer({ min: 0, max: 255 }),
    )
    const bytesAndCut = fc.tuple(fc.array(byte, { maxLength: 60 }), fc.nat({ max: 60 }))
    fc.assert(
      fc.property(bytesAndCut, ([tail, cut]) => {
        const bytes = [...connack, ...tail]
        const inspector = createFrameInspector(rules)
        const first = inspector(Uint8Array.from(bytes.slice(0, cut)))
        expect(inspector(Uint8Array.from(bytes.slice(cut))) ?? first).toBe(inspect(bytes))
      }),
    )
  })
})
