import { type AlertStatus, BakewireError, type Severity } from '#core'
import { lastTold, resolveAlert } from './close-alerts.ts'
import { decodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database, Transaction } from './database.ts'
import { and, desc, eq, inArray, type SQL, sql } from './drizzle.ts'
import { recordTransition } from './record-transition.ts'
import { guarded } from './store-errors.ts'
import { alerts, alertTransitions, equipment } from './tables.ts'

/** An alert with the present name of its machine. */
export type AlertRecord = typeof alerts.$inferSelect & { readonly equipment_name: string }

export interface AlertQuery {
  /** Without: active and acknowledged. */
  readonly status?: readonly AlertStatus[] | undefined
  readonly severity?: Severity | undefined
  readonly type?: string | undefined
  readonly equipmentId?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

/** Who acts on an alert, and what they say to it. */
export interface ByHand {
  readonly by: string
  readonly note?: string | undefined
}

/** One thing that happened to an alert; `by` and `note` are of people. */
export type AlertEvent = Pick<typeof alertTransitions.$inferSelect, 'kind' | 'at' | 'by' | 'note'>

const historyMax = 200

export type AlertStore = ReturnType<typeof createAlertStore>

const open: readonly AlertStatus[] = ['active', 'acknowledged']

/** Alerts as people see them and act on them. `onNotifications` hears what went into the outbox, after the commit. */
export function createAlertStore({ db }: Database, onNotifications: (ids: readonly string[]) => void) {
  const selected = (queries: Pick<Transaction, 'select'>) =>
    queries
      .select({ alert: alerts, equipment_name: equipment.name })
      .from(alerts)
      .innerJoin(equipment, eq(equipment.id, alerts.equipment_id))

  const byHand = async (
    id: string,
    doing: string,
    act: (tx: Transaction, alert: AlertRecord) => Promise<readonly string[]>,
  ): Promise<AlertRecord | undefined> => {
    const outcome = await guarded(
      doing,
      db.transaction(async (tx) => {
        const [before] = await selected(tx).where(eq(alerts.id, id)).for('update', { of: alerts })
        if (!before) return undefined
        const queued = await act(tx, recordOf(before))
        const [after] = await selected(tx).where(eq(alerts.id, id))
        return after && { alert: recordOf(after), queued }
      }),
    )
    if (outcome && outcome.queued.length > 0) onNotifications(outcome.queued)
    return outcome?.alert
  }

  return {
    /** What happened to an alert, oldest first; of one that goes on and off for days the newest part. */
    history: (id: string): Promise<AlertEvent[]> =>
      guarded(
        'reading the history of an alert',
        db
          .select({
            kind: alertTransitions.kind,
            at: alertTransitions.at,
            by: alertTransitions.by,
            note: alertTransitions.note,
          })
          .from(alertTransitions)
          .where(eq(alertTransitions.alert_id, id))
          .orderBy(desc(alertTransitions.id))
          .limit(historyMax)
          .then((rows) => rows.toReversed()),
      ),

    get: async (id: string): Promise<AlertRecord | undefined> => {
      const [row] = await guarded('reading an alert', selected(db).where(eq(alerts.id, id)))
      return row && recordOf(row)
    },

    /** Newest first. */
    async list({ status = open, severity, type, equipmentId, limit, cursor }: AlertQuery): Promise<Page<AlertRecord>> {
      const filters: (SQL | undefined)[] = [
        inArray(alerts.status, [...status]),
        severity && eq(alerts.severity, severity),
        type === undefined ? undefined : eq(alerts.type, type),
        equipmentId === undefined ? undefined : eq(alerts.equipment_id, equipmentId),
        cursor === undefined ? undefined : olderThan(cursor),
      ]
      const rows = await guarded(
        'listing alerts',
        selected(db)
          .where(and(...filters))
          .orderBy(desc(alerts.raised_at), desc(alerts.id))
          .limit(limit + 1),
      )
      return pageOf(rows.map(recordOf), limit, (row) => ({ list: 'alerts', time: row.raised_at, id: row.id }))
    },

    /** Once acknowledged it stays so: again changes nothing. `undefined` when there is no such alert; CONFLICT once it is resolved. */
    acknowledge: (id: string, { by, note }: ByHand): Promise<AlertRecord | undefined> =>
      byHand(id, 'acknowledging an alert', async (tx, alert) => {
        if (alert.status === 'resolved')
          throw new BakewireError('CONFLICT', 'acknowledging an alert: it is resolved already')
        if (alert.status === 'acknowledged') return []
        const [row] = await tx
          .update(alerts)
          .set({ status: 'acknowledged', acknowledged_at: sql`now()`, acknowledged_by: by })
          .where(eq(alerts.id, id))
          .returning({ at: alerts.acknowledged_at })
        if (!row?.at) throw new Error('the alert that was locked is gone')
        const told = await lastTold(tx, alert)
        return recordTransition(tx, { ...told, kind: 'acknowledged', at: row.at, by, note: note ?? null })
      }),

    /** Once resolved it stays so: again changes nothing. It is not raised again before its condition has ended. */
    resolve: (id: string, { by, note }: ByHand): Promise<AlertRecord | undefined> =>
      byHand(id, 'resolving an alert', async (tx, alert) =>
        alert.status === 'resolved' ? [] : resolveAlert(tx, alert, { by, note: note ?? null }),
      ),
  }
}

function recordOf(row: { alert: typeof alerts.$inferSelect; equipment_name: string }): AlertRecord {
  return { ...row.alert, equipment_name: row.equipment_name }
}

function olderThan(cursor: string): SQL {
  const { time, id } = decodeCursor('alerts', cursor)
  return sql`(${alerts.raised_at}, ${alerts.id}) < (${time.toISOString()}::timestamptz, ${id}::uuid)`
}
