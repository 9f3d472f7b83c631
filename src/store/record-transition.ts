import type { Severity } from '#core'
import type { AlertTexts, AlertThreshold, AlertValue } from './alert-words.ts'
import type { Transaction } from './database.ts'
import { sql } from './drizzle.ts'
import { alertTransitions } from './tables.ts'

/** What happened to an alert, as it is now. */
export interface Transition {
  readonly alertId: string
  readonly kind: 'raised' | 'acknowledged' | 'resolved'
  readonly at: Date
  /** Who or what did it; `null` when the condition did. */
  readonly by: string | null
  readonly note: string | null
  readonly texts: AlertTexts
  readonly severity: Severity
  readonly value: AlertValue | null
  readonly threshold: AlertThreshold | null
}

/**
 * Writes a transition with one notification for every channel that wants it, and tells the other processes, all in the
 * caller's transaction. Returns the ids of the notifications.
 */
export async function recordTransition(tx: Transaction, transition: Transition): Promise<string[]> {
  const { alertId, kind, at, by, note, texts, severity, value, threshold } = transition
  const [row] = await tx
    .insert(alertTransitions)
    .values({ alert_id: alertId, kind, at, by, note, texts, severity, value, threshold })
    .returning({ id: alertTransitions.id })
  if (!row) throw new Error('the database returned no row')
  const queued = await tx.execute<{ id: string }>(sql`
    insert into notifications (channel_id, alert_id, transition_id)
    select id, ${alertId}::uuid, ${row.id} from notification_channels where enabled and ${severity} = any (severities)
    returning id`)
  await tx.execute(sql`select pg_notify('alert_changed', ${`${row.id} ${alertId}`})`)
  return queued.map(({ id }) => id)
}
