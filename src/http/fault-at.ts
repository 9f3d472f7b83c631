import { BakewireError, type ErrorCode } from '#core'

/** A refusal of one field: `path` names it, `message` says what it must be. */
export function faultAt(code: ErrorCode, path: string, message: string): BakewireError {
  return new BakewireError(code, `${path} ${message}`, { errors: [{ path, message }] })
}
