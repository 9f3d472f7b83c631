import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadSparkplugCodec, metricsMax } from './sparkplug-codec.ts'

const { decode, encode } = await loadSparkplugCodec()
const plain = { isNull: false, isHistorical: false }

describe('a Sparkplug payload', () => {
  it('is read from its bytes', () => {
    // timestamp 1, one metric (name "t", alias 5, datatype 9, float 21.5), seq 3, a body that is not read.
    const metric = [0x0a, 1, 0x74, 0x10, 5, 0x20, 9, 0x65, 0, 0, 0xac, 0x41]
    const bytes = Uint8Array.from([0x08, 1, 0x12, metric.length, ...metric, 0x18, 3, 0x2a, 2, 0xff, 0xff])
    const metrics = [{ name: 't', alias: '5', datatype: 9, raw: 21.5, ...plain }]
    expect(decode(bytes)).toEqual({ time: 1, seq: 3, metrics })
  })

  it('tells what is there from what is not: 0, false and empty text are values', () => {
    const payload = {
      time: 1_795_175_940_000,
      seq: 0,
      metrics: [
        { name: 'zero', datatype: 3, raw: 0, ...plain },
        { name: 'no', datatype: 11, raw: false, ...plain },
        { name: '', alias: '0', datatype: 12, raw: '', ...plain },
        { name: 'null', datatype: 10, isNull: true, isHistorical: false },
        { alias: '18446744073709551615', raw: 1, datatype: 7, isNull: false, isHistorical: true },
        { name: 'q', datatype: 4, raw: '18446744073709551611', quality: 0, unit: '°C', ...plain },
        { name: 'none', ...plain },
      ],
    }
    expect(decode(encode(payload))).toEqual(payload)
  })

  it('that holds what is not read is read without it', () => {
    // A metric whose value is a data set (field 17), with metadata (field 8).
    const metric = [0x0a, 1, 0x64, 0x20, 16, 0x42, 2, 0x08, 1, 0x8a, 1, 2, 0x08, 1]
    expect(decode(Uint8Array.from([0x12, metric.length, ...metric]))).toEqual({
      metrics: [{ name: 'd', datatype: 16, ...plain }],
    })
  })

  it.each([
    ['JSON', Buffer.from('{"online":true}')],
    ['cut off', Uint8Array.from([0x12, 10, 0x0a])],
    ['a number longer than ten bytes', new Uint8Array(12).fill(0xff)],
    ['too many metrics', Uint8Array.from(Array.from({ length: metricsMax + 1 }, () => [0x12, 0]).flat())],
  ])('is none: %s', (_name, bytes) => {
    expect(decode(bytes)).toBeUndefined()
  })

  it('or is none, whatever the bytes', () => {
    const byte = fc.oneof(fc.constantFrom(0x08, 0x12, 0x18, 0x0a, 0x4a, 0x65, 0xff), fc.nat({ max: 255 }))
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60 }), (bytes) => {
        const payload = decode(Uint8Array.from(bytes))
        expect(payload === undefined || Array.isArray(payload.metrics)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})
