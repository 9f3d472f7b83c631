import { crc16 } from './crc16.ts'
import { bodyBytesOf, exceptionFlag, misfit, type OpenRequest } from './open-request.ts'

/** Unit and function. Source: Modbus over Serial Line V1.02, 2.5.1. */
const headBytes = 2
const crcBytes = 2
const exceptionBytes = headBytes + 1 + crcBytes

/** An RTU frame has no mark at its beginning: whatever stands before the answer (noise, an echo, a late answer of another unit) is skipped. */
export type RtuFinding =
  | { readonly kind: 'answer'; readonly frame: Buffer }
  /** It is there as a whole, but its CRC is wrong. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'nothing' }

/**
 * Looks for the answer to a request in what has come since it was sent. `echoed`: the request as it was sent, which is no
 * answer. An answer is one wherever it stands. Two bytes that begin one stand in many a frame, though, so that what begins
 * where the answer is due is waited for before anything inside it counts, and only that is told to be damaged.
 */
export function findRtuAnswer(bytes: Buffer, request: OpenRequest, echoed: Buffer): RtuFinding {
  const dueAt = behindEcho(bytes, echoed)
  let isDamaged = false
  for (let start = 0; start < bytes.length; start++) {
    const length = answerLength(bytes, start, request)
    if (length === undefined) continue
    const isComplete = start + length <= bytes.length
    const frame = bytes.subarray(start, start + length)
    if (isComplete && isWhole(frame)) return { kind: 'answer', frame }
    if (start !== dueAt) continue
    if (!isComplete) return { kind: 'nothing' }
    isDamaged = true
  }
  return { kind: isDamaged ? 'damaged' : 'nothing' }
}

/** Why there is no answer in what has come for a request; `undefined` when that is nothing but an echo of it. */
export function rtuComplaint(bytes: Buffer, request: OpenRequest, echoed: Buffer): string | undefined {
  const echo = bytes.indexOf(echoed)
  const rest = echo < 0 ? bytes : Buffer.concat([bytes.subarray(0, echo), bytes.subarray(echo + echoed.length)])
  if (rest.length === 0) return undefined
  const isBegun = rest[0] === request.unitId && isOfFunction(rest[1], request)
  if (isBegun && !frameAt(rest, 0)) return 'it is not complete'
  let other: Buffer | undefined
  for (let start = 0; start < rest.length; start++) {
    const frame = frameAt(rest, start)
    const length = answerLength(rest, start, request)
    if (frame) {
      other ??= frame
      start += frame.length - 1
    } else if (length !== undefined) {
      return start + length > rest.length ? 'it is not complete' : 'its CRC is wrong'
    }
  }
  if (other === undefined) return 'it is not Modbus RTU'
  if (other[0] !== request.unitId) return 'it comes from another unit'
  return isOfFunction(other[1], request) ? misfit(request) : 'it answers another function'
}

/** Where the answer is due: at the beginning, or behind the echo, whose beginning may look like an answer. */
function behindEcho(bytes: Buffer, echoed: Buffer): number {
  const echo = bytes.indexOf(echoed)
  if (echo >= 0) return echo + echoed.length
  return echoed.subarray(0, bytes.length).equals(bytes) ? bytes.length : 0
}

/** How long the answer to this request is if it begins here, as far as it has come; `undefined` where it does not. */
function answerLength(bytes: Buffer, start: number, request: OpenRequest): number | undefined {
  if (bytes[start] !== request.unitId) return undefined
  if (bytes[start + 1] === (request.functionCode | exceptionFlag)) return exceptionBytes
  const told = bytes.subarray(start + headBytes, start + headBytes + request.told.length)
  const isRight = bytes[start + 1] === request.functionCode && told.every((byte, index) => byte === request.told[index])
  return isRight ? headBytes + request.bodyBytes + crcBytes : undefined
}

/** An answer of any unit and function with a right CRC that begins here. */
function frameAt(bytes: Buffer, start: number): Buffer | undefined {
  const functionCode = bytes[start + 1]
  if (functionCode === undefined) return undefined
  const length = headBytes + (bodyBytesOf(functionCode, bytes[start + headBytes]) ?? 0) + crcBytes
  const frame = bytes.subarray(start, start + length)
  return frame.length === length && isWhole(frame) ? frame : undefined
}

function isWhole(frame: Buffer): boolean {
  const length = frame.length - crcBytes
  return frame.readUInt16LE(length) === crc16(frame, length)
}

function isOfFunction(functionCode: number | undefined, request: OpenRequest): boolean {
  return functionCode === request.functionCode || functionCode === (request.functionCode | exceptionFlag)
}
