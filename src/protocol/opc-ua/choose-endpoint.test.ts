import { describe, expect, it } from 'vitest'
import { chooseEndpoint, chooseLogin, type Endpoint } from './choose-endpoint.ts'
import { policyUri } from './session-crypto.ts'

const endpoint = (securityMode: number, policy: string, tokens: Endpoint['userIdentityTokens'] = []): Endpoint => ({
  securityMode,
  securityPolicyUri: `http://opcfoundation.org/UA/SecurityPolicy#${policy}`,
  serverCertificate: null,
  userIdentityTokens: tokens,
})
const offered = [
  endpoint(1, 'None'),
  endpoint(3, 'Basic128Rsa15'),
  endpoint(3, 'Basic256Sha256'),
  endpoint(3, 'Aes256_Sha256_RsaPss'),
]

describe('chooseEndpoint', () => {
  it.each([
    ['SignAndEncrypt', 'best', 'Aes256_Sha256_RsaPss'],
    ['SignAndEncrypt', 'Basic256Sha256', 'Basic256Sha256'],
    ['None', 'best', 'None'],
  ] as const)('%s with %s is %s', (mode, policy, chosen) => {
    expect(chooseEndpoint(offered, { mode, policy }).policy).toBe(chosen)
  })

  it('says what is offered instead, in its own words', () => {
    const offers = [endpoint(1, 'None'), endpoint(2, 'Basic256'), endpoint(2, 'ECC_nistP256'), endpoint(9, '<script>')]
    const wish = { mode: 'Sign', policy: 'best' } as const
    const message =
      'the server offers no connection with Sign, but None, Sign with an outdated policy, Sign with a policy that is not known here'
    expect(() => chooseEndpoint(offers, wish)).toThrow(message)
    expect(() => chooseEndpoint([], wish)).toThrow('nothing that is known here')
  })
})

describe('chooseLogin', () => {
  const user = { name: 'anna', password: 'secret' }
  const named = (policyId: string, policy: string | null) => ({
    policyId,
    tokenType: 1,
    securityPolicyUri: policy === null ? null : `http://opcfoundation.org/UA/SecurityPolicy#${policy}`,
  })
  const anonymous = { policyId: 'a', tokenType: 0, securityPolicyUri: null }

  it('is anonymous without a user, where that is allowed', () => {
    expect(chooseLogin(endpoint(1, 'None', [anonymous]), undefined, false)).toEqual({
      policyId: 'a',
      encryption: 'plain',
    })
    expect(() => chooseLogin(endpoint(1, 'None', [named('u', null)]), undefined, false)).toThrow('nobody in')
  })

  it('encrypts the password as the server wants it, or as the connection is', () => {
    const none = endpoint(1, 'None', [
      named('old', 'Basic128Rsa15'),
      named('plain', 'None'),
      named('u', 'Basic256Sha256'),
    ])
    expect(chooseLogin(none, user, true)).toEqual({ policyId: 'u', encryption: 'Basic256Sha256' })
    const secure = endpoint(3, 'Aes256_Sha256_RsaPss', [named('u', null)])
    expect(chooseLogin(secure, user, false)).toEqual({ policyId: 'u', encryption: 'Aes256_Sha256_RsaPss' })
  })

  it('never shows the password to whoever listens, unless that is allowed', () => {
    for (const open of [endpoint(1, 'None', [named('u', null)]), endpoint(2, 'Basic256Sha256', [named('u', 'None')])]) {
      expect(() => chooseLogin(open, user, false)).toThrow('only unencrypted')
      expect(chooseLogin(open, user, true)).toEqual({ policyId: 'u', encryption: 'plain' })
    }
    const encrypted = endpoint(3, 'Basic256Sha256', [named('u', 'None')])
    expect(chooseLogin(encrypted, user, false)).toEqual({ policyId: 'u', encryption: 'plain' })
    expect(() => chooseLogin(endpoint(1, 'None', [named('u', 'Basic256')]), user, true)).toThrow('outdated')
    expect(() => chooseLogin(endpoint(1, 'None', [anonymous]), user, true)).toThrow('no user names')
  })

  it('signs with the policy of the login, and never without one', () => {
    const certified = { certificate: '', key: '' }
    const login = (policy: string | null) => ({ ...named('c', policy), tokenType: 2 })
    const secure = endpoint(3, 'Basic256Sha256', [named('u', null), login(null)])
    expect(chooseLogin(secure, certified, false)).toEqual({ policyId: 'c', encryption: 'Basic256Sha256' })
    const none = endpoint(1, 'None', [login('None'), login('Basic256')])
    expect(() => chooseLogin(none, certified, true)).toThrow('user certificates only')
    expect(() => chooseLogin(endpoint(3, 'Basic256Sha256', [named('u', null)]), certified, true)).toThrow(
      'no user cert',
    )
  })

  it('names policies by their URIs', () => {
    expect(policyUri('None')).toBe('http://opcfoundation.org/UA/SecurityPolicy#None')
  })
})
