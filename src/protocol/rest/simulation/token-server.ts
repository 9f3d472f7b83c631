import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

/** What a cloud demands for a token, and what it gives. */
export const tokenAccount = z.strictObject({
  client_id: z.string(),
  client_secret: z.string().optional(),
  /** Where it must stand. */
  auth: z.enum(['basic', 'body']).default('basic'),
  /** Present: the first one; each is good once and brings the next. */
  refresh_token: z.string().optional(),
  scope: z.string().optional(),
  /** Seconds; absent: not told. */
  expires_in: z.number().optional(),
  /** How long it thinks. */
  delay_ms: z.int().min(0).default(0),
  /** What it answers instead, whatever it is asked. */
  answers: z.strictObject({ status: z.int(), body: z.string(), headers: z.record(z.string(), z.string()) }).optional(),
})
export type TokenAccount = z.output<typeof tokenAccount>

export interface TokenServer {
  serves(request: IncomingMessage): boolean
  handle(request: IncomingMessage, response: ServerResponse): void
  /** Whether the request holds a token that is good. */
  accepts(request: IncomingMessage): boolean
  /** The forms that were posted. */
  readonly asked: Readonly<Record<string, string>>[]
  /** From now on no token that was given is good. */
  revoke(): void
}

export function createTokenServer(account: TokenAccount): TokenServer {
  const asked: Readonly<Record<string, string>>[] = []
  let refreshToken = account.refresh_token
  let good = new Set<string>()
  let given = 0

  const grant = (request: IncomingMessage, form: Readonly<Record<string, string>>): [status: number, body: object] => {
    if (!isClient(account, request, form)) return [401, { error: 'invalid_client' }]
    if (form['scope'] !== account.scope) return [400, { error: 'invalid_scope' }]
    const kind = refreshToken === undefined ? 'client_credentials' : 'refresh_token'
    if (form['grant_type'] !== kind) return [400, { error: 'unsupported_grant_type' }]
    if (refreshToken !== undefined && form['refresh_token'] !== refreshToken) return [400, { error: 'invalid_grant' }]
    given += 1
    if (refreshToken !== undefined) refreshToken = `refresh-${given}`
    good.add(`access-${given}`)
    const { expires_in } = account
    return [200, { access_token: `access-${given}`, token_type: 'Bearer', expires_in, refresh_token: refreshToken }]
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)))
    asked.push(form)
    if (account.answers) {
      response.writeHead(account.answers.status, account.answers.headers).end(account.answers.body)
      return
    }
    const [status, body] = grant(request, form)
    await sleep(account.delay_ms)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  return {
    serves: ({ method, url }) => method === 'POST' && url === '/token',
    handle: (request, response) => void answer(request, response).catch(() => response.destroy()),
    accepts: ({ headers }) => good.has((headers.authorization ?? '').replace(/^Bearer /, '')),
    asked,
    revoke() {
      good = new Set()
    },
  }
}

function isClient(
  { client_id, client_secret, auth }: TokenAccount,
  { headers }: IncomingMessage,
  form: Readonly<Record<string, string>>,
): boolean {
  if (client_secret === undefined || auth === 'body') {
    return form['client_id'] === client_id && form['client_secret'] === client_secret
  }
  const [id = '', secret = ''] = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64')
    .toString()
    .split(':')
  return decoded(id) === client_id && decoded(secret) === client_secret && !('client_secret' in form)
}

function decoded(text: string): string {
  return new URLSearchParams(`text=${text}`).get('text') ?? ''
}
