import { randomBytes, X509Certificate } from 'node:crypto'
import type { Dial, OwnCertificate, Stage, Trust } from '#connector'
import { BakewireError } from '#core'
import { chooseEndpoint, type Endpoint, type User, type Wish } from './choose-endpoint.ts'
import { messageBytesMax } from './framed-socket.ts'
import { type Library, loadLibrary } from './library.ts'
import { checkedCertificate, identityOf, nonceOf, type ShownServer } from './log-in.ts'
import { applicationUri, makeOwnCertificate } from './make-own-certificate.ts'
import { createOpcUaServices, type OpcUaServices } from './opc-ua-services.ts'
import { type Channel, type ChannelSecurity, type Limits, openChannel } from './open-channel.ts'
import { createPublisher, type Publisher } from './publisher.ts'
import { isSignedBy, ownCertificateIn, publicKeyOf, signatureOf } from './session-crypto.ts'

export interface OpcUaClientOptions {
  readonly dial: Dial
  readonly trust: Trust
  readonly signal: AbortSignal
  readonly reached: (stage: Stage) => void
  /** Called once when an open link ends by itself. */
  readonly lost: (error: Error) => void
  readonly host: string
  readonly port: number
  /** What the server is told that we want; only `host` and `port` are dialled, whatever URLs the server names. */
  readonly endpointUrl: string
  readonly security: Wish
  readonly user: User | undefined
  readonly allowPlainPassword: boolean
  /** For one answer. Opening takes at least `openingStepMs` for each: keys take small machines seconds. */
  readonly timeoutMs: number
  /** Between signs of life of a link that is not read. */
  readonly keepAliveMs?: number
  /** How long the keys of messages are used. */
  readonly tokenLifetimeMs?: number
}

/** One session with one server. */
export interface OpcUaClient extends OpcUaServices {
  /** Ends the session on the server and the connection. Safe twice. */
  close(): Promise<void>
}

const openingStepMs = 5_000
/** A session that hears nothing for so long is given up by the server, which bounds what a killed process leaves there. */
const sessionTimeoutMs = 60_000
const keepAliveStandardMs = 15_000
/** The longest wait for the answer to a sign of life. */
const pingTimeoutMs = 10_000
const closingMs = 500

/**
 * Opens a session: finds out what the server offers, has its certificate checked, and logs in. Throws what `dial` and
 * `trust.check` throw, TLS_FAILED, CREDENTIALS_REJECTED, LINK_LOST, TIMED_OUT, DEVICE_BUSY, PROTOCOL_VIOLATED.
 */
export async function openOpcUaClient(options: OpcUaClientOptions): Promise<OpcUaClient> {
  const { signal, reached, lost } = options
  const library = await loadLibrary()
  const limits: Limits = { signal, timeoutMs: Math.max(options.timeoutMs, openingStepMs) }
  const security = await chooseSecurity(library, options, limits)
  let session: Session | undefined
  let publisher: Publisher | undefined
  let isLost = false
  const stop = () => {
    session?.stop()
    publisher?.end()
  }
  const onLost = (error: BakewireError) => {
    stop()
    if (!isLost) lost(error)
    isLost = true
  }
  const channel = await openChannel({ ...options, ...limits, library, security, lost: onLost })
  /** A server that is only slow would keep the session for a minute beside the next one. */
  const abandon = async (error: BakewireError) => {
    stop()
    await session?.end()
    await channel.close()
    onLost(error)
  }
  if (security.mode !== 'None') reached('secure')
  try {
    session = await openSession(library, { channel, security, options, limits })
    reached('login')
    const { token, end } = session
    publisher = createPublisher({ library, channel, token, lost: (error) => void abandon(error) })
    const services = await createOpcUaServices({ library, channel, token, publisher, limits })
    session.keepAlive(() => services.ping(pingTimeoutMs).catch(abandon))
    return {
      ...services,
      async close() {
        isLost = true
        stop()
        await end()
        await channel.close()
      },
    }
  } catch (error) {
    await session?.end()
    await channel.close()
    throw error
  }
}

