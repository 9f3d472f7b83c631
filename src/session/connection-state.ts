import type { BakewireError, ConnectionStatus, ErrorCode, Fault } from '#core'

/** How a machine stands, judged by its reads alone. */
export interface ConnectionState {
  readonly status: Extract<ConnectionStatus, 'connecting' | 'connected' | 'degraded' | 'disconnected' | 'error'>
  /** Failed reads in a row. */
  readonly failures: number
  readonly fault: Fault | null
}

/** What a read came to: values (with the first fault, if some points had one), or nothing. */
export type ReadOutcome = { readonly fault: Fault | undefined } | { readonly error: BakewireError }

export const initialState: ConnectionState = { status: 'connecting', failures: 0, fault: null }

/** Faults that a person must mend: retried, but shown as an error and not as a machine that is merely away. */
const needsAPerson: ReadonlySet<ErrorCode> = new Set([
  'CONFIG_INVALID',
  'CREDENTIALS_REJECTED',
  'ADDRESS_REFUSED',
  'PROTOCOL_VIOLATED',
  'POINT_REFUSED',
  'VALUE_INVALID',
  'TLS_FAILED',
  'CERTIFICATE_REJECTED',
  'LINK_CONFLICT',
  'INTERNAL',
])

/** One unanswered request of a machine that was answering is no outage yet. */
const failuresUntilDisconnected = 2

export function afterRead(state: ConnectionState, outcome: ReadOutcome): ConnectionState {
  if (!('error' in outcome)) {
    const fault = outcome.fault ?? null
    // Most reads change nothing.
    if (state.status === 'connected' && !fault) return state
    return { status: fault ? 'degraded' : 'connected', failures: 0, fault }
  }
  const { code, message } = outcome.error
  return { status: failedStatus(state, code), failures: state.failures + 1, fault: { code, message } }
}

function failedStatus(state: ConnectionState, code: ErrorCode): ConnectionState['status'] {
  if (needsAPerson.has(code)) return 'error'
  const wasAnswering = state.status === 'connected' || state.status === 'degraded'
  const doubtful = code === 'TIMED_OUT' || code === 'LINK_LOST' || code === 'DEVICE_BUSY'
  return wasAnswering && doubtful && state.failures + 1 < failuresUntilDisconnected ? 'degraded' : 'disconnected'
}

/** Whether the change is worth a line in the connection log: another status, or another reason for the same trouble. */
export function isNews(before: ConnectionState, after: ConnectionState): boolean {
  return before.status !== after.status || before.fault?.code !== after.fault?.code
}
