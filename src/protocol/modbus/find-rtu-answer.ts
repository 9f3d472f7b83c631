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

/** Looks for the answer to a request in what has come since it was sent. `echoed`: the request as it was sent, which is no answer. */
export function findRtuAnswer(bytes: Buffer, request: OpenRequest, echoed: Buffer): RtuFinding {
  let isDamaged = false
  for (let start = 0; start + exceptionBytes <= bytes.length; start++) {
    const length = answerLength(bytes, start, request)
    if (length === undefined || start + length > bytes.length) continue
    const frame = bytes.subarray(start, start + length)
    if (isWhole(frame)) return { kind: 'answer', frame }
    isDamaged ||= !isInEcho(bytes, start, echoed)
  }
  return { kind: isDamaged ? 'damaged' : 'nothing' }
}

/** Why there is no answer in what has come for a request; `undefined` when that is nothing but an echo of it. */
export function rtuComplaint(bytes: Buffer, request: OpenRequest, echoed: Buffer): string | undefined {
  const echo = bytes.indexOf(echoed)
  const rest = echo < 0 ? bytes : Buffer.concat([bytes.subarray(0, echo), bytes.subarray(echo + echoed.length)])
  if (rest.length === 0) return undefined
  const other = findFrame(rest)
  if (other === undefined) {
    const isBegun = rest[0] === request.unitId && isOfFunction(rest[1], request)
    return isBegun ? 'it is not complete' : 'it is not Modbus RTU'
  }
  if (other[0] !== request.unitId) return 'it comes from another unit'
  return isOfFunction(other[1], request) ? misfit(request) : 'it answers another function'
}

/** How long the answer to this request is if it begins here; `undefined` where it does not. */
function answerLength(bytes: Buffer, start: number, request: OpenRequest): number | undefined {
  if (bytes[start] !== request.unitId) return undefined
  if (bytes[start + 1] === (request.functionCode | exceptionFlag)) return exceptionBytes
  const bodyStart = start + headBytes
  const isRight =
    bytes[start + 1] === request.functionCode &&
    bodyStart + request.told.length <= bytes.length &&
    request.told.every((byte, index) => bytes[bodyStart + index] === byte)
  return isRight ? headBytes + request.bodyBytes + crcBytes : undefined
}

/** The first answer of any unit and function with a right CRC. */
function findFrame(bytes: Buffer): Buffer | undefined {
  for (let start = 0; start + exceptionBytes <= bytes.length; start++) {
    const length = headBytes + (bodyBytesOf(bytes[start + 1] ?? 0, bytes[start + headBytes]) ?? 0) + crcBytes
    const frame = bytes.subarray(start, start + length)
    if (frame.length === length && isWhole(frame)) return frame
  }
  return undefined
}

function isWhole(frame: Buffer): boolean {
  const length = frame.length - crcBytes
  return frame.readUInt16LE(length) === crc16(frame, length)
}

/** Whether what stands here belongs to the request, which may have come back in part: parts of some look like an answer. */
function isInEcho(bytes: Buffer, start: number, echoed: Buffer): boolean {
  for (let first = Math.max(0, start - echoed.length + 1); first <= start; first++) {
    const echo = bytes.subarray(first, first + echoed.length)
    if (echo.equals(echoed.subarray(0, echo.length))) return true
  }
  return false
}

function isOfFunction(functionCode: number | undefined, request: OpenRequest): boolean {
  return functionCode === request.functionCode || functionCode === (request.functionCode | exceptionFlag)
}
