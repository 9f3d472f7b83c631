import { readFunctions, registersPerReadMax } from '#protocol/modbus'
import { answerWrite } from './answer-write.ts'
import {
  beginAnswer,
  exceptionAnswer,
  headerBytes,
  illegalAddress,
  illegalFunction,
  illegalValue,
  unitSilent,
} from './frames.ts'
import type { UnitMemory } from './unit-memory.ts'

/** The complete answer of a machine or gateway to one complete frame of a request, which writes what it has to. Source: Modbus Application Protocol V1.1b3, 6. */
export function answerRequest(request: Buffer, units: ReadonlyMap<number, UnitMemory>): Buffer {
  const unit = units.get(request.readUInt8(6))
  if (!unit) return exceptionAnswer(request, unitSilent)
  const functionCode = request.readUInt8(headerBytes)
  if (!unit.functions.has(functionCode)) return exceptionAnswer(request, illegalFunction)
  if (functionCode > readFunctions.input) return answerWrite(request, unit)
  if (request.length !== headerBytes + 5) return exceptionAnswer(request, illegalValue)
  const address = request.readUInt16BE(headerBytes + 1)
  const count = request.readUInt16BE(headerBytes + 3)
  if (count < 1 || count > (functionCode <= readFunctions.discrete ? 2000 : registersPerReadMax)) {
    return exceptionAnswer(request, illegalValue)
  }
  const answer =
    functionCode <= readFunctions.discrete
      ? bitAnswer(request, functionCode === readFunctions.coil ? unit.coils : unit.discrete, address, count)
      : registerAnswer(request, functionCode === readFunctions.holding ? unit.holding : unit.input, address, count)
  return answer ?? exceptionAnswer(request, illegalAddress)
}

function registerAnswer(
  request: Buffer,
  table: ReadonlyMap<number, number>,
  address: number,
  count: number,
): Buffer | undefined {
  const answer = beginAnswer(request, 2 + count * 2)
  answer.writeUInt8(count * 2, headerBytes + 1)
  for (let index = 0; index < count; index++) {
    const register = table.get(address + index)
    if (register === undefined) return undefined
    answer.writeUInt16BE(register & 0xffff, headerBytes + 2 + index * 2)
  }
  return answer
}

function bitAnswer(
  request: Buffer,
  table: ReadonlyMap<number, boolean>,
  address: number,
  count: number,
): Buffer | undefined {
  const byteCount = Math.ceil(count / 8)
  const packed = new Uint8Array(byteCount)
  for (let index = 0; index < count; index++) {
    const bit = table.get(address + index)
    if (bit === undefined) return undefined
    if (bit) packed[index >> 3] = (packed[index >> 3] ?? 0) | (1 << (index & 7))
  }
  const answer = beginAnswer(request, 2 + byteCount)
  answer.writeUInt8(byteCount, headerBytes + 1)
  answer.set(packed, headerBytes + 2)
  return answer
}
