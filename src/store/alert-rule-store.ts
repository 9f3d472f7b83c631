import { BakewireError } from '#core'
import { closeAlerts } from './close-alerts.ts'
import { decodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database, Transaction } from './database.ts'
import { and, asc, eq, inArray, sql } from './drizzle.ts'
import { anyState, type StateCheck } from './state-check.ts'
import { guarded } from './store-errors.ts'
import { alertRuleStates, alertRules, alerts, equipment, ruleKinds } from './tables.ts'

export type AlertRuleRow = typeof alertRules.$inferSelect

/** What a rule says; what is left out is null. */
export type AlertRuleFields = Pick<AlertRuleRow, 'name' | 'kind' | 'severity'> &
  Partial<
    Pick<
      AlertRuleRow,
      | 'equipment_id'
      | 'equipment_type'
      | 'metric'
      | 'above'
      | 'below'
      | 'hysteresis'
      | 'equals'
      | 'for_seconds'
      | 'enabled'
    >
  >

export type AlertRuleStore = ReturnType<typeof createAlertRuleStore>

/** More rules than this in force at once are a mistake of a program that writes them. */
const rulesAtMost = 10_000

/** `onNotifications` hears what went into the outbox when rules that have open alerts change, after the commit. */
export function createAlertRuleStore({ db }: Database, onNotifications: (ids: readonly string[]) => void) {
  return {
    /** Throws CONFIG_INVALID when it names a machine that does not exist. */
    create: (fields: AlertRuleFields): Promise<AlertRuleRow> =>
      guarded(
        'storing an alert rule',
        db.transaction(async (tx) => {
          await requireEquipment(tx, fields.equipment_id)
          if ((await tx.$count(alertRules)) >= rulesAtMost)
            throw new BakewireError('CONFLICT', `there are ${rulesAtMost} alert rules already, and no more are judged`)
          const [row] = await tx
            .insert(alertRules)
            .values({ ...fields, revision: nextRevision })
            .returning()
          if (!row) throw new Error('the database returned no row')
          await announce(tx)
          return row
        }),
      ),

    get: async (id: string): Promise<AlertRuleRow | undefined> => {
      const [row] = await guarded(
        'reading an alert rule',
        db
          .select()
          .from(alertRules)
          .where(and(eq(alertRules.id, id), isKnown)),
      )
      return row
    },

    /** Oldest first. */
    async list({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<AlertRuleRow>> {
      const after = cursor === undefined ? undefined : decodeCursor('alert-rules', cursor)
      const rows = await guarded(
        'listing alert rules',
        db
          .select()
          .from(alertRules)
          .where(
            and(
              isKnown,
              after &&
                sql`(${alertRules.created_at}, ${alertRules.id}) > (${after.time.toISOString()}::timestamptz, ${after.id}::uuid)`,
            ),
          )
          .orderBy(asc(alertRules.created_at), asc(alertRules.id))
          .limit(limit + 1),
      )
      return pageOf(rows, limit, (row) => ({ list: 'alert-rules', time: row.created_at, id: row.id }))
    },

    /** Replaces what the rule says. It begins anew: its delays are dropped and its open alerts resolved. */
    async replace(
      id: string,
      fields: AlertRuleFields,
      check: StateCheck<AlertRuleRow> = anyState,
    ): Promise<AlertRuleRow | undefined> {
      const outcome = await guarded(
        'changing an alert rule',
        db.transaction(async (tx) => {
          await requireEquipment(tx, fields.equipment_id)
          const [before] = await tx.select().from(alertRules).where(eq(alertRules.id, id)).for('no key update')
          if (!before) return undefined
          check(before)
          const [row] = await tx
            .update(alertRules)
            .set({ ...nothingSaid, ...fields, revision: nextRevision, updated_at: sql`now()` })
            .where(eq(alertRules.id, id))
            .returning()
          if (!row) return undefined
          await tx.delete(alertRuleStates).where(eq(alertRuleStates.rule_id, id))
          const queued = await closeAlerts(tx, eq(alerts.rule_id, id), row.enabled ? 'rule changed' : 'rule disabled')
          await announce(tx)
          return { row, queued }
        }),
      )
      if (outcome && outcome.queued.length > 0) onNotifications(outcome.queued)
      return outcome?.row
    },

    /** Deletes the rule; its open alerts are resolved, all its alerts stay. */
    async remove(id: string, check: StateCheck<AlertRuleRow> = anyState): Promise<boolean> {
      const queued = await guarded(
        'deleting an alert rule',
        db.transaction(async (tx) => {
          const [row] = await tx.select().from(alertRules).where(eq(alertRules.id, id)).for('update')
          if (!row) return undefined
          check(row)
          const ids = await closeAlerts(tx, eq(alerts.rule_id, id), 'rule removed')
          await tx.delete(alertRules).where(eq(alertRules.id, id))
          await tx.execute(sql`select nextval('alert_rule_revision')`)
          await announce(tx)
          return ids
        }),
      )
      if (queued && queued.length > 0) onNotifications(queued)
      return queued !== undefined
    },

    /** The rules in force that are judged reading by reading. */
    inForce: (): Promise<AlertRuleRow[]> =>
      guarded(
        'reading alert rules',
        db
          .select()
          .from(alertRules)
          .where(and(eq(alertRules.enabled, true), sql`${alertRules.kind} <> 'no_data'`))
          .orderBy(asc(alertRules.created_at), asc(alertRules.id))
          .limit(rulesAtMost),
      ),

    /** Moves with every change of any rule. */
    revision: async (): Promise<number> => {
      const [row] = await guarded(
        'reading the revision of the alert rules',
        db.execute<{ revision: string }>(
          sql`select case when is_called then last_value else 0 end as revision from alert_rule_revision`,
        ),
      )
      return Number(row?.revision ?? 0)
    },
  }
}

const isKnown = inArray(alertRules.kind, ruleKinds)

const nextRevision = sql<number>`nextval('alert_rule_revision')`

const nothingSaid = {
  equipment_id: null,
  equipment_type: null,
  metric: null,
  above: null,
  below: null,
  hysteresis: 0,
  equals: null,
  for_seconds: 0,
  enabled: true,
} as const satisfies Partial<AlertRuleRow>

async function requireEquipment(tx: Transaction, id: string | null | undefined): Promise<void> {
  if (id == null) return
  const [row] = await tx.select({ id: equipment.id }).from(equipment).where(eq(equipment.id, id)).for('key share')
  if (row) return
  const message = 'names no equipment that exists'
  throw new BakewireError('CONFIG_INVALID', `equipment_id: ${message}`, { errors: [{ path: 'equipment_id', message }] })
}

async function announce(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_notify('rules_changed', '')`)
}
