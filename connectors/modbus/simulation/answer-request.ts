import type { UnitMemory } from './unit-memory.ts'

/** Bytes before the function code: MBAP header with the unit id. */
export const headerBytes = 7
const illegalFunction = 1
const illegalAddress = 2
const illegalValue = 3
const unitSilent = 11

/** The complete answer of a machine or gateway to one complete frame of a request. Source: Modbus Application Protocol V1.1b3, 6. */
export function answerRequest(request: Buffer, units: ReadonlyMap<number, UnitMemory>): Buffer {
  const unit = units.get(request.readUInt8(6))
  if (!unit) return exceptionAnswer(request, unitSilent)
  const functionCode = request.readUInt8(headerBytes)
  if (functionCode < 1 || functionCode > 4) return exceptionAnswer(request, illegalFunction)
  if (request.length !== headerBytes + 5) return exceptionAnswer(request, illegalValue)
  const address = request.readUInt16BE(headerBytes + 1)
  const count = request.readUInt16BE(headerBytes + 3)
  if (count < 1 || count > (functionCode <= 2 ? 2000 : 125)) return exceptionAnswer(request, illegalValue)
  const answer =
    functionCode <= 2
      ? bitAnswer(request, functionCode === 1 ? unit.coils : unit.discrete, address, count)
      : registerAnswer(request, functionCode === 3 ? unit.holding : unit.input, address, count)
  return answer ?? exceptionAnswer(request, illegalAddress)
}

export function exceptionAnswer(request: Buffer, exceptionCode: number): Buffer {
  const answer = begin(request, 2)
  answer.writeUInt8(request.readUInt8(headerBytes) | 0x80, headerBytes)
  answer.writeUInt8(exceptionCode, headerBytes + 1)
  return answer
}

function registerAnswer(
  request: Buffer,
  table: ReadonlyMap<number, number>,
  address: number,
  count: number,
): Buffer | undefined {
  const answer = begin(request, 2 + count * 2)
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
  const answer = begin(request, 2 + byteCount)
  answer.writeUInt8(byteCount, headerBytes + 1)
  answer.set(packed, headerBytes + 2)
  return answer
}

/** Header and function code as in the request, with room for `pduBytes` (the function code included). */
function begin(request: Buffer, pduBytes: number): Buffer {
  const answer = Buffer.alloc(headerBytes + pduBytes)
  request.copy(answer, 0, 0, headerBytes + 1)
  answer.writeUInt16BE(pduBytes + 1, 4)
  return answer
}
