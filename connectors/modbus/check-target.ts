import { spanOf } from './address.ts'
import type { ModbusTarget } from './settings.ts'

/** What single fields cannot refuse: a unit that nobody has on a serial line, and points on forbidden registers. */
export function checkTarget({ settings, points }: ModbusTarget): { path: string; message: string }[] {
  const faults: { path: string; message: string }[] = []
  if (settings.framing === 'rtu_over_tcp' && (settings.unit_id < 1 || settings.unit_id > 247)) {
    faults.push({ path: 'additional_config.unit_id', message: 'must be 1 … 247 on a serial line' })
  }
  for (const { metric, address } of points) {
    const span = spanOf(address)
    const met = settings.forbidden.find(
      ({ table, address: first, count }) =>
        table === span.table && first < span.address + span.count && span.address < first + count,
    )
    if (!met) continue
    const message = `forbids ${met.table} ${met.address}, where ${metric} is to be read`
    faults.push({ path: 'additional_config.forbidden', message })
  }
  return faults
}
