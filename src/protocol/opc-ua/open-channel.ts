import type { Dial } from '#connector'
import { BakewireError } from '#core'
import { secondsText, withTimeLimit } from '#egress'
import { modeNumbers, type SecurityModeName } from './choose-endpoint.ts'
import { chunkBytesMax, chunksMax, FramedSocket, messageBytesMax } from './framed-socket.ts'
import type { Library } from './library.ts'
import { policyUri, type SecurityPolicyName } from './session-crypto.ts'
import { statusFault } from './status-fault.ts'

export interface ChannelSecurity {
  readonly mode: SecurityModeName
  readonly policy: SecurityPolicyName | 'None'
  /** None without security. */
  readonly serverCertificate?: Buffer
  /** Ours, with its key. Without security for a login only: some servers take an encrypted password of no one else. */
  readonly own?: { readonly certificate: Buffer; readonly key: string }
}

export interface ChannelOptions {
  readonly library: Library
  readonly dial: Dial
  readonly host: string
  readonly port: number
  readonly endpointUrl: string
  readonly security: ChannelSecurity
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** How errors name it; default: what it is. */
  readonly doing?: string
  /** How long the keys of messages are used; they are made anew at three quarters of the time. */
  readonly tokenLifetimeMs?: number
  /** Called once when an open channel ends without having been closed. */
  readonly lost: (error: BakewireError) => void
}

