import { BakewireError, type Fault, type Sample } from '#connector'
import { type Decoded, decodeBit, decodeNumber, decodeText, isBitTable, type Span } from '#protocol/modbus'
import type { ModbusLink } from './link.ts'
import type { ModbusTarget } from './settings.ts'
import type { PlannedPoint } from './target-plan.ts'

export type Answer = { readonly registers: readonly number[] } | { readonly bits: readonly boolean[] }

/** The answer, or the error by which the machine refuses it and after which the next request may follow. */
export function readSpan(
  { connection }: ModbusLink,
  { target, signal }: { readonly target: ModbusTarget; readonly signal: AbortSignal },
  { table, address, count }: Span,
): Promise<Answer | BakewireError> {
  const unitId = target.settings.unit_id
  const place = { unitId, address, count, timeoutMs: target.timeoutMs, signal }
  if (isBitTable(table)) {
    return connection.ask(unitId, signal, (to) => to.readBits({ table, ...place })).then((bits) => ({ bits }), refusal)
  }
  return connection
    .ask(unitId, signal, (to) => to.readRegisters({ table, ...place }))
    .then((registers) => ({ registers }), refusal)
}

function refusal(error: unknown): BakewireError {
  if (error instanceof BakewireError && (error.code === 'POINT_REFUSED' || error.code === 'DEVICE_BUSY')) return error
  throw error
}

/** What the answer to a block that begins at `blockAddress` says of a point in it. */
export function sampleOf(point: PlannedPoint, answer: Answer, blockAddress: number): Sample {
  const { metric, table, address } = point
  const start = address - blockAddress
  const decoded =
    'bits' in answer ? { value: answer.bits[start] ?? false } : decodeRegisters(point, answer.registers, start)
  if ('value' in decoded) return { metric, value: decoded.value, quality: 'good' }
  const { code, message } = decoded.fault
  return { metric, fault: { code, message: `${metric} at ${table} ${address}: ${message}` } }
}

function decodeRegisters(
  { format }: PlannedPoint,
  registers: readonly number[],
  start: number,
): Decoded<number | string | boolean> {
  if ('bit' in format) return { value: decodeBit(registers, start, format) }
  return 'type' in format ? decodeNumber(registers, start, format) : decodeText(registers, start, format)
}

export function faulty(metric: string, { code, message }: Fault): Sample {
  return { metric, fault: { code, message } }
}
