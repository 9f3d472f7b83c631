import { readFunctions, writeFunctions } from './tables.ts'

/** Set in the function code of an exception. Source: Modbus Application Protocol V1.1b3, 4.1. */
export const exceptionFlag = 0x80

/** What the one request under way must be answered with. */
export interface OpenRequest {
  readonly unitId: number
  readonly functionCode: number
  /** How the answer goes on behind its function code: the byte count of its data, or what a confirmed write repeats. */
  readonly told: Buffer
  /** Bytes of the answer behind its function code. */
  readonly bodyBytes: number
}

/** What a confirmation repeats behind the function code: address and value, count or masks. Source: as above, 6.5, 6.6, 6.11, 6.12, 6.16. */
const repeatedBytes = new Map<number, number>([
  [writeFunctions.coil, 4],
  [writeFunctions.register, 4],
  [writeFunctions.coils, 4],
  [writeFunctions.registers, 4],
  [writeFunctions.mask, 6],
])

/** One is needed for every read. */
const byteCounts = Array.from({ length: 256 }, (_, count) => Buffer.of(count))

/** The request that an RTU frame makes. Throws for a function that no caller sends. */
export function openRequestOf(rtuFrame: Buffer): OpenRequest {
  const unitId = rtuFrame.readUInt8(0)
  const functionCode = rtuFrame.readUInt8(1)
  const bodyBytes = repeatedBytes.get(functionCode)
  if (bodyBytes !== undefined) {
    return { unitId, functionCode, told: rtuFrame.subarray(2, 2 + bodyBytes), bodyBytes }
  }
  const byteCount = dataBytes(functionCode, rtuFrame.readUInt16BE(4))
  return { unitId, functionCode, told: byteCounts[byteCount] ?? Buffer.of(byteCount), bodyBytes: 1 + byteCount }
}

function dataBytes(functionCode: number, count: number): number {
  if (functionCode === readFunctions.coil || functionCode === readFunctions.discrete) return Math.ceil(count / 8)
  if (functionCode === readFunctions.holding || functionCode === readFunctions.input) return count * 2
  throw new Error(`function ${functionCode} is not framed here`)
}

/** Bytes behind the function code of an answer to any request; `undefined` where its byte count has not come yet. */
export function bodyBytesOf(functionCode: number, byteCount: number | undefined): number | undefined {
  if ((functionCode & exceptionFlag) !== 0) return 1
  return repeatedBytes.get(functionCode) ?? (byteCount === undefined ? undefined : 1 + byteCount)
}

/** What is wrong with an answer that is not `told` what it should be. */
export function misfit({ functionCode }: OpenRequest): string {
  return repeatedBytes.has(functionCode)
    ? 'it confirms something else than was written'
    : 'its byte count does not fit the request'
}
