import { z } from 'zod'
import { exceptionAnswer, headerBytes } from './frames.ts'

/**
 * What a simulated machine does wrong; the meaning of `value` in brackets.
 * `late` [ms]; `exception` [code]; `foreign_exception` [code]: of a function that was not asked for; `dribble` [ms]: byte by byte; `length` [what the length field says]; `byte_count` [added to the byte count];
 * `half` [bytes sent before the connection is closed]; `pause` [bytes sent before it falls silent]; `stale`: from
 * the second request on a wrong answer to the request before, then the right one; `half_close`: ends its side of the
 * connection instead of answering. For RTU: `crc_wrong`, `crc_swapped`, `crc_missing`; `echo`: the request comes back
 * before the answer; `echo_only`: it comes back and nothing is done or answered; `noise`: bytes of a disturbed line before the answer. `split`: falls silent [ms] in the middle of an
 * answer; `other_master`: requests of another master and their answers before it. `unheeded`: what is written is confirmed
 * and not kept. `longer`: the answer has a register more than was asked for.
 */
export const modbusMisbehaviour = z.strictObject({
  kind: z.enum([
    'none',
    'silent',
    'late',
    'garbage',
    'flood',
    'wrong_transaction',
    'wrong_protocol',
    'wrong_unit',
    'wrong_function',
    'length',
    'byte_count',
    'half',
    'pause',
    'closing',
    'half_close',
    'closing_at_once',
    'banner',
    'duplicate',
    'stale',
    'dribble',
    'exception',
    'foreign_exception',
    'crc_wrong',
    'crc_swapped',
    'crc_missing',
    'echo',
    'echo_only',
    'noise',
    'split',
    'other_master',
    'longer',
    'unheeded',
  ]),
  value: z.int().default(0),
  /** Only this unit misbehaves; a gateway has others. */
  unit: z.int().optional(),
})
export type ModbusMisbehaviour = z.output<typeof modbusMisbehaviour>

/** What is done in place of sending the answer. */
export interface Action {
  readonly send: readonly Buffer[]
  readonly afterMs: number
  /** Between two sends. */
  readonly betweenMs: number
  readonly ending: 'stay' | 'close' | 'half-close'
}

/** 40 MB in all. */
const floodChunks = 640
const floodChunkBytes = 65_536

/** A request and the right answer to it as frames of Modbus TCP, and how they go over the wire. */
export interface Exchange {
  readonly request: Buffer
  readonly answer: Buffer
  readonly frame: (frame: Buffer) => Buffer
}

/** What a machine that misbehaves thus does with a request. */
export function misbehave(behaviour: ModbusMisbehaviour, exchange: Exchange): Action {
  const { kind, value } = behaviour
  const { request, frame } = exchange
  const answer = frame(exchange.answer)
  switch (kind) {
    case 'silent':
      return act([])
    case 'late':
      return act([answer], { afterMs: value })
    case 'garbage':
      return act([Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')])
    case 'flood':
      return act(Array<Buffer>(floodChunks).fill(Buffer.alloc(floodChunkBytes, 0xa5)))
    case 'half':
      return act([answer.subarray(0, value || answer.length >> 1)], { ending: 'close' })
    case 'pause':
      return act([answer.subarray(0, value || answer.length >> 1)])
    case 'closing':
      return act([], { ending: 'close' })
    case 'half_close':
      return act([], { ending: 'half-close' })
    case 'duplicate':
      return act([Buffer.concat([answer, answer])])
    case 'stale':
      return act([request.readUInt16BE(0) > 1 ? Buffer.concat([staleAnswer(answer), answer]) : answer])
    case 'dribble':
      return act(
        Array.from(answer, (byte) => Buffer.of(byte)),
        { betweenMs: value },
      )
    case 'exception':
      return act([frame(exceptionAnswer(request, value))])
    case 'foreign_exception':
      return act([frame(disfigured({ kind: 'wrong_function', value }, exceptionAnswer(request, value)))])
    case 'crc_wrong':
      return act([Buffer.concat([answer.subarray(0, -2), Buffer.of(0xde, 0xad)])])
    case 'crc_swapped':
      return act([Buffer.concat([answer.subarray(0, -2), answer.subarray(-2).toReversed()])])
    case 'crc_missing':
      return act([answer.subarray(0, -2)])
    case 'echo':
      return act([frame(request), answer])
    case 'echo_only':
      return act([frame(request)])
    case 'noise':
      return act([Buffer.from('00ff80fefc00', 'hex'), answer])
    case 'split':
      return act([answer.subarray(0, answer.length >> 1), answer.subarray(answer.length >> 1)], { betweenMs: value })
    case 'other_master':
      return act([...traffic.map(frame), answer])
    case 'longer':
      return act([frame(longerAnswer(exchange.answer))])
    case 'unheeded':
      return act([answer])
    default:
      return act([frame(disfigured(behaviour, exchange.answer))])
  }
}

/** Another master asks unit 246 for a register, which answers, and unit 245, which does not. */
const traffic = ['000000000006f60300000001', '000000000005f60302002a', '000000000006f50300000001'].map((hex) =>
  Buffer.from(hex, 'hex'),
)

function longerAnswer(answer: Buffer): Buffer {
  const longer = Buffer.concat([answer, Buffer.of(0, 1)])
  longer.writeUInt16BE(answer.readUInt16BE(4) + 2, 4)
  longer.writeUInt8((answer.readUInt8(headerBytes + 1) + 2) & 0xff, headerBytes + 1)
  return longer
}

function act(send: readonly Buffer[], rest: Partial<Omit<Action, 'send'>> = {}): Action {
  return { send, afterMs: 0, betweenMs: 0, ending: 'stay', ...rest }
}

/** An answer to the request before, whose data are wrong for this one. */
function staleAnswer(answer: Buffer): Buffer {
  const stale = Buffer.from(answer)
  stale.writeUInt16BE((answer.readUInt16BE(0) - 1) & 0xffff, 0)
  stale.fill(0xee, headerBytes + 2)
  return stale
}

function disfigured({ kind, value }: ModbusMisbehaviour, answer: Buffer): Buffer {
  const wrong = Buffer.from(answer)
  if (kind === 'wrong_transaction') wrong.writeUInt16BE(answer.readUInt16BE(0) ^ 0x5a5a, 0)
  if (kind === 'wrong_protocol') wrong.writeUInt16BE(0xbeef, 2)
  if (kind === 'length') wrong.writeUInt16BE(value, 4)
  if (kind === 'wrong_unit') wrong.writeUInt8(answer.readUInt8(6) ^ 1, 6)
  if (kind === 'wrong_function') wrong.writeUInt8(answer.readUInt8(headerBytes) ^ 7, headerBytes)
  if (kind === 'byte_count') wrong.writeUInt8((answer.readUInt8(headerBytes + 1) + value) & 0xff, headerBytes + 1)
  return wrong
}
