import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc16 } from './crc16.ts'
import { findRtuAnswer, rtuComplaint } from './find-rtu-answer.ts'
import { openRequestOf } from './open-request.ts'

const bytesOf = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const frame = (hex: string) => framed(bytesOf(hex))
function framed(body: Buffer): Buffer {
  const crc = crc16(body, body.length)
  return Buffer.concat([body, Buffer.of(crc & 0xff, crc >> 8)])
}

/** Unit 3 is asked for two holding registers from 36 on. */
const asked = frame('03 03 0024 0002')
const request = openRequestOf(asked)
const right = frame('03 03 04 000a 000b')
const exception = frame('03 83 02')
const find = (bytes: Buffer) => findRtuAnswer(bytes, request, asked)
const swapped = (whole: Buffer) => Buffer.concat([whole.subarray(0, -2), whole.subarray(-2).toReversed()])
const noise = bytesOf('00 ff 80 03 fe')

/** Any read and the answer to it, whose data are mostly made of what answers begin with. */
const readings = fc
  .record({
    unit: fc.integer({ min: 1, max: 247 }),
    functionCode: fc.integer({ min: 1, max: 4 }),
    address: fc.nat(0xffff),
    count: fc.integer({ min: 1, max: 40 }),
  })
  .chain(({ unit, functionCode, address, count }) => {
    const dataBytes = functionCode <= 2 ? Math.ceil(count / 8) : count * 2
    const beginnings = fc.constantFrom(unit, functionCode, functionCode | 0x80, dataBytes)
    const byte = fc.oneof({ weight: 3, arbitrary: beginnings }, { weight: 1, arbitrary: fc.nat(255) })
    return fc.array(byte, { minLength: dataBytes, maxLength: dataBytes }).map((data) => ({
      sent: framed(Buffer.of(unit, functionCode, address >> 8, address & 0xff, 0, count)),
      answer: framed(Buffer.of(unit, functionCode, dataBytes, ...data)),
    }))
  })

