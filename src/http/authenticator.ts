import { BakewireError, type Clock, limits } from '#core'
import type { ApiKeyRow, ApiKeyStore } from '#store'
import { type Access, allows, type KeyAccess } from './access.ts'
import { hashApiKey } from './api-key.ts'
import type { DatabaseOrKnown } from './database-or-known.ts'

/** Who asks: an API key, without its secret. */
export interface Caller {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly access: KeyAccess
}

export interface Authenticator {
  /** The caller that an API key names, `undefined` for every key that is not valid now. */
  callerOf(key: string): Promise<Caller | undefined>
  /** Throws UNAUTHENTICATED without a valid bearer key, FORBIDDEN when the key does not go that far. */
  authorize(header: string | undefined, needed: Exclude<Access, 'public'>): Promise<Caller>
}

/** A revoked key opens nothing after this long; within it a busy program costs no query per request. */
const trustMs = 500
/** Keys remembered at once, more than there are programs that ask. */
const trustedMax = 1_000

const bearer = /^Bearer ([\x21-\x7e]{1,200})$/i

interface Trust {
  readonly caller: Caller
  readonly expiresAt: Date | null
  readonly provenAt: number
  until: number
  /** When the key is looked up again although it is still trusted, so that who asks all the time never waits for it. */
  renewAt: number
}

export interface AuthenticatorOptions {
  readonly apiKeys: ApiKeyStore
  readonly databaseOrKnown: DatabaseOrKnown
  readonly clock: Clock
}

export function createAuthenticator({ apiKeys, databaseOrKnown, clock }: AuthenticatorOptions): Authenticator {
  const trusted = new Map<string, Trust>()

  const lookUp = async (name: string, hash: Buffer): Promise<Caller | undefined> => {
    const askedAt = clock.monotonic()
    const row = await apiKeys.findByHash(hash)
    trusted.delete(name)
    if (!row || isOver(row.expires_at)) return undefined
    const caller = toCaller(row)
    if (trusted.size >= trustedMax) trusted.clear()
    trusted.set(name, {
      caller,
      expiresAt: row.expires_at,
      provenAt: askedAt,
      until: askedAt + trustMs,
      renewAt: askedAt + trustMs / 2,
    })
    return caller
  }

  const isOver = (expiresAt: Date | null) => expiresAt !== null && expiresAt.getTime() <= clock.now()

  /** While the database is away a key is what it last was: nobody can revoke one then. */
  const knownWithoutDatabase = (name: string): Caller | undefined => {
    const known = trusted.get(name)
    if (!known || isOver(known.expiresAt)) return undefined
    return clock.monotonic() - known.provenAt < limits.keyTrustWithoutDatabaseMs ? known.caller : undefined
  }

  const callerOf = async (key: string): Promise<Caller | undefined> => {
    const hash = hashApiKey(key)
    const name = hash.toString('base64')
    const known = trusted.get(name)
    const now = clock.monotonic()
    if (!known || now >= known.until) {
      return databaseOrKnown(
        () => lookUp(name, hash),
        () => knownWithoutDatabase(name),
      )
    }
    if (now >= known.renewAt) {
      known.renewAt = Number.POSITIVE_INFINITY
      // Where this fails the trust runs out, and the next caller waits for a lookup of its own.
      lookUp(name, hash).catch(() => undefined)
    }
    return known.caller
  }

  return {
    callerOf,
    async authorize(header, needed) {
      const key = bearer.exec(header ?? '')?.[1]
      const caller = key === undefined ? undefined : await callerOf(key)
      if (!caller) {
        throw new BakewireError('UNAUTHENTICATED', 'Send a valid API key as "Authorization: Bearer <key>"')
      }
      if (!allows(caller.access, needed)) {
        throw new BakewireError(
          'FORBIDDEN',
          `This needs a key with ${needed} access; the key given has ${caller.access}`,
        )
      }
      return caller
    },
  }
}

function toCaller({ id, name, prefix, access }: ApiKeyRow): Caller {
  return { id, name, prefix, access }
}
