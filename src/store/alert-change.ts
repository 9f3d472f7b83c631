import { limits, type Severity } from '#core'
import type { AlertTexts, AlertThreshold, AlertValue } from './alert-words.ts'
import type { Transaction } from './database.ts'
import { and, desc, eq, gte, isNull, ne, or, sql } from './drizzle.ts'
import { recordTransition } from './record-transition.ts'
import { alertRuleStates, alertRules, alerts, equipment, shardLeases } from './tables.ts'

/** Who may write: the holder of the machine's shard under this epoch. */
export interface Fence {
  readonly shard: number
  readonly epoch: number
}

export type ConditionState = Pick<typeof alertRuleStates.$inferSelect, 'phase' | 'since' | 'side'>

interface ChangeOfAlert {
  readonly equipmentId: string
  readonly ruleId: string
  /** The revision of the rule that was judged by. */
  readonly ruleRevision: number
  readonly at: Date
  readonly texts: AlertTexts
  readonly value: AlertValue | null
  readonly threshold: AlertThreshold | null
  readonly severity: Severity
  /** Without: the change is fenced by a lock that the caller holds. */
  readonly fence?: Fence
}

/** A condition that has begun, as a rule found it. */
export interface RaisedChange extends ChangeOfAlert {
  readonly kind: 'raised'
  readonly type: string
  readonly metric: string | null
  readonly state: ConditionState
}

/** A condition that has ended. */
export interface ResolvedChange extends ChangeOfAlert {
  readonly kind: 'resolved'
}

export type AlertChange = RaisedChange | ResolvedChange

export interface ChangeOutcome {
  /**
   * `fenced`: another worker holds the shard now. `outdated`: the rule was changed or removed meanwhile.
   * `unchanged`: there is an open alert already, or none to resolve.
   */
  readonly outcome: 'written' | 'unchanged' | 'fenced' | 'outdated'
  /** What went into the outbox. */
  readonly notificationIds: readonly string[]
}

/** Writes a change of an alert with the state of its rule, its transition and its notifications: all or, when refused, nothing. */
export async function applyAlertChange(tx: Transaction, change: AlertChange): Promise<ChangeOutcome> {
  const refusal = await refusalOf(tx, change)
  if (refusal) return { outcome: refusal, notificationIds: [] }
  await saveState(tx, change)
  const alertId = change.kind === 'raised' ? await raise(tx, change) : await resolve(tx, change)
  if (alertId === undefined) return { outcome: 'unchanged', notificationIds: [] }
  const { kind, at, texts, severity, value, threshold } = change
  const what = { alertId, kind, at, texts, severity, value, threshold }
  const notificationIds = await recordTransition(tx, { ...what, by: null, note: null })
  return { outcome: 'written', notificationIds }
}

/**
 * Share locks, so that neither machine, rule nor epoch can go before the caller's transaction ends. The machine comes first,
 * as for those who change it and then its shard.
 */
async function refusalOf(tx: Transaction, change: AlertChange): Promise<'fenced' | 'outdated' | undefined> {
  const { equipmentId, ruleId, ruleRevision, fence } = change
  const [machine] = await tx
    .select({ id: equipment.id })
    .from(equipment)
    .where(eq(equipment.id, equipmentId))
    .for('key share')
  if (!machine) return 'outdated'
  const [rule] = await tx
    .select({ revision: alertRules.revision })
    .from(alertRules)
    .where(and(eq(alertRules.id, ruleId), eq(alertRules.enabled, true)))
    .for('share')
  if (rule?.revision !== ruleRevision) return 'outdated'
  return fence && !(await holds(tx, fence)) ? 'fenced' : undefined
}

async function holds(tx: Transaction, { shard, epoch }: Fence): Promise<boolean> {
  const [lease] = await tx
    .select({ epoch: shardLeases.epoch })
    .from(shardLeases)
    .where(eq(shardLeases.shard, shard))
    .for('share')
  return lease?.epoch === epoch
}

async function saveState(tx: Transaction, change: AlertChange): Promise<void> {
  const { equipmentId: equipment_id, ruleId: rule_id, ruleRevision: rule_revision } = change
  if (change.kind === 'resolved') {
    await tx
      .delete(alertRuleStates)
      .where(and(eq(alertRuleStates.rule_id, rule_id), eq(alertRuleStates.equipment_id, equipment_id)))
    return
  }
  await tx
    .insert(alertRuleStates)
    .values({ equipment_id, rule_id, rule_revision, ...change.state })
    .onConflictDoUpdate({
      target: [alertRuleStates.rule_id, alertRuleStates.equipment_id],
      set: { rule_revision, ...change.state },
    })
}

/** The id of the alert that is open now because of this change; nothing when one was open before. */
async function raise(tx: Transaction, change: RaisedChange): Promise<string | undefined> {
  const { equipmentId, ruleId, at, type, severity, metric, value, threshold, texts } = change
  const now = { severity, title: texts.en.title, message: texts.en.message, metric, value, threshold }
  const last = await openOrJustEnded(tx, change)
  if (last && last.status !== 'resolved') return undefined
  if (last) {
    await tx
      .update(alerts)
      .set({
        ...now,
        status: 'active',
        last_raised_at: at,
        resolved_at: null,
        acknowledged_at: null,
        acknowledged_by: null,
        occurrences: sql`${alerts.occurrences} + 1`,
      })
      .where(eq(alerts.id, last.id))
    return last.id
  }
  const [created] = await tx
    .insert(alerts)
    .values({ ...now, equipment_id: equipmentId, rule_id: ruleId, type, raised_at: at, last_raised_at: at })
    .onConflictDoNothing()
    .returning({ id: alerts.id })
  return created?.id
}

/** The open alert of the same machine and rule, else the one that ended by itself so recently that this is the same event. */
async function openOrJustEnded(tx: Transaction, { equipmentId, ruleId, at }: RaisedChange) {
  const isOpen = ne(alerts.status, 'resolved')
  const reopenFrom = new Date(at.getTime() - limits.alertReopenMs)
  const [last] = await tx
    .select({ id: alerts.id, status: alerts.status })
    .from(alerts)
    .where(
      and(
        eq(alerts.rule_id, ruleId),
        eq(alerts.equipment_id, equipmentId),
        or(isOpen, and(isNull(alerts.resolved_by), gte(alerts.resolved_at, reopenFrom))),
      ),
    )
    .orderBy(desc(isOpen), desc(alerts.resolved_at))
    .limit(1)
    .for('update')
  return last
}

async function resolve(tx: Transaction, { equipmentId, ruleId, at }: ResolvedChange): Promise<string | undefined> {
  const [resolved] = await tx
    .update(alerts)
    .set({ status: 'resolved', resolved_at: at, resolved_by: null })
    .where(and(eq(alerts.equipment_id, equipmentId), eq(alerts.rule_id, ruleId), ne(alerts.status, 'resolved')))
    .returning({ id: alerts.id })
  return resolved?.id
}
