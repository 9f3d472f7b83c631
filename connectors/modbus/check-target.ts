import type { Span } from '#protocol/modbus'
import { spanOf } from './address.ts'
import type { ModbusTarget } from './settings.ts'

/** What single fields cannot refuse: a unit that nobody has on a serial line, and points on forbidden registers. */
export function checkTarget({ settings, points }: ModbusTarget): { path: string; message: string }[] {
  const faults: { path: string; message: string }[] = []
  if (settings.framing === 'rtu_over_tcp' && (settings.unit_id < 1 || settings.unit_id > 247)) {
    faults.push({ path: 'additional_config.unit_id', message: 'must be 1 … 247 on a serial line' })
  }
  for (const { metric, address } of points) {
    const met = forbiddenIn(spanOf(address), settings)
    if (!met) continue
    const message = `forbids ${met.table} ${met.address}, where ${metric} is to be read`
    faults.push({ path: 'additional_config.forbidden', message })
  }
  return faults
}

/** What must never be touched and lies within a span. */
export function forbiddenIn(
  span: Span,
  { forbidden }: Pick<ModbusTarget['settings'], 'forbidden'>,
): ModbusTarget['settings']['forbidden'][number] | undefined {
  return forbidden.find(
    ({ table, address, count }) =>
      table === span.table && address < span.address + span.count && span.address < address + count,
  )
}
