import { BakewireError } from '#connector'
import type { HttpAnswer, HttpClient } from '#protocol/http'
import type { AccessTokens } from './access-tokens.ts'
import type { DigestLogin } from './digest-login.ts'
import type { Quota } from './quota.ts'
import { headersOf } from './request-parts.ts'
import type { RestTarget } from './schemas.ts'

/** What requests of a link need: its connections, its logins and its quota. */
export interface RestChannel {
  readonly client: HttpClient
  readonly tokens: AccessTokens
  readonly digest: DigestLogin
  readonly quota: Quota | undefined
}

/** Nothing, an answer to the demand, and one more where requests that are under way at once overtake each other. */
const digestTriesMax = 3

interface Asked {
  readonly target: RestTarget
  readonly path: string
  readonly signal: AbortSignal
}

/**
 * Gets a path, logged in by what the target has: a token of its own, one of OAuth, or user name and password. A login that
 * the machine wants otherwise, or anew, is tried once more. Throws what the client, the token address and the quota throw.
 */
export function exchange(link: RestChannel, asked: Asked): Promise<HttpAnswer> {
  const { token, username, client_id: clientId } = asked.target.credentials
  if (token !== undefined) return send(link, asked, `Bearer ${token}`)
  if (clientId !== undefined) return exchangeByToken(link, asked)
  return username === undefined ? send(link, asked, undefined) : exchangeByPassword(link, asked)
}

function send({ client, quota }: RestChannel, { target, path, signal }: Asked, authorization: string | undefined) {
  const headers = headersOf(target, authorization)
  const { timeoutMs } = target
  return client.request({
    method: 'GET',
    path,
    headers,
    timeoutMs,
    signal,
    ...(quota ? { permit: () => quota.take() } : {}),
  })
}

async function exchangeByToken(link: RestChannel, asked: Asked): Promise<HttpAnswer> {
  const token = await link.tokens.current(asked.target)
  const answer = await send(link, asked, `Bearer ${token}`)
  if (answer.status !== 401) return answer
  const other = await link.tokens.insteadOf(token, asked.target)
  return other === undefined ? answer : send(link, asked, `Bearer ${other}`)
}

async function exchangeByPassword(link: RestChannel, asked: Asked): Promise<HttpAnswer> {
  const { target, path } = asked
  const isOpen = target.settings.auth === 'basic'
  for (let tries = 1; ; tries += 1) {
    const sent = link.digest.answer(target, path)
    const answer = await send(link, asked, sent?.authorization ?? (isOpen ? basicOf(target) : undefined))
    const demanded = link.digest.demands(answer, sent)
    if (demanded === 'again' && tries < digestTriesMax) continue
    if (demanded !== 'something else' || isOpen) return answer
    const message = `GET ${path.replace(/\?.*$/, '')} was answered with 401, but digest is not what it demands: set auth to basic`
    throw new BakewireError('CREDENTIALS_REJECTED', message)
  }
}

function basicOf({ credentials }: RestTarget): string {
  const { username, password = '' } = credentials
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
