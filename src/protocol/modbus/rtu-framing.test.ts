import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc16 } from './crc16.ts'
import { RtuFraming } from './rtu-framing.ts'

const frame = (hex: string) => framed(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
function framed(body: Buffer): Buffer {
  const crc = crc16(body, body.length)
  return Buffer.concat([body, Buffer.of(crc & 0xff, crc >> 8)])
}

/** A framing on a line of which this is known, and what it tells. */
function listening(echoes?: boolean) {
  const line = { echoes }
  const told: string[] = []
  const framing = new RtuFraming(
    {
      answered: (answer) => told.push(answer.toString('hex')),
      damaged: (fault) => told.push(fault),
      violated: (fault) => told.push(fault),
    },
    line,
  )
  const ask = (sent: Buffer, ...chunks: readonly Buffer[]) => {
    told.length = 0
    framing.ask(sent)
    for (const chunk of chunks) framing.receive(chunk)
    framing.forget()
    return [...told]
  }
  return { line, ask }
}

const reading = frame('03 03 0024 0001')
const read = frame('03 03 02 000a')
const writing = frame('03 06 0024 00b9')
const refusal = frame('03 86 02')

describe('RtuFraming', () => {
  it.each([
    ['an answer without echo', [read], false],
    ['an answer behind an echo', [reading, read], true],
    ['an exception behind an echo', [reading, frame('03 83 02')], true],
    ['an echo alone', [reading], undefined],
    ['nothing', [], undefined],
  ])('learns whether the line echoes from %s', (_name, chunks, echoes) => {
    const { line, ask } = listening()
    ask(reading, ...chunks)
    expect(line.echoes).toBe(echoes)
  })

  it('learns nothing from the confirmation of a write, which is what an echo would be', () => {
    const { line, ask } = listening()
    expect(ask(writing, writing)).toEqual([writing.toString('hex')])
    expect(line.echoes).toBeUndefined()
  })

  it('takes no echo of a first write for its confirmation where another connection has shown that the line echoes', () => {
    expect(listening(true).ask(writing, writing)).toEqual([])
    expect(listening(true).ask(writing, writing, writing)).toEqual([writing.toString('hex')])
    expect(listening(true).ask(writing, writing, refusal)).toEqual([refusal.toString('hex')])
  })

  it('takes the one confirmation where the line is known not to echo', () => {
    expect(listening(false).ask(writing, writing)).toEqual([writing.toString('hex')])
  })

  describe('of a read of bits that looks like an answer to itself', () => {
    const sent = frame('01 01 0300 0018')
    const answer = frame('01 01 03 010203')

    it.each([
      ['on a line of which nothing is known', undefined],
      ['on a line that echoes', true],
    ])('takes the answer behind the echo %s', (_name, echoes) => {
      expect(listening(echoes).ask(sent, sent, answer)).toEqual([answer.toString('hex')])
      expect(listening(echoes).ask(sent, sent)).toEqual([])
    })

    it('takes an answer without echo, be it these very bytes where the line is known not to echo', () => {
      expect(listening().ask(sent, answer)).toEqual([answer.toString('hex')])
      expect(listening(false).ask(sent, sent)).toEqual([sent.toString('hex')])
    })
  })

  it('takes the answer to any read, with an echo and without, wherever it is cut', () => {
    fc.assert(
      fc.property(readings, fc.boolean(), fc.array(fc.nat(300), { maxLength: 4 }), (exchange, isEchoing, cuts) => {
        const { sent, answer } = exchange
        // What an answer without echo may be by chance; see above.
        fc.pre(isEchoing || !sent.equals(answer))
        const bytes = isEchoing ? Buffer.concat([sent, answer]) : answer
        const edges = [0, ...cuts.sort((one, other) => one - other), bytes.length]
        const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
        const { line, ask } = listening()
        expect(ask(sent, ...chunks)).toEqual([answer.toString('hex')])
        expect(line.echoes).toBe(isEchoing)
      }),
      { numRuns: 1_000 },
    )
  })
})

/** Any read and the answer to it; mostly small numbers, which look like what frames begin with. */
const readings = fc
  .record({
    unit: fc.integer({ min: 1, max: 4 }),
    functionCode: fc.integer({ min: 1, max: 4 }),
    page: fc.oneof(fc.nat(8), fc.nat(255)),
    address: fc.nat(255),
    count: fc.integer({ min: 1, max: 40 }),
  })
  .chain(({ unit, functionCode, page, address, count }) => {
    const dataBytes = functionCode <= 2 ? Math.ceil(count / 8) : count * 2
    const byte = fc.oneof(fc.nat(4), fc.integer({ min: 0x81, max: 0x84 }), fc.nat(255))
    return fc.array(byte, { minLength: dataBytes, maxLength: dataBytes }).map((data) => ({
      sent: framed(Buffer.of(unit, functionCode, page, address, 0, count)),
      answer: framed(Buffer.of(unit, functionCode, dataBytes, ...data)),
    }))
  })
