import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'

/** Who may read a machine that demands digest, and how it demands it. */
export const digestUser = z.strictObject({
  username: z.string(),
  password: z.string(),
  algorithm: z.enum(['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256']).default('SHA-256'),
  /** `none`: the old form of RFC 2069. */
  qop: z.enum(['auth', 'auth-int', 'none']).default('auth'),
  /** How often one nonce is taken before it is stale. */
  usesMax: z.int().min(1).default(1_000),
  /** Whether it says that a nonce is stale, or just demands anew, as many do. */
  saysStale: z.boolean().default(true),
  /** A demand that stands before its own in the header. */
  before: z.string().default(''),
})

export interface DigestGuard {
  /** Whether the request is logged in; otherwise it is answered with 401. */
  accepts(request: IncomingMessage, response: ServerResponse): boolean
}

export function createDigestGuard(user: z.output<typeof digestUser>): DigestGuard {
  const { algorithm, qop, usesMax, saysStale, before } = user
  /** The highest count of each nonce. */
  const nonces = new Map<string, number>()

  const demand = (response: ServerResponse, isStale: boolean) => {
    const nonce = randomUUID()
    nonces.set(nonce, 0)
    const quality = qop === 'none' ? '' : `, qop="${qop}"`
    const stale = isStale && saysStale ? ', stale=true' : ''
    const own = `Digest realm="oven, 4", nonce="${nonce}", algorithm=${algorithm}${quality}${stale}, opaque="o"`
    response.writeHead(401, { 'www-authenticate': before === '' ? own : `${before}, ${own}` }).end()
    return false
  }

  return {
    accepts(request, response) {
      const sent = parametersOf(request.headers.authorization ?? '')
      const last = nonces.get(sent['nonce'] ?? '')
      if (last === undefined || sent['uri'] !== request.url) return demand(response, false)
      if (sent['response'] !== responseOf(user, request.method ?? '', sent)) return demand(response, false)
      const count = qop === 'none' ? last + 1 : Number.parseInt(sent['nc'] ?? '', 16)
      if (count > usesMax || !(count > last)) return demand(response, true)
      nonces.set(sent['nonce'] ?? '', count)
      return true
    },
  }
}

function parametersOf(header: string): Readonly<Record<string, string>> {
  const found = header.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)
  return Object.fromEntries([...found].map(([, name, quoted, plain]) => [name, quoted ?? plain]))
}

function responseOf(
  { username, password, algorithm, qop }: z.output<typeof digestUser>,
  method: string,
  { realm, nonce, nc, cnonce, uri }: Readonly<Record<string, string>>,
): string {
  const name = algorithm.replace('-sess', '').replace('SHA-512-256', 'sha512-256').replace('SHA-256', 'sha256')
  const hash = (text: string) => createHash(name).update(text).digest('hex')
  const plain = hash(`${username}:${realm}:${password}`)
  const secret = algorithm.endsWith('-sess') ? hash(`${plain}:${nonce}:${cnonce}`) : plain
  const asked = hash(qop === 'auth-int' ? `${method}:${uri}:${hash('')}` : `${method}:${uri}`)
  return hash(qop === 'none' ? `${secret}:${nonce}:${asked}` : `${secret}:${nonce}:${nc}:${cnonce}:${qop}:${asked}`)
}
