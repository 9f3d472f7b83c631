import type { ErrorCode } from '#core'

/** What a route needs, from nothing to everything; a key of one level opens all levels before it. */
const accessLevels = ['public', 'read', 'write', 'admin'] as const
export type Access = (typeof accessLevels)[number]
export type KeyAccess = Exclude<Access, 'public'>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route names it; the server does not start with a route that does not. */
    access?: Access
    /** Errors that the route answers with besides those that follow from its form, for the documentation. */
    errors?: readonly ErrorCode[]
    /** Has an ETag: `shown` answers If-None-Match, `changed` asks for If-Match, `made` only tells it. */
    conditional?: 'shown' | 'changed' | 'made'
    /** `taken`: makes or does something once for each Idempotency-Key. */
    idempotencyKey?: 'taken'
    /** OpenAPI component that describes the body, where the route's own schema only passes it on. */
    bodyComponent?: string
  }
}

export function allows(held: KeyAccess, needed: Access): boolean {
  return accessLevels.indexOf(held) >= accessLevels.indexOf(needed)
}
