import { limits } from '#core'
import type { AlertRecord } from './alert-store.ts'
import { attendOutbox, isUnattended } from './attend-outbox.ts'
import { bindingOf } from './channel-store.ts'
import type { Database, Queries } from './database.ts'
import { and, desc, eq, lte, ne, type SQL, sql } from './drizzle.ts'
import type { SecretBox } from './secret-box.ts'
import { guarded } from './store-errors.ts'
import { alerts, alertTransitions, equipment, notificationChannels, notifications } from './tables.ts'

/** One row of the outbox that this process may send now, with all that its message tells. */
export interface ClaimedNotification {
  /** The same on every try: the receiver's idempotency key. */
  readonly id: string
  /** This try, counted from 1. */
  readonly attempt: number
  readonly channel: Pick<typeof notificationChannels.$inferSelect, 'id' | 'kind' | 'url' | 'language' | 'enabled'>
  /** Opens the channel's secret; throws INTERNAL when no key fits. */
  readonly secret: () => unknown
  readonly transition: typeof alertTransitions.$inferSelect
  /** What the alert was when the transition was made. */
  readonly asOf: {
    readonly occurrences: number
    readonly acknowledged: { readonly at: Date; readonly by: string | null } | null
  }
  readonly alert: AlertRecord
}

/** What became of a try. */
export type Settlement =
  | { readonly result: 'sent' }
  | { readonly result: 'failed'; readonly error: string; readonly disableChannel: boolean }
  | { readonly result: 'retry'; readonly error: string; readonly inMs: number }

export type NotificationStore = ReturnType<typeof createNotificationStore>

/** Tries of one channel under way at once: a receiver that is silent must not keep those of all others waiting. */
const triesPerChannel = 4
/** Longer than a try can take; then another process may try. */
const claimMs = limits.webhookTimeoutMs + 10_000
const errorLengthMax = 500

export function createNotificationStore({ db }: Database, box: SecretBox) {
  return {
    /** Takes a notification for one try. Nothing when it is not due, somebody else has it, or an earlier one of the same alert and channel still waits. */
    async claim(id: string): Promise<ClaimedNotification | undefined> {
      const [claimed] = await guarded(
        'claiming a notification',
        db
          .update(notifications)
          .set({
            claimed_until: sql`now() + make_interval(secs => ${claimMs / 1000})`,
            attempts: sql`${notifications.attempts} + 1`,
          })
          .where(sql`${notifications.id} = (
            select n.id from notifications n where n.id = ${id}::uuid and ${isDue} for update skip locked)`)
          .returning(),
      )
      if (!claimed) return undefined
      const row = await guarded('reading a notification', readMessage(db, claimed))
      if (!row) return undefined
      const { id: channelId, kind, url, language, enabled, secret } = row.channel
      return {
        id,
        attempt: claimed.attempts,
        channel: { id: channelId, kind, url, language, enabled },
        secret: () => box.open(secret, bindingOf(channelId, url)),
        transition: row.transition,
        asOf: row.asOf,
        alert: { ...row.alert, equipment_name: row.equipment_name },
      }
    },

    /** Notes what became of a try, unless its claim has passed to another meanwhile. */
    settle: ({ id, attempt, channel }: ClaimedNotification, settlement: Settlement): Promise<void> =>
      guarded(
        'settling a notification',
        db.transaction(async (tx) => {
          await tx
            .update(notifications)
            .set({ ...settled(settlement), claimed_until: null })
            .where(
              and(eq(notifications.id, id), eq(notifications.attempts, attempt), eq(notifications.status, 'pending')),
            )
          if (settlement.result === 'failed' && settlement.disableChannel)
            await tx
              .update(notificationChannels)
              .set({ enabled: false, updated_at: sql`now()` })
              .where(eq(notificationChannels.id, channel.id))
        }),
      ),

    /**
     * Says that the outbox is looked after. Where nobody has done so for longer than `outboxUnattendedMsMax`, what has waited as
     * long is given up; returns how many.
     */
    attend: (): Promise<number> => guarded('looking after the outbox', attendOutbox(db)),

    /** What may be sent now, oldest first: for the sweep, which finds what no doorbell announced. */
    due: async (limit: number): Promise<string[]> => {
      const rows = await guarded(
        'reading due notifications',
        db.execute<{ id: string }>(
          sql`select n.id from notifications n where ${isDue} order by n.next_attempt_at limit ${limit}`,
        ),
      )
      return rows.map(({ id }) => id)
    },
  }
}

async function readMessage(db: Queries, { channel_id, transition_id }: typeof notifications.$inferSelect) {
  const [row] = await db
    .select({
      channel: notificationChannels,
      transition: alertTransitions,
      alert: alerts,
      equipment_name: equipment.name,
    })
    .from(alertTransitions)
    .innerJoin(notificationChannels, eq(notificationChannels.id, channel_id))
    .innerJoin(alerts, eq(alerts.id, alertTransitions.alert_id))
    .innerJoin(equipment, eq(equipment.id, alerts.equipment_id))
    .where(eq(alertTransitions.id, transition_id))
  if (!row) return undefined
  const untilThen = and(eq(alertTransitions.alert_id, row.alert.id), lte(alertTransitions.id, transition_id))
  const occurrences = await db.$count(alertTransitions, and(untilThen, eq(alertTransitions.kind, 'raised')))
  const [before] = await db
    .select({ kind: alertTransitions.kind, at: alertTransitions.at, by: alertTransitions.by })
    .from(alertTransitions)
    .where(and(untilThen, ne(alertTransitions.kind, 'resolved')))
    .orderBy(desc(alertTransitions.id))
    .limit(1)
  const acknowledged = before?.kind === 'acknowledged' ? { at: before.at, by: before.by } : null
  return { ...row, asOf: { occurrences, acknowledged } }
}

const isDue: SQL = sql`n.status = 'pending' and n.next_attempt_at <= now()
  and (select count(*) from notifications other
    where other.channel_id = n.channel_id and other.claimed_until > now()) < ${triesPerChannel}
  and (n.claimed_until is null or n.claimed_until < now())
  and not ${isUnattended}
  and not exists (
    select from notifications earlier
    where earlier.alert_id = n.alert_id and earlier.channel_id = n.channel_id
      and earlier.transition_id < n.transition_id and earlier.status = 'pending')`

function settled(settlement: Settlement) {
  if (settlement.result === 'sent') return { status: 'sent' as const, sent_at: sql`now()`, last_error: null }
  const last_error = settlement.error.slice(0, errorLengthMax)
  if (settlement.result === 'failed') return { status: 'failed' as const, last_error }
  return { next_attempt_at: sql`now() + make_interval(secs => ${settlement.inMs / 1000})`, last_error }
}
