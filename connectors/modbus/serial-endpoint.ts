import type { Kit } from '#connector'
import type { SerialLine } from '#protocol/modbus'
import type { ModbusTarget } from './settings.ts'

/**
 * The names that systems give to serial ports, and no other devices: no terminals of people (/dev/pts, /dev/tty1), no disks.
 * Names below /dev are made by the system alone. Who may open which of them is the operator's decision, by the group of
 * the port (dialout) or the devices of a container.
 */
const serialPorts = [
  // Linux: USB adapters and ports of the board (ttyUSB0, ttyACM0, ttyS1, ttyAMA0, ttymxc2); ttyp0 and the like are terminals.
  /^\/dev\/tty(S|O|[A-Za-z]{2,12})\d{1,3}$/,
  /^\/dev\/serial\/by-(id|path)\/[A-Za-z0-9][\w.:+-]{0,199}$/,
  // macOS
  /^\/dev\/(cu|tty)\.[A-Za-z0-9][\w-]{0,99}$/,
  // Windows
  /^COM\d{1,3}$/i,
]

export function isSerialPort(endpoint: string): boolean {
  return serialPorts.some((pattern) => pattern.test(endpoint))
}

/** A host, or a serial port of the computer that polls. */
export function modbusEndpoint({ field, z }: Kit) {
  const host = field.host()
  return z
    .string()
    .max(253)
    .refine(
      (text) => isSerialPort(text) || host.safeParse(text).success,
      'must be a host name or an IP address, without scheme, port, path or zone, or a serial port such as /dev/ttyUSB0 or COM3',
    )
    .meta({
      title: 'Host or serial port',
      description:
        'Host name or IP address of the machine or gateway, or a serial port: /dev/ttyUSB0, /dev/serial/by-id/…, COM3.',
    })
}

/** How the serial port is set; what is not given is as most kitchen controllers and meters come. */
export function serialLineOf({ endpoint, settings }: Pick<ModbusTarget, 'endpoint' | 'settings'>): SerialLine {
  const { baud_rate: baudRate = 9_600, parity = 'none', stop_bits: stopBits = 1 } = settings
  return { path: endpoint, baudRate, parity, stopBits }
}
