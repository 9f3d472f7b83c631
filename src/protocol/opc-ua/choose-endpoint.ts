import { BakewireError } from '#core'
import {
  outdatedPolicies,
  policyOfUri,
  policyUri,
  type SecurityPolicyName,
  securityPolicies,
} from './session-crypto.ts'

export const securityModes = ['None', 'Sign', 'SignAndEncrypt'] as const
export type SecurityModeName = (typeof securityModes)[number]

/** MessageSecurityMode (OPC 10000-4, 7.20). */
export const modeNumbers: Readonly<Record<SecurityModeName, number>> = { None: 1, Sign: 2, SignAndEncrypt: 3 }

/** An EndpointDescription, as far as it is looked at. Its URL is not: only the configured address is ever dialled. */
export interface Endpoint {
  readonly securityMode: number
  readonly securityPolicyUri: string | null
  readonly serverCertificate: Buffer | null
  readonly userIdentityTokens: readonly TokenPolicy[] | null
}

export interface TokenPolicy {
  readonly policyId: string | null
  /** 0: anonymous, 1: user name, 2: certificate, 3: issued. */
  readonly tokenType: number
  readonly securityPolicyUri: string | null
}

export interface Wish {
  readonly mode: SecurityModeName
  /** `best`: the best one that the server offers. */
  readonly policy: SecurityPolicyName | 'best'
}

/** The endpoint that is wanted, and its policy. Throws TLS_FAILED where the server has none. */
export function chooseEndpoint<T extends Endpoint>(
  endpoints: readonly T[],
  { mode, policy }: Wish,
): { endpoint: T; policy: SecurityPolicyName | 'None' } {
  const offered = endpoints.filter(({ securityMode }) => securityMode === modeNumbers[mode])
  const wanted = mode === 'None' ? (['None'] as const) : policy === 'best' ? securityPolicies : [policy]
  for (const name of wanted) {
    const endpoint = offered.find(({ securityPolicyUri }) => securityPolicyUri === policyUri(name))
    if (endpoint) return { endpoint, policy: name }
  }
  const what = mode === 'None' || policy === 'best' ? mode : `${mode} and ${policy}`
  throw new BakewireError('TLS_FAILED', `the server offers no connection with ${what}, but ${told(endpoints)}`)
}

/** In our own words: what a server names is not told on. */
function told(endpoints: readonly Endpoint[]): string {
  const pairs = endpoints.flatMap(({ securityMode, securityPolicyUri }) => {
    const mode = securityModes.find((name) => modeNumbers[name] === securityMode)
    if (mode === undefined) return []
    return mode === 'None' ? [mode] : [`${mode} with ${policyWords(securityPolicyUri ?? '')}`]
  })
  return [...new Set(pairs)].join(', ') || 'nothing that is known here'
}

/** Of elliptic curves (OPC 10000-7), and of what comes after them, nothing is known here. */
function policyWords(uri: string): string {
  const isOutdated = outdatedPolicies.some((name) => uri === policyUri(name))
  return policyOfUri(uri) ?? (isOutdated ? 'an outdated policy' : 'a policy that is not known here')
}

interface NamedUser {
  readonly name: string
  readonly password: string
}

/** Both PEM. */
export interface CertifiedUser {
  readonly certificate: string
  readonly key: string
}

export type User = NamedUser | CertifiedUser

export interface Login {
  readonly policyId: string | null
  /** How the password is encrypted, or the user signs; `plain`: by the channel alone, or not at all. */
  readonly encryption: SecurityPolicyName | 'plain'
}

/**
 * How to log in at an endpoint. Throws CREDENTIALS_REJECTED where it takes no such login, or only one that would show the
 * password to whoever listens, unless that is allowed.
 */
export function chooseLogin(endpoint: Endpoint, user: User | undefined, allowPlain: boolean): Login {
  const tokens = endpoint.userIdentityTokens ?? []
  if (user === undefined) {
    const anonymous = tokens.find(({ tokenType }) => tokenType === 0)
    if (anonymous) return { policyId: anonymous.policyId, encryption: 'plain' }
    throw new BakewireError('CREDENTIALS_REJECTED', 'the server lets nobody in without a user name and password')
  }
  const isCertified = 'certificate' in user
  const logins = tokens
    .filter(({ tokenType }) => tokenType === (isCertified ? 2 : 1))
    .map(({ policyId, securityPolicyUri }) => ({
      policyId,
      uri: securityPolicyUri || endpoint.securityPolicyUri || '',
    }))
  for (const encryption of securityPolicies) {
    const login = logins.find(({ uri }) => policyOfUri(uri) === encryption)
    if (login) return { policyId: login.policyId, encryption }
  }
  if (isCertified) throw new BakewireError('CREDENTIALS_REJECTED', noCertificateLogin(logins.length > 0))
  const plain = logins.find(({ uri }) => uri === policyUri('None'))
  if (plain && (allowPlain || endpoint.securityMode === modeNumbers.SignAndEncrypt)) {
    return { policyId: plain.policyId, encryption: 'plain' }
  }
  throw new BakewireError('CREDENTIALS_REJECTED', noLogin(logins.length > 0, plain !== undefined))
}

function noCertificateLogin(takesCertificates: boolean): string {
  return takesCertificates
    ? 'the server takes user certificates only with a signature that is outdated or not known here, or none: set security_mode to SignAndEncrypt'
    : 'the server takes no user certificates: use a user name and password'
}

function noLogin(takesNames: boolean, isPlain: boolean): string {
  if (!takesNames) return 'the server takes no user names: leave them out'
  if (!isPlain) return 'the server takes passwords only in an encryption that is outdated or not known here'
  return 'the server takes the password only unencrypted: set security_mode to SignAndEncrypt, or allow_plain_password'
}
