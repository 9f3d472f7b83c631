import { X509Certificate } from 'node:crypto'
import type { Trust } from '#connector'
import { BakewireError } from '#core'
import {
  type CertifiedUser,
  chooseEndpoint,
  chooseLogin,
  type Endpoint,
  type Login,
  type User,
} from './choose-endpoint.ts'
import type { Library } from './library.ts'
import type { ChannelSecurity } from './open-channel.ts'
import {
  encryptedPassword,
  ownCertificateIn,
  publicKeyOf,
  type SecurityPolicyName,
  signatureOf,
} from './session-crypto.ts'

/** What a server says of itself when it makes a session. */
export interface ShownServer {
  readonly serverNonce: Buffer | null
  readonly serverCertificate: Buffer | null
  readonly serverEndpoints: Endpoint[] | null
}

interface Where {
  readonly trust: Trust
  readonly host: string
  readonly port: number
}

interface LoginParts {
  readonly created: ShownServer
  readonly security: ChannelSecurity
  readonly options: Where & { readonly user: User | undefined; readonly allowPlainPassword: boolean }
}

/** The certificate that a server shows, once somebody trusts it. */
export async function checkedCertificate(chain: Buffer | null, { trust, host, port }: Where): Promise<Buffer> {
  const from = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  if (chain === null || chain.length === 0) {
    throw new BakewireError('CERTIFICATE_REJECTED', `${from} shows no certificate`)
  }
  const certificate = ownCertificateIn(chain)
  await trust.check(certificate, from)
  publicKeyOf(certificate)
  return certificate
}

/** OPC 10000-4, 5.6.2.2 */
const nonceBytesMin = 32

/** What makes a login unlike any other, which nobody who has heard it can use again. Throws PROTOCOL_VIOLATED for less. */
export function nonceOf({ serverNonce }: ShownServer): Buffer {
  const length = serverNonce?.length ?? 0
  if (serverNonce && length >= nonceBytesMin) return serverNonce
  const message = `the server gives a nonce of ${length} bytes, where a login needs ${nonceBytesMin}`
  throw new BakewireError('PROTOCOL_VIOLATED', message)
}

/** Who logs in, as ActivateSession takes it (OPC 10000-4, 5.6.3). */
export async function identityOf(library: Library, { created, security, options }: LoginParts) {
  const { user } = options
  const wanted = { mode: security.mode, policy: security.policy === 'None' ? ('best' as const) : security.policy }
  const { endpoint } = chooseEndpoint(created.serverEndpoints ?? [], wanted)
  const login = chooseLogin(endpoint, user, options.allowPlainPassword)
  const { policyId, encryption } = login
  if (user === undefined) return { userIdentityToken: new library.AnonymousIdentityToken({ policyId }) }
  if (encryption === 'plain') {
    if ('certificate' in user) throw new BakewireError('INTERNAL', 'a user certificate needs a signature')
    const { name: userName, password } = user
    return {
      userIdentityToken: new library.UserNameIdentityToken({ policyId, userName, password: Buffer.from(password) }),
    }
  }
  // Without security the certificate has not been checked yet, and whoever owns its key learns the password.
  const shown = created.serverCertificate?.length ? created.serverCertificate : endpoint.serverCertificate
  const certificate = security.serverCertificate ?? (await checkedCertificate(shown, options))
  const nonce = nonceOf(created)
  if ('certificate' in user) return signedBy(library, user, { ...login, encryption, certificate, nonce })
  const secret = encryptedPassword(encryption, certificate, user.password, nonce)
  return { userIdentityToken: new library.UserNameIdentityToken({ policyId, userName: user.name, ...secret }) }
}

interface Signed extends Login {
  readonly encryption: SecurityPolicyName
  readonly certificate: Buffer
  readonly nonce: Buffer
}

/** The user proves to own the key, to this server and for this login (OPC 10000-4, 7.40.5). */
function signedBy(library: Library, user: CertifiedUser, { policyId, encryption, certificate, nonce }: Signed) {
  return {
    userIdentityToken: new library.X509IdentityToken({
      policyId,
      certificateData: new X509Certificate(user.certificate).raw,
    }),
    userTokenSignature: signatureOf(encryption, user.key, certificate, nonce),
  }
}
