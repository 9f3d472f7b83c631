import { createHash, randomBytes } from 'node:crypto'

/** A key as it is shown once, and what is kept of it. */
export interface NewApiKey {
  readonly key: string
  readonly hash: Buffer
  /** Enough to recognise the key by, far too little to guess it. */
  readonly prefix: string
}

/** `bw_` and 256 random bits. */
export function newApiKey(): NewApiKey {
  return describeKey(`bw_${randomBytes(32).toString('base64url')}`)
}

export function describeKey(key: string): NewApiKey {
  return { key, hash: hashApiKey(key), prefix: key.slice(0, 8) }
}

/** A plain SHA-256: 256 random bits need no slow hash. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
