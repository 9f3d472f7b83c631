import { BakewireError, type ErrorCode } from '#core'

/** What is told when a whole request, and not a point, was refused; by the name of the status code (OPC 10000-6, A.2). */
const codes: Readonly<Record<string, ErrorCode>> = {
  BadSessionIdInvalid: 'LINK_LOST',
  BadSessionClosed: 'LINK_LOST',
  BadSessionNotActivated: 'LINK_LOST',
  BadSecureChannelIdInvalid: 'LINK_LOST',
  BadSecureChannelClosed: 'LINK_LOST',
  BadSecureChannelTokenUnknown: 'LINK_LOST',
  BadTcpSecureChannelUnknown: 'LINK_LOST',
  BadConnectionClosed: 'LINK_LOST',
  BadServiceUnsupported: 'NOT_SUPPORTED',
  BadServerHalted: 'DEVICE_BUSY',
  BadShutdown: 'DEVICE_BUSY',
  BadTcpServerTooBusy: 'DEVICE_BUSY',
  BadTooManySessions: 'DEVICE_BUSY',
  BadMaxConnectionsReached: 'DEVICE_BUSY',
  BadTcpNotEnoughResources: 'DEVICE_BUSY',
  BadOutOfMemory: 'DEVICE_BUSY',
  BadResourceUnavailable: 'DEVICE_BUSY',
  BadTooManyOperations: 'DEVICE_BUSY',
  BadNoContinuationPoints: 'DEVICE_BUSY',
  BadContinuationPointInvalid: 'DEVICE_BUSY',
  BadUnexpectedError: 'DEVICE_BUSY',
  BadInternalError: 'DEVICE_BUSY',
  BadTimeout: 'TIMED_OUT',
  BadRequestTimeout: 'TIMED_OUT',
  BadUserAccessDenied: 'CREDENTIALS_REJECTED',
  BadIdentityTokenInvalid: 'CREDENTIALS_REJECTED',
  BadIdentityTokenRejected: 'CREDENTIALS_REJECTED',
  BadUserSignatureInvalid: 'CREDENTIALS_REJECTED',
  BadSecurityChecksFailed: 'TLS_FAILED',
  BadCertificateUntrusted: 'TLS_FAILED',
  BadCertificateInvalid: 'TLS_FAILED',
  BadCertificateUriInvalid: 'TLS_FAILED',
  BadCertificateUseNotAllowed: 'TLS_FAILED',
  BadCertificateTimeInvalid: 'TLS_FAILED',
  BadCertificateIssuerRevocationUnknown: 'TLS_FAILED',
  BadCertificateRevocationUnknown: 'TLS_FAILED',
  BadCertificateChainIncomplete: 'TLS_FAILED',
  BadSecurityPolicyRejected: 'TLS_FAILED',
  BadSecurityModeRejected: 'TLS_FAILED',
  BadApplicationSignatureInvalid: 'TLS_FAILED',
}

const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
  TLS_FAILED:
    'let the server trust the certificate named Bakewire, mostly under "rejected certificates"; GET /api/v1/opc-ua/own-certificate gives it',
  CREDENTIALS_REJECTED: 'check user name and password, and what the user may read',
}

const notAllowed = 'it does not allow this security: choose another security_mode, or let the server allow this one'
/** Instead of what the code suggests. */
const hintsOf: Readonly<Record<string, string>> = {
  BadSecurityPolicyRejected: notAllowed,
  BadSecurityModeRejected: notAllowed,
  BadCertificateTimeInvalid: 'is its clock set? To it the certificate named Bakewire is not valid yet, or no longer',
}

/** The error of a request that was answered with a status and nothing else. */
export function statusFault(doing: string, status: string): BakewireError {
  const code = Object.hasOwn(codes, status) ? (codes[status] ?? 'PROTOCOL_VIOLATED') : 'PROTOCOL_VIOLATED'
  const hint = Object.hasOwn(hintsOf, status) ? hintsOf[status] : hints[code]
  return new BakewireError(code, `${doing}: the server answers ${status}${hint === undefined ? '' : `; ${hint}`}`)
}

/** Statuses of one value that say: there is no such thing, or it may not be read or written. */
const refusals: ReadonlySet<string> = new Set([
  'BadNodeIdInvalid',
  'BadNodeIdUnknown',
  'BadNoMatch',
  'BadAttributeIdInvalid',
  'BadNotReadable',
  'BadNotSupported',
  'BadNotImplemented',
  'BadUserAccessDenied',
  'BadIndexRangeInvalid',
  'BadIndexRangeNoData',
  'BadIndexRangeDataMismatch',
  'BadTooManyMatches',
  'BadQueryTooComplex',
  'BadNotWritable',
  'BadWriteNotSupported',
  'BadTypeMismatch',
  'BadOutOfRange',
  'BadHistoryOperationUnsupported',
  'BadHistoryOperationInvalid',
])

export function isRefusal(status: string): boolean {
  return refusals.has(status)
}

/** The node that was looked up is there no more; servers use either word. */
export function isGone(status: string): boolean {
  return status === 'BadNodeIdUnknown' || status === 'BadNodeIdInvalid'
}
