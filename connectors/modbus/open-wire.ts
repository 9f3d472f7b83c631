import type { LinkTools } from '#connector'
import { openSerialWire, socketWire, type Wire } from '#protocol/modbus'
import { isSerialPort, serialLineOf } from './serial-endpoint.ts'
import type { ModbusTarget } from './settings.ts'

/** A connection through the gate, or a serial port, which is no way into a network. Throws what dialling or opening throws. */
export async function openWire(
  target: ModbusTarget,
  { dial, reached }: Pick<LinkTools, 'dial' | 'reached'>,
  signal: AbortSignal,
): Promise<Wire> {
  const { endpoint: host, port } = target
  if (!isSerialPort(host)) return socketWire(await dial({ host, port, signal }))
  signal.throwIfAborted()
  const wire = await openSerialWire(serialLineOf(target))
  reached('address')
  reached('reachable')
  return wire
}