describe('findRtuAnswer', () => {
  it('knows the frame that the specification shows', () => {
    // Modbus over Serial Line V1.02, 6.2.2 gives the CRC of 02 07 as 41 12.
    expect(frame('02 07')).toEqual(bytesOf('02 07 41 12'))
  })

  it.each<[string, Buffer, Buffer]>([
    ['the answer', right, right],
    ['an exception', exception, exception],
    ['noise before it', Buffer.concat([noise, right]), right],
    ['an echo before it', Buffer.concat([asked, right]), right],
    ['another unit before it', Buffer.concat([frame('04 03 04 0001 0002'), right]), right],
    ['something behind it', Buffer.concat([right, noise]), right],
    ['a damaged one before it', Buffer.concat([swapped(right), right]), right],
  ])('finds %s', (_name, bytes, answer) => {
    expect(find(bytes)).toEqual({ kind: 'answer', frame: answer })
  })

  it.each<[string, Buffer]>([
    ['a wrong CRC', bytesOf('03 03 04 000a 000b dead')],
    ['a swapped CRC', swapped(right)],
    ['one wrong bit', Buffer.from(right).fill(0x0c, 6, 7)],
    ['an exception with a wrong CRC', bytesOf('03 83 02 dead')],
    ['a wrong CRC behind an echo', Buffer.concat([asked, swapped(right)])],
    ['a wrong CRC behind noise and an echo', Buffer.concat([noise, asked, swapped(right)])],
    ['a wrong CRC of what holds the beginning of an exception', swapped(frame('03 03 04 0383 020b'))],
  ])('%s is damage', (_name, bytes) => {
    expect(find(bytes)).toEqual({ kind: 'damaged' })
  })

  it.each<[string, Buffer]>([
    ['the answer', swapped(right)],
    ['an exception', swapped(exception)],
  ])('does not say so of %s behind noise, which may look like one: the time-out tells', (_name, damaged) => {
    const bytes = Buffer.concat([noise, damaged])
    expect(find(bytes)).toEqual({ kind: 'nothing' })
    expect(rtuComplaint(bytes, request, asked)).toBe('its CRC is wrong')
  })

  it.each<[string, Buffer]>([
    ['the answer of another unit', frame('04 03 04 0383 0001')],
    ['an unaligned one', frame('04 03 04 0003 8302')],
    ['one that looks like the answer', frame('04 03 08 0303 0400 0100 0200')],
    ['noise', bytesOf('00 03 83 02')],
  ])('finds the answer behind what holds the beginning of one, however much has come: %s', (_name, before) => {
    const both = Buffer.concat([before, right])
    for (let length = 0; length < both.length; length++) {
      expect(find(both.subarray(0, length)), `${length} bytes`).toEqual({ kind: 'nothing' })
    }
    expect(find(both)).toEqual({ kind: 'answer', frame: right })
  })

  it('takes no exception that registers hold for the answer', () => {
    const ask = frame('03 03 0024 0003')
    const whole = frame(`03 03 06 ${exception.toString('hex')} 00`)
    for (let length = 0; length < whole.length; length++) {
      expect(findRtuAnswer(whole.subarray(0, length), openRequestOf(ask), ask)).toEqual({ kind: 'nothing' })
    }
    expect(findRtuAnswer(whole, openRequestOf(ask), ask)).toEqual({ kind: 'answer', frame: whole })
  })

  it('finds any answer in pieces, with an echo and without, and sees no damage before it is complete', () => {
    fc.assert(
      fc.property(readings, fc.boolean(), ({ sent, answer }, isEchoing) => {
        // Reading 17 to 24 bits from 0x0300 on is what an answer to it may look like: `RtuFraming` tells them apart.
        fc.pre(!isEchoing || sent.length !== answer.length)
        const bytes = isEchoing ? Buffer.concat([sent, answer]) : answer
        for (let length = 0; length < bytes.length; length++) {
          const found = findRtuAnswer(bytes.subarray(0, length), openRequestOf(sent), sent)
          expect(found, `${length} of ${bytes.length} bytes`).toEqual({ kind: 'nothing' })
        }
        expect(findRtuAnswer(bytes, openRequestOf(sent), sent)).toEqual({ kind: 'answer', frame: answer })
      }),
      { numRuns: 1_000 },
    )
  })

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['an echo', asked],
    ['another unit', frame('04 03 04 000a 000b')],
    ['another function', frame('03 04 04 000a 000b')],
    ['the exception of another function', frame('03 84 02')],
    ['a byte count too small', frame('03 03 02 000a')],
    ['a byte count too big', frame('03 03 06 000a 000b 000c')],
    ['an odd byte count', frame('03 03 03 000a 00')],
    ['a missing CRC', right.subarray(0, -2)],
    ['a missing byte', right.subarray(0, -1)],
    ['text', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ])('%s is no answer', (_name, bytes) => {
    expect(find(bytes)).toEqual({ kind: 'nothing' })
  })

  it.each<[string, Buffer]>([
    ['its beginning looks like an answer: the third byte is the byte count', frame('03 03 0424 0002')],
    ['its address looks like an exception', frame('03 03 0383 0002')],
  ])('an echo is no damage where %s, however much of it has come', (_name, echoed) => {
    const both = Buffer.concat([echoed, right])
    for (let length = 0; length < both.length; length++) {
      expect(findRtuAnswer(both.subarray(0, length), request, echoed)).toEqual({ kind: 'nothing' })
    }
    expect(findRtuAnswer(both, request, echoed)).toEqual({ kind: 'answer', frame: right })
    expect(findRtuAnswer(Buffer.concat([echoed, swapped(right)]), request, echoed)).toEqual({ kind: 'damaged' })
  })

  it('takes nothing for an answer whose unit, function, length or CRC is another', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const found = find(Buffer.concat([Buffer.of(3, 3, 4), bytes]))
        if (found.kind === 'answer') expect(crc16(found.frame, found.frame.length)).toBe(0)
      }),
      { numRuns: 2_000 },
    )
  })

  it('finds the answer behind any noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        // Noise that is an answer by chance is one.
        if (find(Buffer.from(bytes)).kind === 'answer') return
        expect(find(Buffer.concat([bytes, right]))).toEqual({ kind: 'answer', frame: right })
      }),
    )
  })
})

