import { expect, it } from 'vitest'
import { tlsFault } from './tls-fault.ts'

it.each([
  ['CERT_HAS_EXPIRED', 'CERTIFICATE_REJECTED', 'The certificate of https://oven.test:443 has expired'],
  ['CERT_REVOKED', 'CERTIFICATE_REJECTED', 'has been revoked'],
  ['INVALID_PURPOSE', 'CERTIFICATE_REJECTED', 'is not made for servers'],
  ['EE_KEY_TOO_SMALL', 'CERTIFICATE_REJECTED', 'has a key that is too short'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'CERTIFICATE_REJECTED', 'is of an authority that is not known here'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS_FAILED', 'does not speak TLS on this port'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'TLS_FAILED', 'older than 1.2'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'TLS_FAILED', 'could be agreed (ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE)'],
  ['ECONNRESET', 'TLS_FAILED', 'closed the connection during the TLS handshake'],
])('%s is %s: %s', (nodeCode, code, message) => {
  const cause = Object.assign(new Error('as Node says it'), { code: nodeCode })
  const fault = tlsFault(cause, 'https://oven.test:443')
  expect(fault).toMatchObject({ code, cause })
  expect(fault.message).toContain(message)
})
