import { readFunctions } from './tables.ts'

/** Set in the function code of an exception. Source: Modbus Application Protocol V1.1b3, 4.1. */
export const exceptionFlag = 0x80

/** What the one request under way must be answered with. */
export interface OpenRequest {
  readonly unitId: number
  readonly functionCode: number
  /** Of the data. */
  readonly byteCount: number
}

/** The request that an RTU frame makes. Throws for any but the four read functions, which no caller sends. */
export function openRequestOf(rtuFrame: Buffer): OpenRequest {
  const functionCode = rtuFrame.readUInt8(1)
  const count = rtuFrame.readUInt16BE(4)
  const base = { unitId: rtuFrame.readUInt8(0), functionCode }
  if (functionCode === readFunctions.coil || functionCode === readFunctions.discrete) {
    return { ...base, byteCount: Math.ceil(count / 8) }
  }
  if (functionCode === readFunctions.holding || functionCode === readFunctions.input) {
    return { ...base, byteCount: count * 2 }
  }
  throw new Error('only the four read functions are framed here')
}
