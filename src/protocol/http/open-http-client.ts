import { BakewireError, limits } from '#core'
import { secondsText } from '#egress'
import { codingOf, textOf, tooLarge, unpack } from './body-text.ts'
import { createConnectOrigin, keepSocket, type OriginOptions, type Reached } from './connect-origin.ts'
import { httpFault } from './http-fault.ts'
import { sendRequest } from './send-request.ts'

export interface HttpClientOptions extends OriginOptions {
  /** Connections at once; requests beyond that wait for one. */
  readonly connections: number
  /** Ends the opening; has no effect afterwards. */
  readonly signal: AbortSignal
  /** Told while the client is opened. */
  readonly reached?: Reached
  readonly bodyBytesMax?: number
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Path and query, percent-encoded, beginning with `/`. */
  readonly path: string
  /** Whether the path, without its query, stands in errors; of a webhook it is often a secret. Default: `told`. */
  readonly pathIs?: 'told' | 'secret'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Awaited before each sending, a repeated one included; what it throws keeps the request from being sent. */
  readonly permit?: () => Promise<void>
  /** For the whole exchange, a dripping body included. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface HttpAnswer {
  readonly status: number
  /** By name in lower case; several of one name are joined by `, `. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

export interface HttpClient {
  /**
   * The answer, whatever its status, except for redirects, which are not followed: PROTOCOL_VIOLATED. Throws what `dial`
   * and the handshake throw, TIMED_OUT, LINK_LOST, PROTOCOL_VIOLATED (no HTTP, too large), or the signal's reason.
   */
  request(request: HttpRequest): Promise<HttpAnswer>
  /** Ends every connection and request. Safe twice. */
  close(): Promise<void>
}

/** Longer than the usual poll interval, so that a machine is not made to agree on new keys at each poll. */
const idleConnectionMs = 65_000
/** Room for every sensible answer; more is a flood of cookies. */
const headerBytesMax = 16 * 1024
/** What is read of a redirect's body to keep its connection. */
const redirectBodyBytesMax = 16 * 1024

/**
 * Opens a client for one origin, whose first connection is made at once, through `dial`. Throws what `dial` throws,
 * CERTIFICATE_REJECTED, TLS_FAILED, TIMED_OUT or the signal's reason.
 */
export async function openHttpClient(options: HttpClientOptions): Promise<HttpClient> {
  const { origin, connections, bodyBytesMax = limits.deviceBodyBytesMax } = options
  const connectOrigin = createConnectOrigin(options)
  const { Pool } = await import('undici')
  const first = keepSocket(await connectOrigin(options.signal, options.reached ?? (() => undefined)))
  const closing = new AbortController()
  const pool = new Pool(origin.origin, {
    connections,
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: idleConnectionMs,
    keepAliveMaxTimeout: idleConnectionMs,
    maxHeaderSize: headerBytesMax,
    // The time limit of a request is for the whole of it.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, callback) => {
      const connecting = Promise.resolve(first.take() ?? connectOrigin(closing.signal, () => undefined))
      connecting.then(
        (socket) => callback(null, socket),
        (error: Error) => callback(error, null),
      )
    },
  })

  const bytesMaxOf = (status: number) => (isRedirect(status) ? redirectBodyBytesMax : bodyBytesMax)
  const nameOf = ({ method, path, pathIs }: HttpRequest) =>
    `${method} ${origin.origin}${pathIs === 'secret' ? '' : path.replace(/\?.*$/s, '')}`

  return {
    async request(request) {
      const { signal, timeoutMs, permit } = request
      const endsAt = performance.now() + timeoutMs
      const faults = {
        late: () =>
          new BakewireError('TIMED_OUT', `${nameOf(request)} was not answered within ${secondsText(timeoutMs)}`),
        tooLarge: (status: number) =>
          isRedirect(status) ? redirected(nameOf(request), status) : tooLarge(nameOf(request), bodyBytesMax),
      }
      const message = messageOf(request)
      for (let isRepeated = false; ; isRepeated = true) {
        try {
          if (permit) await permit()
          const timeLeftMs = endsAt - performance.now()
          const received = await sendRequest(pool, message, { signal, timeoutMs: timeLeftMs, bytesMaxOf, faults })
          const { status, headers, body } = received
          if (isRedirect(status)) throw redirected(nameOf(request), status)
          const coding = codingOf(received)
          const bytes =
            coding === undefined ? body : await unpack(body, { coding, bytesMax: bodyBytesMax, what: nameOf(request) })
          return { status, headers, body: textOf(bytes, headers.get('content-type')) }
        } catch (error) {
          signal.throwIfAborted()
          const fault = httpFault(error, nameOf(request))
          if (isRepeated || !mayBeRepeated(request, fault)) throw fault
        }
      }
    },
    async close() {
      closing.abort(new BakewireError('LINK_LOST', `The connection to ${origin.origin} was given up`))
      first.take()?.destroy()
      await pool.destroy()
    },
  }
}

/**
 * A machine may close an idle connection just when a request leaves. RFC 9110, 9.2.2: a client may repeat a safe request
 * once on a connection that is new.
 */
function mayBeRepeated({ method }: HttpRequest, { code }: BakewireError): boolean {
  return method === 'GET' && code === 'LINK_LOST'
}

function messageOf({ method, path, headers, body }: HttpRequest) {
  const all = { 'user-agent': 'Bakewire', 'accept-encoding': 'identity', ...headers }
  return body === undefined ? { method, path, headers: all } : { method, path, headers: all, body }
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400
}

function redirected(what: string, status: number): BakewireError {
  const message = `${what} was answered by a redirect (${status}), which is not followed: give the address that it leads to`
  return new BakewireError('PROTOCOL_VIOLATED', message)
}
