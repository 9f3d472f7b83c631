import { createHash } from 'node:crypto'
import type { Challenge } from './parse-challenges.ts'

/** A server's demand for digest, as far as it is answered here. */
export interface DigestDemand {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
  /** As the server spells it; undefined: none is told, which means MD5. */
  readonly algorithm: string | undefined
  readonly hash: string
  /** `-sess`: the key is made once for each nonce. */
  readonly isSession: boolean
  /** Undefined: the form of RFC 2069, of old machines. */
  readonly qop: 'auth' | 'auth-int' | undefined
  readonly hidesUser: boolean
  /** The nonce that was answered before is only too old: the credentials are not at fault. */
  readonly isStale: boolean
}

export interface DigestRequest {
  readonly username: string
  readonly password: string
  readonly method: string
  /** Path and query as they are sent. */
  readonly path: string
  readonly body?: string
  /** The client's own random text, the same for all answers to one nonce. */
  readonly cnonce: string
  /** From 1: how often this nonce has been answered, this time included. */
  readonly count: number
}

const hashes = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
  ['sha-512-256', 'sha512-256'],
])

/** The first demand for digest that can be met. RFC 7616, 3.7: a server offers them in its order of preference. */
export function digestDemand(challenges: readonly Challenge[]): DigestDemand | undefined {
  return challenges
    .filter(({ scheme }) => scheme === 'digest')
    .map(demandOf)
    .find((demand) => demand !== undefined)
}

function demandOf({ parameters }: Challenge): DigestDemand | undefined {
  const algorithm = parameters.get('algorithm')
  const name = (algorithm ?? 'MD5').toLowerCase()
  const hash = hashes.get(name.replace(/-sess$/, ''))
  const realm = parameters.get('realm')
  const nonce = parameters.get('nonce')
  const offered = parameters
    .get('qop')
    ?.toLowerCase()
    .split(/[\s,]+/)
  const qop = (['auth', 'auth-int'] as const).find((quality) => offered?.includes(quality))
  if (hash === undefined || realm === undefined || nonce === undefined || (offered && !qop)) return undefined
  return {
    realm,
    nonce,
    opaque: parameters.get('opaque'),
    algorithm,
    hash,
    isSession: name.endsWith('-sess'),
    qop,
    hidesUser: parameters.get('userhash')?.toLowerCase() === 'true',
    isStale: parameters.get('stale')?.toLowerCase() === 'true',
  }
}

/** RFC 7616, 3.4: the value of `Authorization` that meets a demand. */
export function digestAuthorization(demand: DigestDemand, request: DigestRequest): string {
  const { realm, nonce, opaque, algorithm, hash, isSession, qop, hidesUser } = demand
  const { username, password, method, path, body = '', cnonce, count } = request
  const digest = (...parts: string[]) => createHash(hash).update(parts.join(':')).digest('hex')
  const nc = count.toString(16).padStart(8, '0')

  const secret = digest(username, realm, password)
  const a1 = isSession ? digest(secret, nonce, cnonce) : secret
  const a2 = qop === 'auth-int' ? digest(method, path, digest(body)) : digest(method, path)
  const response = qop ? digest(a1, nonce, nc, cnonce, qop, a2) : digest(a1, nonce, a2)
  return `Digest ${[
    hidesUser ? `username=${quoted(digest(username, realm))}` : userParameter(username),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(path)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(qop ? [`qop=${qop}`, `nc=${nc}`] : []),
    ...(qop || isSession ? [`cnonce=${quoted(cnonce)}`] : []),
    `response=${quoted(response)}`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(hidesUser ? ['userhash=true'] : []),
  ].join(', ')}`
}

/** RFC 7616, 3.4: a name beyond ASCII is sent as RFC 5987 writes it. */
function userParameter(username: string): string {
  if (/^[\x20-\x7e]*$/.test(username)) return `username=${quoted(username)}`
  const escaped = encodeURIComponent(username).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)
  return `username*=UTF-8''${escaped}`
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
