import { createHash } from 'node:crypto'
import type { Connector, Target } from '#connector'

/** Equal for machines of one link that are logged in alike: the same credentials under the same link settings. Tells no secret. */
export type AccountOf = (target: Target) => string

export function createAccountOf(connector: Connector): AccountOf {
  const accounts = new WeakMap<Target, string>()
  return (target) => {
    const known = accounts.get(target) ?? fingerprint([target.credentials, connector.linkSettings(target)])
    accounts.set(target, known)
    return known
  }
}

function fingerprint(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
