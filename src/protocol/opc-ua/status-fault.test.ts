import { expect, it } from 'vitest'
import { statusFault } from './status-fault.ts'

it.each([
  ['BadCertificateUntrusted', 'TLS_FAILED', 'let the server trust the certificate named Bakewire'],
  ['BadSecurityChecksFailed', 'TLS_FAILED', 'let the server trust the certificate named Bakewire'],
  ['BadSecurityPolicyRejected', 'TLS_FAILED', 'choose another security_mode'],
  ['BadSecurityModeRejected', 'TLS_FAILED', 'choose another security_mode'],
  ['BadCertificateTimeInvalid', 'TLS_FAILED', 'is its clock set?'],
  ['BadUserAccessDenied', 'CREDENTIALS_REJECTED', 'check user name and password'],
])('%s is %s, and says what to do', (status, code, advice) => {
  const { code: given, message } = statusFault('logging in', status)
  expect(given).toBe(code)
  expect(message).toContain(`logging in: the server answers ${status}; `)
  expect(message).toContain(advice)
})

it('a status that is not known is told without advice', () => {
  expect(statusFault('reading', 'toString').message).toBe('reading: the server answers toString')
})