export interface Limits {
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

type Request = Parameters<InstanceType<Library['ClientSecureChannelLayer']>['performMessageTransaction']>[0]

export interface Channel {
  /** Sends a request and gives the answer. `doing` is how errors name it. */
  request<Answer>(doing: string, request: Request, limits: Limits): Promise<Answer>
  close(): Promise<void>
}

/** Long enough to be rare on small machines, short enough for the policies. */
const tokenLifetimeStandardMs = 600_000
/** Ends of the library that ours come before. */
const libraryTimeoutMs = 120_000
const closingMs = 500

/** Dials and opens a secure channel (OPC 10000-6, 6.7). Throws what `dial` throws, TLS_FAILED, LINK_LOST, TIMED_OUT, PROTOCOL_VIOLATED, DEVICE_BUSY. */
export async function openChannel(options: ChannelOptions): Promise<Channel> {
  const { library, dial, host, port, endpointUrl, security, signal, timeoutMs, lost } = options
  const socket = new FramedSocket(await dial({ host, port, signal }))
  const channel = new library.ClientSecureChannelLayer({
    // The framework dials again, not the library.
    connectionStrategy: { maxRetry: 0 },
    securityMode: modeNumbers[security.mode],
    securityPolicy: policyUri(security.policy) as never,
    ...(security.serverCertificate ? { serverCertificate: security.serverCertificate } : {}),
    ...(security.own && security.mode !== 'None' ? { parent: certificateHolder(security.own) } : {}),
    transportSettings: {
      maxChunkCount: chunksMax,
      maxMessageSize: messageBytesMax,
      receiveBufferSize: chunkBytesMax,
      sendBufferSize: chunkBytesMax,
    },
    transportTimeout: libraryTimeoutMs,
    defaultTransactionTimeout: libraryTimeoutMs,
    defaultSecureTokenLifetime: options.tokenLifetimeMs ?? tokenLifetimeStandardMs,
    // The library's own hook for sockets that somebody else has opened.
    transportFactory: library.makeReverseClientTransportFactory(async () => ({ socket, serverUri: '', endpointUrl })),
  })
  channel.on('message', () => socket.messageDecoded())
  const { doing: opens = `opening a secure channel to ${host}:${port}` } = options
  let state: 'opening' | 'open' | 'closed' = 'opening'

  const end = () => {
    state = 'closed'
    channel.dispose()
    socket.destroy()
  }

  /** In our own words: an error of the library may hold the request with its password, and bytes of the server. */
  const translate = (doing: string, error: unknown): BakewireError => {
    const status = serviceResultOf(error)
    if (status !== undefined) return statusFault(doing, status)
    if (socket.refusal !== undefined) return statusFault(doing, library.statusOf(socket.refusal).name)
    if (socket.failure) return new BakewireError(socket.failure.code, `${doing}: ${socket.failure.message}`)
    if (socket.destroyed) return new BakewireError('LINK_LOST', `${doing}: the server closed the connection`)
    if (state === 'closed') return new BakewireError('LINK_LOST', `${doing}: the connection was closed`)
    return new BakewireError('PROTOCOL_VIOLATED', `${doing}: the server answers against the protocol`)
  }

  socket.whenEnded(() => {
    if (state === 'open') {
      end()
      lost(translate('the connection was idle', undefined))
    }
  })

  const opening = new Promise<void>((resolve, reject) => {
    socket.whenEnded(() => reject(translate(opens, undefined)))
    channel.create(endpointUrl, (error) => (error ? reject(translate(opens, error)) : resolve()))
  })
  // It may end before anybody waits for it.
  opening.catch(() => undefined)
  const late = `${host}:${port} did not open a secure channel within ${secondsText(timeoutMs)}`
  try {
    await withTimeLimit(signal, timeoutMs, late, (limited) => untilAborted(opening, limited))
    // It may have ended with the very bytes that opened it.
    if (socket.destroyed) throw translate(opens, undefined)
    state = 'open'
  } catch (error) {
    end()
    throw error
  }

  return {
    async request(doing, request, limits) {
      if (state !== 'open') throw new BakewireError('LINK_LOST', `${doing}: the connection is closed`)
      const { promise, resolve, reject } = Promise.withResolvers<never>()
      // It may fail before anybody waits for it, or after nobody does any more.
      promise.catch(() => undefined)
      // A connection that ends takes its requests with it, whatever the library knows of them.
      const forget = socket.whenEnded(() => reject(translate(doing, undefined)))
      const take: Parameters<typeof channel.performMessageTransaction>[1] = (error, response) => {
        if (error || !response) return reject(translate(doing, error))
        const { serviceResult, requestHandle } = response.responseHeader
        if (serviceResult.value !== 0) return reject(statusFault(doing, serviceResult.name))
        // The library takes any answer whose last chunk has the number of the request. Some old servers answer with handle 0.
        const isToThis = requestHandle === request.requestHeader.requestHandle || requestHandle === 0
        if (isToThis && response.schema.name === answerTo(request)) return resolve(response as never)
        reject(new BakewireError('PROTOCOL_VIOLATED', `${doing}: the server answers another question`))
      }
      try {
        channel.performMessageTransaction(request, take)
      } catch {
        // What the library says of it may hold the value.
        reject(new BakewireError('CONFIG_INVALID', `${doing}: the request has a value that OPC UA cannot carry`))
      }
      const message = `${doing}: no answer within ${secondsText(limits.timeoutMs)}`
      try {
        return await withTimeLimit(limits.signal, limits.timeoutMs, message, (limited) =>
          untilAborted(promise, limited),
        )
      } finally {
        forget()
      }
    },
    async close() {
      if (state === 'closed') return
      state = 'closed'
      const closing = new Promise<void>((resolve) => channel.close(() => resolve()))
      const patience = new AbortController()
      await withTimeLimit(patience.signal, closingMs, 'closing', (limited) => untilAborted(closing, limited)).catch(
        () => undefined,
      )
      end()
    },
  }
}

/** `ReadRequest` is answered by a `ReadResponse` (OPC 10000-4, 7.32). */
function answerTo(request: Request): string {
  return request.schema.name.replace(/Request$/, 'Response')
}

/** What the library asks for certificates. */
function certificateHolder({ certificate, key }: { certificate: Buffer; key: string }) {
  return {
    getCertificate: () => certificate,
    getCertificateChain: () => [certificate],
    getPrivateKey: () => ({ hidden: key }),
  }
}

function serviceResultOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('response' in error)) return undefined
  const { response } = error as { response?: { responseHeader?: { serviceResult?: { name?: string } } } }
  return response?.responseHeader?.serviceResult?.name
}

/** The work, or the signal's reason as soon as it aborts. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
