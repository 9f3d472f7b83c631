import { decodeNumber, numberedPageOf, type Page } from './cursor.ts'
import type { Database } from './database.ts'
import { and, desc, eq, lt } from './drizzle.ts'
import { guarded } from './store-errors.ts'
import { auditLog } from './tables.ts'

/** One change that somebody made. `detail` says what, and never holds a secret. */
export interface AuditEntry {
  /** Name and prefix of the API key that was used. */
  readonly actor: string
  /** What was done, as `thing.verb`: `equipment.created`. */
  readonly action: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly detail: Readonly<Record<string, unknown>>
  readonly requestId: string
}

export type AuditRow = typeof auditLog.$inferSelect

export type AuditStore = ReturnType<typeof createAuditStore>

/** The record of who changed what; it is only ever added to. */
export function createAuditStore({ db }: Database) {
  return {
    /** Newest first; of one subject alone where it is named. */
    async list(query: {
      limit: number
      cursor?: string | undefined
      subjectId?: string | undefined
    }): Promise<Page<AuditRow>> {
      const { limit, cursor, subjectId } = query
      const before = cursor === undefined ? undefined : lt(auditLog.id, decodeNumber('audit-log', cursor))
      const rows = await guarded(
        'reading the audit log',
        db
          .select()
          .from(auditLog)
          .where(and(subjectId === undefined ? undefined : eq(auditLog.subject_id, subjectId), before))
          .orderBy(desc(auditLog.id))
          .limit(limit + 1),
      )
      return numberedPageOf('audit-log', rows, limit)
    },

    append: async ({ actor, action, subjectKind, subjectId, detail, requestId }: AuditEntry): Promise<void> => {
      await guarded(
        'writing the audit log',
        db.insert(auditLog).values({
          actor,
          action,
          subject_kind: subjectKind,
          subject_id: subjectId,
          detail: { ...detail },
          request_id: requestId,
        }),
      )
    },
  }
}
