import type { ErrorCode } from '#core'

/** What may come back instead of an answer when a machine is asked for something, for the documentation. */
export const machineErrors: readonly ErrorCode[] = [
  'OVERLOADED',
  'LINK_CONFLICT',
  'ADDRESS_REFUSED',
  'CREDENTIALS_REJECTED',
  'PROTOCOL_VIOLATED',
  'POINT_REFUSED',
  'VALUE_INVALID',
  'DEVICE_BUSY',
  'TLS_FAILED',
  'CERTIFICATE_REJECTED',
  'UNREACHABLE',
  'ADDRESS_UNRESOLVED',
  'LINK_LOST',
  'TIMED_OUT',
]
