import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SerialPort } from 'serialport'
import { BakewireError } from '#core'
import type { Wire } from './wire.ts'

export const baudRates = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200] as const
export const parities = ['none', 'even', 'odd'] as const

export interface SerialLine {
  readonly path: string
  readonly baudRate: (typeof baudRates)[number]
  readonly parity: (typeof parities)[number]
  readonly stopBits: 1 | 2
}

/** A port that this process has just let go of is locked for a moment still; one of another program stays so. */
const lockedTriesMax = 5
const lockedRestMs = 100
/** More than comes between two turns of the event loop at 115,200 baud. */
const readBytesMax = 4_096

/**
 * Opens a serial port for this process alone, with the 8 data bits of Modbus RTU. Throws UNREACHABLE where there is none,
 * ADDRESS_REFUSED where this process may not open it, LINK_LOST where another program has it.
 */
export async function openSerialWire(line: SerialLine): Promise<Wire> {
  const library = await import('serialport')
  for (let tries = 1; ; tries++) {
    const { path, baudRate, parity, stopBits } = line
    const port = new library.SerialPort({
      path,
      baudRate,
      parity,
      stopBits,
      dataBits: 8,
      highWaterMark: readBytesMax,
      autoOpen: false,
    })
    const failure = await new Promise<Error | null>((resolve) => port.open(resolve))
    if (!failure) return serialWire(port, await deviceAt(path))
    const error = translated(failure, path)
    if (error.code !== 'LINK_LOST' || tries === lockedTriesMax) throw error
    await sleep(lockedRestMs)
  }
}

/**
 * The library does not always notice that an adapter was pulled out: reading then gives nothing, at once and for ever, which
 * takes a core. So it is looked whether the port is still there.
 */
const watchMs = 1_000

/** Time on the line of 3.5 characters, the silence between frames, in ms. Source: Modbus over Serial Line V1.02, 2.5.1.1. */
export function silenceMs(baudRate: number): number {
  const bitsOfCharacter = 11
  return baudRate > 19_200 ? 1.75 : (3.5 * bitsOfCharacter * 1_000) / baudRate
}

/** `device`: what was opened, where the system tells. */
function serialWire(port: SerialPort, device: string | undefined): Wire {
  const close = () =>
    new Promise<void>((resolve) => {
      // It fails only where the port is closed already, or gone: nobody holds it then.
      if (port.isOpen) port.close(() => resolve())
      else resolve()
    })
  return {
    isOpen: () => port.isOpen,
    listen({ received, gone }) {
      const lose = (cause?: Error | null) => {
        clearInterval(watch)
        gone(new BakewireError('LINK_LOST', `the serial port ${port.path} has gone`, { cause: cause ?? undefined }))
      }
      const watch = setInterval(async () => {
        if (device !== undefined && (await deviceAt(port.path)) !== device) lose()
      }, watchMs)
      watch.unref()
      port.on('data', received)
      port.on('end', () => lose())
      port.on('close', lose)
      port.on('error', lose)
    },
    send: (bytes) => void port.write(bytes),
    drop: () => void close(),
    end: close,
  }
}

/** What stands behind a name now, told from what stood there before an adapter was pulled out and put in again. */
async function deviceAt(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, rdev, birthtimeMs } = await stat(path)
    return [dev, ino, rdev, birthtimeMs].join(' ')
  } catch {
    // Whatever the reason is, it cannot be told from a port that is not there.
    return undefined
  }
}

/** The library tells what happened by its text alone, another one on each system. */
function translated(cause: Error, path: string): BakewireError {
  const { message } = cause
  if (/cannot lock|busy/i.test(message))
    return new BakewireError('LINK_LOST', `${path} is in use by another program`, { cause })
  if (/permission|access denied/i.test(message)) {
    const remedy = 'on Linux the user that runs it has to be in the group of the port, mostly dialout'
    return new BakewireError('ADDRESS_REFUSED', `${path} may not be opened, or another program has it: ${remedy}`, {
      cause,
    })
  }
  if (/no such|not found|no device|not exist/i.test(message))
    return new BakewireError('UNREACHABLE', `there is no serial port ${path} on this computer`, { cause })
  return new BakewireError('UNREACHABLE', `${path} cannot be opened as a serial port`, { cause })
}
