import { type RegisterType, registerCounts, turnsBytes, turnsRegisters, type WordOrder } from './register-type.ts'

/** The registers that hold this number: what `decodeNumber` reads with scale 1 and offset 0. A number beyond the type's range wraps as its bits do. */
export function encodeNumber(value: number, type: RegisterType, wordOrder: WordOrder = 'ABCD'): number[] {
  const view = new DataView(new ArrayBuffer(8))
  writers[type](view, value)
  const registers = Array.from({ length: registerCounts[type] }, (_, index) =>
    view.getUint16(index * 2, turnsBytes(wordOrder)),
  )
  return turnsRegisters(wordOrder) ? registers.reverse() : registers
}

const writers: Record<RegisterType, (view: DataView, value: number) => void> = {
  int16: (view, value) => view.setInt16(0, value),
  uint16: (view, value) => view.setUint16(0, value),
  int32: (view, value) => view.setInt32(0, value),
  uint32: (view, value) => view.setUint32(0, value),
  float32: (view, value) => view.setFloat32(0, value),
  int64: (view, value) => view.setBigInt64(0, BigInt(value)),
  uint64: (view, value) => view.setBigUint64(0, BigInt(value)),
  float64: (view, value) => view.setFloat64(0, value),
  bcd16: (view, value) => view.setUint16(0, Number.parseInt(String(value), 16)),
  bcd32: (view, value) => view.setUint32(0, Number.parseInt(String(value), 16)),
}
