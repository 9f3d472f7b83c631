import type { Span } from '#protocol/modbus'
import { spanOf } from './address.ts'
import { isSerialPort } from './serial-endpoint.ts'
import type { ModbusTarget } from './settings.ts'

interface SettingFault {
  readonly path: string
  readonly message: string
}

/** What single fields cannot refuse: settings of another kind of line, a unit that nobody has there, points on forbidden registers. */
export function checkTarget({ endpoint, settings, points }: ModbusTarget): SettingFault[] {
  const isSerial = isSerialPort(endpoint)
  const faults = isSerial ? [] : serialFaults(settings)
  if (isSerial && settings.framing !== 'tcp') {
    faults.push({ path: 'additional_config.framing', message: 'is for networks: a serial port has frames of its own' })
  }
  if ((isSerial || settings.framing === 'rtu_over_tcp') && (settings.unit_id < 1 || settings.unit_id > 247)) {
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

function serialFaults(settings: ModbusTarget['settings']): SettingFault[] {
  const message = 'is for serial ports: the endpoint is a host, whose gateway has its own settings'
  return (['baud_rate', 'parity', 'stop_bits'] as const)
    .filter((name) => settings[name] !== undefined)
    .map((name) => ({ path: `additional_config.${name}`, message }))
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
