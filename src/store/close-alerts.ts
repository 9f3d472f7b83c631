import type { AlertTexts } from './alert-words.ts'
import type { Transaction } from './database.ts'
import { and, asc, desc, eq, ne, type SQL, sql } from './drizzle.ts'
import { recordTransition } from './record-transition.ts'
import { alerts, alertTransitions } from './tables.ts'

type AlertRow = typeof alerts.$inferSelect

/** Resolves the open alerts that match, at most one per machine and rule, in the name of `by`. Returns the ids of the notifications. */
export async function closeAlerts(tx: Transaction, matching: SQL | undefined, by: string): Promise<string[]> {
  const open = await tx
    .select()
    .from(alerts)
    .where(and(ne(alerts.status, 'resolved'), matching))
    .orderBy(asc(alerts.id))
    .for('update')
  const ids: string[] = []
  for (const alert of open) ids.push(...(await resolveAlert(tx, alert, { by, note: null })))
  return ids
}

/** Resolves one open alert, whose row the caller has locked, with the words in which it was last told. */
export async function resolveAlert(
  tx: Transaction,
  alert: AlertRow,
  { by, note }: { by: string; note: string | null },
): Promise<string[]> {
  const [resolved] = await tx
    .update(alerts)
    .set({ status: 'resolved', resolved_at: sql`now()`, resolved_by: by })
    .where(eq(alerts.id, alert.id))
    .returning()
  if (!resolved?.resolved_at) throw new Error('the alert that was locked is gone')
  return recordTransition(tx, {
    ...(await lastTold(tx, resolved)),
    kind: 'resolved',
    at: resolved.resolved_at,
    by,
    note,
  })
}

/** What the alert last said of itself, for a transition that a person makes. */
export async function lastTold(tx: Transaction, alert: AlertRow) {
  const [last] = await tx
    .select({ texts: alertTransitions.texts })
    .from(alertTransitions)
    .where(eq(alertTransitions.alert_id, alert.id))
    .orderBy(desc(alertTransitions.id))
    .limit(1)
  return {
    alertId: alert.id,
    texts: last?.texts ?? inAllLanguages(alert),
    severity: alert.severity,
    value: alert.value,
    threshold: alert.threshold,
  }
}

function inAllLanguages({ title, message }: AlertRow): AlertTexts {
  const text = { title, message }
  return { en: text, es: text, de: text, fr: text }
}
