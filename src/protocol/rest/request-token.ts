import { BakewireError, type LinkTools } from '#connector'
import { type HttpAnswer, type HttpRequest, openHttpClient } from '#protocol/http'
import { documentOf, faultOfStatus } from './judge-answer.ts'
import { originOf } from './request-parts.ts'
import type { RestTarget } from './schemas.ts'

/** What a token address gave. */
export interface GrantedToken {
  readonly accessToken: string
  /** Undefined: the one that was used stays good. */
  readonly refreshToken: string | undefined
  /** Undefined: not told. */
  readonly lifetimeMs: number | undefined
}

export interface TokenRequest {
  readonly target: RestTarget
  /** Given: asked for with it; otherwise with the client's own credentials. */
  readonly refreshToken: string | undefined
  readonly dial: LinkTools['dial']
  readonly clock: LinkTools['clock']
}

/** Longer ones would not fit into a header of a usual server. */
const tokenLengthMax = 6_000
const tokenValue = /^[\x21-\x7e]+$/

/**
 * Asks the token address once (RFC 6749, 4.4 and 6). Throws CREDENTIALS_REJECTED, DEVICE_BUSY, PROTOCOL_VIOLATED, and what
 * the connection throws. No message holds a secret or what the address wrote.
 */
export async function requestToken(request: TokenRequest): Promise<GrantedToken> {
  const { target, refreshToken, clock } = request
  const url = new URL(target.settings.token_url ?? target.endpoint)
  const what = `POST ${url.origin}${url.pathname}`
  const answer = await ask(url, request)
  const fault = faultOf(answer, { what, isRefresh: refreshToken !== undefined, now: clock.now() })
  if (fault) throw fault
  return grantedIn(documentOf(answer, what), what)
}

async function ask(url: URL, { target, refreshToken, dial }: TokenRequest): Promise<HttpAnswer> {
  // Ended by its time limits alone: an answer on its way may hold the only refresh token that is still good.
  const { signal } = new AbortController()
  const { verify_ssl, ca } = target.settings
  const { timeoutMs } = target
  // That the machine's certificate is not checked says nothing of another address.
  const verify = verify_ssl || url.origin !== originOf(target).origin
  try {
    const client = await openHttpClient({
      dial,
      origin: new URL(url.origin),
      tls: { verify, ca },
      connections: 1,
      handshakeTimeoutMs: timeoutMs,
      signal,
    })
    try {
      return await client.request({ ...tokenForm(target, refreshToken), path: url.pathname, timeoutMs, signal })
    } finally {
      await client.close()
    }
  } catch (error) {
    // The machine's own link is not lost by that.
    if (!(error instanceof BakewireError) || error.code !== 'LINK_LOST') throw error
    throw new BakewireError('UNREACHABLE', error.message, { cause: error })
  }
}

function tokenForm(
  { credentials, settings }: RestTarget,
  refreshToken: string | undefined,
): Pick<HttpRequest, 'method' | 'headers' | 'body'> {
  const { client_id: id = '', client_secret: secret } = credentials
  const form = new URLSearchParams({ grant_type: refreshToken === undefined ? 'client_credentials' : 'refresh_token' })
  if (refreshToken !== undefined) form.set('refresh_token', refreshToken)
  if (settings.scope !== undefined) form.set('scope', settings.scope)
  const isBasic = secret !== undefined && settings.token_auth === 'basic'
  if (!isBasic) form.set('client_id', id)
  if (secret !== undefined && !isBasic) form.set('client_secret', secret)
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }
  return {
    method: 'POST',
    headers: isBasic ? { ...headers, authorization: `Basic ${basicOf(id, secret)}` } : headers,
    body: form.toString(),
  }
}

/** RFC 6749, 2.3.1: both are written as in a form first. */
function basicOf(id: string, secret: string): string {
  const [user, password] = [id, secret].map((text) => new URLSearchParams({ text }).toString().slice('text='.length))
  return Buffer.from(`${user}:${password}`).toString('base64')
}

/** RFC 6749, 5.2, in words. */
const refusals = new Map([
  ['invalid_client', 'client_id or client_secret is refused'],
  ['unauthorized_client', 'this client may not log in this way'],
  ['unsupported_grant_type', 'this way of logging in is not offered there'],
  ['invalid_scope', 'scope is refused'],
])
const passing = new Set(['server_error', 'slow_down', 'temporarily_unavailable'])

interface Judged {
  readonly what: string
  readonly isRefresh: boolean
  readonly now: number
}

function faultOf(answer: HttpAnswer, { what, isRefresh, now }: Judged): BakewireError | undefined {
  const fault = faultOfStatus(answer, { what, setting: 'token_url', now })
  if (!fault) return undefined
  if (fault.code === 'DEVICE_BUSY') return fault
  const error = errorIn(answer.body)
  const answered = `${what} was answered with ${answer.status}`
  if (passing.has(error)) return new BakewireError('DEVICE_BUSY', `${answered}: it is busy or has failed`)
  if (error === 'invalid_grant' && isRefresh) {
    const message = `${answered}: the refresh token is no longer accepted: enter a new one`
    return new BakewireError('CREDENTIALS_REJECTED', message)
  }
  const refusal = refusals.get(error)
  if (refusal !== undefined) return new BakewireError('CREDENTIALS_REJECTED', `${answered}: ${refusal}`)
  if (fault.code === 'CREDENTIALS_REJECTED' || error !== '') {
    return new BakewireError('CREDENTIALS_REJECTED', `${answered}: it gives no token for these credentials`)
  }
  // A path that is wrong is not a fault of single points.
  return new BakewireError('PROTOCOL_VIOLATED', `${fault.message}; is token_url right?`)
}

function errorIn(body: string): string {
  try {
    const error = membersOf(JSON.parse(body))['error']
    return typeof error === 'string' ? error : ''
  } catch {
    // Not JSON: the status alone tells what is wrong.
    return ''
  }
}

function grantedIn(document: unknown, what: string): GrantedToken {
  const { access_token: accessToken, refresh_token: refreshToken, token_type, expires_in } = membersOf(document)
  if (!isToken(accessToken))
    throw new BakewireError('PROTOCOL_VIOLATED', `${what} was answered without an access token`)
  if (token_type !== undefined && String(token_type).toLowerCase() !== 'bearer') {
    throw new BakewireError('PROTOCOL_VIOLATED', `${what} was answered with a token that is no bearer token`)
  }
  if (refreshToken !== undefined && refreshToken !== null && refreshToken !== '' && !isToken(refreshToken)) {
    throw new BakewireError('PROTOCOL_VIOLATED', `${what} was answered with a refresh token that cannot be one`)
  }
  const seconds = expires_in === undefined || expires_in === null ? Number.NaN : Number(expires_in)
  return {
    accessToken,
    refreshToken: isToken(refreshToken) ? refreshToken : undefined,
    lifetimeMs: Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : undefined,
  }
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= tokenLengthMax && tokenValue.test(value)
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
