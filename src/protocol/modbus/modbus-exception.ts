import { BakewireError, type ErrorCode } from '#core'

/** Modbus Application Protocol V1.1b3, 7. A gateway that gets no answer from the unit behind it says 10 or 11: the link itself is well. */
const exceptions = new Map<number, readonly [code: ErrorCode, words: string]>([
  [1, ['POINT_REFUSED', 'illegal function']],
  [2, ['POINT_REFUSED', 'illegal address']],
  [3, ['POINT_REFUSED', 'illegal value']],
  [4, ['DEVICE_BUSY', 'device failure']],
  [5, ['DEVICE_BUSY', 'acknowledged, but not yet done']],
  [6, ['DEVICE_BUSY', 'device busy']],
  [8, ['DEVICE_BUSY', 'memory parity error']],
  [10, ['UNREACHABLE', 'the gateway has no path to the unit']],
  [11, ['UNREACHABLE', 'the unit behind the gateway does not answer']],
])

/** The exception itself, as the cause of the error that it means here. */
class ModbusException extends Error {
  override readonly name = 'ModbusException'
  readonly exceptionCode: number

  constructor(exceptionCode: number) {
    super(`exception ${exceptionCode}`)
    this.exceptionCode = exceptionCode
  }
}

/** A machine's exception as the error it means here. `doing`: what was being read or written. */
export function modbusException(exceptionCode: number, doing: string): BakewireError {
  const [code, words] = exceptions.get(exceptionCode) ?? ['POINT_REFUSED', `exception ${exceptionCode}`]
  return new BakewireError(code, `${doing}: ${words}`, { cause: new ModbusException(exceptionCode) })
}

/** The code by which the machine refused what this error tells of. */
export function exceptionCodeOf({ cause }: BakewireError): number | undefined {
  return cause instanceof ModbusException ? cause.exceptionCode : undefined
}