describe('findRtuAnswer, of a write', () => {
  const set = frame('03 06 0024 00b9')
  const several = frame('03 10 0024 0002 04 000a 000b')
  const masked = frame('03 16 0024 fff0 0005')

  it.each<[string, Buffer, Buffer]>([
    ['one register', set, set],
    ['several registers', several, frame('03 10 0024 0002')],
    ['some bits', masked, masked],
    ['a coil', frame('03 05 0024 ff00'), frame('03 05 0024 ff00')],
    ['several coils', frame('03 0f 0024 000a 02 0103'), frame('03 0f 0024 000a')],
  ])('finds the confirmation of %s', (_name, sent, confirmation) => {
    const found = findRtuAnswer(Buffer.concat([noise, confirmation]), openRequestOf(sent), sent)
    expect(found).toEqual({ kind: 'answer', frame: confirmation })
  })

  it.each<[string, Buffer, Buffer]>([
    ['another value', set, frame('03 06 0024 00ba')],
    ['another address', set, frame('03 06 0025 00b9')],
    ['another count', several, frame('03 10 0024 0001')],
    ['another mask', masked, frame('03 16 0024 fff0 0006')],
  ])('%s is no confirmation, and that is what is said of it', (_name, sent, answer) => {
    const open = openRequestOf(sent)
    expect(findRtuAnswer(answer, open, sent)).toEqual({ kind: 'nothing' })
    expect(rtuComplaint(answer, open, sent)).toBe('it confirms something else than was written')
  })

  it('takes no echo of several registers for their confirmation', () => {
    const found = (bytes: Buffer) => findRtuAnswer(bytes, openRequestOf(several), several)
    for (let length = 0; length <= several.length; length++) {
      expect(found(several.subarray(0, length))).toEqual({ kind: 'nothing' })
    }
    expect(found(Buffer.concat([several, frame('03 10 0024 0002')])).kind).toBe('answer')
  })
})

describe('rtuComplaint', () => {
  it.each<[string, Buffer, string | undefined]>([
    ['nothing', Buffer.alloc(0), undefined],
    ['an echo', asked, undefined],
    ['another unit', frame('04 03 04 000a 000b'), 'it comes from another unit'],
    ['another unit behind an echo', Buffer.concat([asked, frame('04 83 02')]), 'it comes from another unit'],
    ['another function', frame('03 04 04 000a 000b'), 'it answers another function'],
    ['the exception of another function', frame('03 84 02'), 'it answers another function'],
    ['another byte count', frame('03 03 02 000a'), 'its byte count does not fit the request'],
    ['a missing CRC', right.subarray(0, -2), 'it is not complete'],
    ['a beginning', right.subarray(0, 2), 'it is not complete'],
    ['a missing CRC behind noise', Buffer.concat([noise, right.subarray(0, -2)]), 'it is not complete'],
    ['a missing CRC behind an echo', Buffer.concat([asked, right.subarray(0, -2)]), 'it is not complete'],
    ['what ends in what looks like an exception', frame('03 03 04 0383 0203').subarray(0, -1), 'it is not complete'],
    ['another byte count, cut off', frame('03 03 06 0383 0201 0001').subarray(0, -1), 'it is not complete'],
    [
      'a wrong CRC behind another unit',
      Buffer.concat([frame('04 03 04 0383 0001'), swapped(right)]),
      'its CRC is wrong',
    ],
    ['text', Buffer.from('HTTP/1.1 400 Bad Request\r\n'), 'it is not Modbus RTU'],
  ])('of %s', (_name, bytes, complaint) => {
    expect(rtuComplaint(bytes, request, asked)).toBe(complaint)
  })
})
