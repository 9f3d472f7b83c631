import type { FastifyRequest } from 'fastify'
import type { AuditStore } from '#store'
import { callerOf } from './guard-routes.ts'

/** One change in the words of the audit log; `detail` never holds a secret. */
export interface Change {
  readonly action: string
  readonly subject: { readonly kind: string; readonly id: string }
  readonly detail?: Readonly<Record<string, unknown>>
}

/** Who asks, as lists of changes tell it. */
export function actorOf(request: FastifyRequest): string {
  const { name, prefix } = callerOf(request)
  return `${name} (${prefix}…)`
}

/** Writes down who changed what. A change that cannot be written down fails its request. */
export type AuditTrail = (request: FastifyRequest, change: Change) => Promise<void>

export function createAuditTrail(audit: Pick<AuditStore, 'append'>): AuditTrail {
  return async (request, { action, subject, detail = {} }) => {
    await audit.append({
      actor: actorOf(request),
      action,
      subjectKind: subject.kind,
      subjectId: subject.id,
      detail,
      requestId: request.id,
    })
  }
}
