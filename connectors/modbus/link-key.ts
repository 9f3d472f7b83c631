import { isSerialPort, serialLineOf } from './serial-endpoint.ts'
import type { ModbusTarget } from './settings.ts'

/** One connection to a host and port, or one serial port, is shared by all units behind it. */
export function linkKey({ endpoint, port }: ModbusTarget): string {
  if (isSerialPort(endpoint)) return `modbus:${endpoint.startsWith('/') ? endpoint : endpoint.toUpperCase()}`
  return `modbus:${endpoint.toLowerCase().replace(/\.$/, '')}:${port}`
}

/** What those units must agree on. */
export function linkSettings(target: ModbusTarget): Readonly<Record<string, unknown>> {
  const { framing, pause_ms, close_after_read } = target.settings
  if (!isSerialPort(target.endpoint)) return { framing, pause_ms, close_after_read }
  const { baudRate, parity, stopBits } = serialLineOf(target)
  return { baud_rate: baudRate, parity, stop_bits: stopBits, pause_ms, close_after_read }
}