/** What the connection is secured with; the server's certificate is checked before anything else is told to it. */
async function chooseSecurity(library: Library, options: OpcUaClientOptions, limits: Limits): Promise<ChannelSecurity> {
  const { security: wish, trust, reached } = options
  const open: ChannelSecurity = { mode: 'None', policy: 'None' }
  const shown = async () => inDer(await trust.own(makeOwnCertificate))
  if (wish.mode === 'None') return options.user ? { ...open, own: await shown() } : open
  const { host, port } = options
  const doing = `asking ${host}:${port} without security which security it offers`
  const channel = await openChannel({ ...options, ...limits, library, security: open, doing, lost: () => undefined })
  try {
    const request = new library.GetEndpointsRequest({ endpointUrl: options.endpointUrl })
    const answer = await channel.request<{ endpoints: Endpoint[] | null }>('asking for endpoints', request, limits)
    const { endpoint, policy } = chooseEndpoint(answer.endpoints ?? [], wish)
    const serverCertificate = await checkedCertificate(endpoint.serverCertificate, options)
    reached('trusted')
    return { mode: wish.mode, policy, serverCertificate, own: await shown() }
  } finally {
    await channel.close()
  }
}

function inDer({ certificate, key }: OwnCertificate) {
  return { certificate: new X509Certificate(certificate).raw, key }
}

interface Session {
  readonly token: unknown
  keepAlive(ping: () => void): void
  stop(): void
  /** Tells the server that the session is over. Never fails: who has lost the server need not. */
  end(): Promise<void>
}

interface SessionParts {
  readonly channel: Channel
  readonly security: ChannelSecurity
  readonly options: OpcUaClientOptions
  readonly limits: Limits
}

interface Created extends ShownServer {
  readonly authenticationToken: unknown
  readonly revisedSessionTimeout: number
  readonly serverSignature: { readonly signature: Buffer | null } | null
}

/** CreateSession and ActivateSession (OPC 10000-4, 5.6.2 and 5.6.3). */
async function openSession(library: Library, parts: SessionParts): Promise<Session> {
  const { channel, security, options, limits } = parts
  const nonce = randomBytes(32)
  const create = new library.CreateSessionRequest({
    clientDescription: {
      applicationUri,
      productUri: applicationUri,
      applicationName: { text: 'Bakewire' },
      applicationType: 1,
    },
    endpointUrl: options.endpointUrl,
    sessionName: 'Bakewire',
    clientNonce: nonce,
    ...(security.own ? { clientCertificate: security.own.certificate } : {}),
    requestedSessionTimeout: sessionTimeoutMs,
    maxResponseMessageSize: messageBytesMax,
  })
  const created = await channel.request<Created>('opening a session', create, limits)
  const token = created.authenticationToken
  let timer: NodeJS.Timeout | undefined
  const session: Session = {
    token,
    keepAlive(ping) {
      const { keepAliveMs = keepAliveStandardMs } = options
      const revised = created.revisedSessionTimeout
      // A third of what the server waits: two may get lost.
      timer = setInterval(ping, revised > 0 ? Math.min(keepAliveMs, Math.max(revised / 3, 1_000)) : keepAliveMs)
      timer.unref()
    },
    stop: () => clearInterval(timer),
    async end() {
      const request = new library.CloseSessionRequest({
        requestHeader: { authenticationToken: token as never },
        deleteSubscriptions: true,
      })
      const signal = new AbortController().signal
      // A server that does not answer any more ends the session by its own time limit.
      await channel.request('closing the session', request, { signal, timeoutMs: closingMs }).catch(() => undefined)
    },
  }
  try {
    proveServer(security, created, nonce)
    const identity = await identityOf(library, { created, security, options })
    const activate = new library.ActivateSessionRequest({
      requestHeader: { authenticationToken: token as never },
      ...(security.own && security.serverCertificate && security.policy !== 'None'
        ? {
            clientSignature: signatureOf(
              security.policy,
              security.own.key,
              security.serverCertificate,
              nonceOf(created),
            ),
          }
        : {}),
      // Names of states and modes that no model numbers are words of this language.
      localeIds: ['en'],
      ...identity,
    })
    await channel.request('logging in', activate, limits)
    return session
  } catch (error) {
    await session.end()
    throw error
  }
}

/** The server must show the certificate that was checked, and own its key. */
function proveServer({ policy, serverCertificate, own }: ChannelSecurity, created: Created, nonce: Buffer): void {
  if (policy === 'None' || !serverCertificate || !own) return
  const shown = created.serverCertificate && ownCertificateIn(created.serverCertificate)
  if (!shown?.equals(serverCertificate)) {
    const message = 'the server shows another certificate for the session than the one that was checked, or none'
    throw new BakewireError('CERTIFICATE_REJECTED', message)
  }
  const signature = created.serverSignature?.signature
  if (signature && isSignedBy(policy, publicKeyOf(serverCertificate), [own.certificate, nonce], signature)) return
  throw new BakewireError('CERTIFICATE_REJECTED', 'the server does not own the certificate that it shows')
}
