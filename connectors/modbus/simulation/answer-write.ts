import { registersPerWriteMax, writeFunctions } from '#protocol/modbus'
import { beginAnswer, exceptionAnswer, headerBytes, illegalAddress, illegalValue } from './frames.ts'
import type { UnitMemory } from './unit-memory.ts'

/** Writes what a request of functions 5, 6, 15, 16 or 22 says, all of it or nothing, and confirms it. */
export function answerWrite(request: Buffer, unit: UnitMemory): Buffer {
  const functionCode = request.readUInt8(headerBytes)
  const address = request.readUInt16BE(headerBytes + 1)
  const isWritten =
    functionCode === writeFunctions.coil || functionCode === writeFunctions.coils
      ? writeAll(unit.coils, address, coilsOf(request))
      : writeAll(unit.holding, address, registersOf(request, unit.holding.get(address) ?? 0))
  if (isWritten !== 'written') return exceptionAnswer(request, isWritten)
  const repeatedBytes = functionCode === writeFunctions.mask ? 6 : 4
  const answer = beginAnswer(request, 1 + repeatedBytes)
  request.copy(answer, headerBytes + 1, headerBytes + 1, headerBytes + 1 + repeatedBytes)
  return answer
}

function writeAll<Value>(
  table: Map<number, Value>,
  address: number,
  values: readonly Value[] | undefined,
): 'written' | typeof illegalAddress | typeof illegalValue {
  if (values === undefined) return illegalValue
  if (values.some((_, index) => !table.has(address + index))) return illegalAddress
  for (const [index, value] of values.entries()) table.set(address + index, value)
  return 'written'
}

/** `undefined` where the request contradicts itself or the specification. */
function coilsOf(request: Buffer): boolean[] | undefined {
  const given = request.subarray(headerBytes)
  if (given.readUInt8(0) === writeFunctions.coil) {
    const word = given.length === 5 ? given.readUInt16BE(3) : -1
    return word === 0xff00 || word === 0 ? [word === 0xff00] : undefined
  }
  const count = given.readUInt16BE(3)
  const isRight =
    count >= 1 && count <= 1968 && given[5] === Math.ceil(count / 8) && given.length === 6 + (given[5] ?? 0)
  if (!isRight) return undefined
  return Array.from({ length: count }, (_, index) => (((given[6 + (index >> 3)] ?? 0) >> (index & 7)) & 1) === 1)
}

/** As `coilsOf`. `held`: what a mask is applied to. */
function registersOf(request: Buffer, held: number): number[] | undefined {
  const given = request.subarray(headerBytes)
  if (given.readUInt8(0) === writeFunctions.register) return given.length === 5 ? [given.readUInt16BE(3)] : undefined
  if (given.readUInt8(0) === writeFunctions.mask) {
    if (given.length !== 7) return undefined
    const keep = given.readUInt16BE(3)
    return [(held & keep) | (given.readUInt16BE(5) & ~keep & 0xffff)]
  }
  const count = given.readUInt16BE(3)
  const isRight =
    count >= 1 && count <= registersPerWriteMax && given[5] === count * 2 && given.length === 6 + count * 2
  return isRight ? Array.from({ length: count }, (_, index) => given.readUInt16BE(6 + index * 2)) : undefined
}
