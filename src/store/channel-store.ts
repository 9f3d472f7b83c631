import { randomUUID } from 'node:crypto'
import { BakewireError, type Severity } from '#core'
import type { Language } from './alert-words.ts'
import { decodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database } from './database.ts'
import { and, asc, eq, getTableColumns, inArray, sql } from './drizzle.ts'
import type { Binding, SecretBox } from './secret-box.ts'
import { anyState, type StateCheck } from './state-check.ts'
import { guarded } from './store-errors.ts'
import { channelKinds, notificationChannels } from './tables.ts'
import { newWebhookSecret } from './webhook-secret.ts'

type ChannelRow = typeof notificationChannels.$inferSelect
/** A channel as it may be shown: its secret is never part of it. */
export type ChannelRecord = Omit<ChannelRow, 'secret'>

export interface ChannelFields {
  readonly kind: 'webhook'
  readonly name?: string | undefined
  readonly url: string
  readonly secret?: string | undefined
  readonly severities: readonly Severity[]
  readonly language: Language
  readonly enabled: boolean
}

export type ChannelChange = { readonly [field in keyof Omit<ChannelFields, 'kind'>]?: ChannelFields[field] | undefined }

/** What became of the newest messages of a channel. */
export interface Deliveries {
  readonly sent: number
  readonly waiting: number
  readonly failed: number
  readonly last_sent_at: Date | null
  /** Why the newest of those that failed, or that are tried again, did. */
  readonly last_error: string | null
}

/** Messages that are looked at for it. */
const recentMessages = 100

const isKnown = inArray(notificationChannels.kind, channelKinds)

/** All columns but the secret. */
const { secret: _secret, ...shown } = getTableColumns(notificationChannels)

export type ChannelStore = ReturnType<typeof createChannelStore>

export function createChannelStore({ db }: Database, box: SecretBox) {
  return {
    /** `generatedSecret` is there when none was given: to be shown this once. */
    async create(fields: ChannelFields): Promise<{ channel: ChannelRecord; generatedSecret?: string }> {
      const id = randomUUID()
      const { secret, severities, name = new URL(fields.url).host, ...rest } = fields
      const generatedSecret = secret === undefined ? newWebhookSecret() : undefined
      const sealed = box.seal(secret ?? generatedSecret, bindingOf(id, fields.url))
      const [channel] = await guarded(
        'storing a notification channel',
        db
          .insert(notificationChannels)
          .values({ ...rest, id, name, severities: [...severities], secret: sealed })
          .returning(shown),
      )
      if (!channel) throw new Error('the database returned no row')
      return generatedSecret === undefined ? { channel } : { channel, generatedSecret }
    },

    get: async (id: string): Promise<ChannelRecord | undefined> => {
      const [row] = await guarded(
        'reading a notification channel',
        db
          .select(shown)
          .from(notificationChannels)
          .where(and(eq(notificationChannels.id, id), isKnown)),
      )
      return row
    },

    /** By channel; one that has had no message yet is missing. */
    deliveriesOf: async (channelIds: readonly string[]): Promise<ReadonlyMap<string, Deliveries>> => {
      const rows = await guarded(
        'reading the deliveries of notification channels',
        db.execute<Omit<Deliveries, 'last_sent_at'> & { channel_id: string; last_sent_at: string | null }>(sql`
          select c.id as channel_id,
                 (count(*) filter (where n.status = 'sent'))::int as sent,
                 (count(*) filter (where n.status = 'pending'))::int as waiting,
                 (count(*) filter (where n.status = 'failed'))::int as failed,
                 max(n.sent_at) as last_sent_at,
                 (array_agg(n.last_error order by n.transition_id desc) filter (where n.last_error is not null))[1] as last_error
          from notification_channels c
          cross join lateral (
            select * from notifications where channel_id = c.id order by transition_id desc limit ${recentMessages}
          ) n
          where c.id in (select jsonb_array_elements_text(${JSON.stringify(channelIds)}::text::jsonb)::uuid)
          group by c.id`),
      )
      return new Map(
        rows.map(({ channel_id, last_sent_at, ...counts }) => [
          channel_id,
          { ...counts, last_sent_at: last_sent_at === null ? null : new Date(last_sent_at) },
        ]),
      )
    },

    /** Oldest first. */
    async list({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<ChannelRecord>> {
      const after = cursor === undefined ? undefined : decodeCursor('notification-channels', cursor)
      const rows = await guarded(
        'listing notification channels',
        db
          .select(shown)
          .from(notificationChannels)
          .where(
            and(
              isKnown,
              after &&
                sql`(${notificationChannels.created_at}, ${notificationChannels.id}) > (${after.time.toISOString()}::timestamptz, ${after.id}::uuid)`,
            ),
          )
          .orderBy(asc(notificationChannels.created_at), asc(notificationChannels.id))
          .limit(limit + 1),
      )
      return pageOf(rows, limit, (row) => ({ list: 'notification-channels', time: row.created_at, id: row.id }))
    },

    /** Throws SECRET_REQUIRED when the address moves to another server and the secret is not given again. */
    update: (
      id: string,
      { secret, severities, ...change }: ChannelChange,
      check: StateCheck<ChannelRecord> = anyState,
    ): Promise<ChannelRecord | undefined> =>
      guarded(
        'changing a notification channel',
        db.transaction(async (tx) => {
          const [before] = await tx
            .select()
            .from(notificationChannels)
            .where(eq(notificationChannels.id, id))
            .for('update')
          if (!before) return undefined
          check(before)
          const url = change.url ?? before.url
          if (secret === undefined && targetOf(url) !== targetOf(before.url)) throw secretRequired()
          const [channel] = await tx
            .update(notificationChannels)
            .set({
              ...change,
              ...(severities ? { severities: [...severities] } : {}),
              ...(secret === undefined ? {} : { secret: box.seal(secret, bindingOf(id, url)) }),
              revision: sql`${notificationChannels.revision} + 1`,
              updated_at: sql`now()`,
            })
            .where(eq(notificationChannels.id, id))
            .returning(shown)
          return channel
        }),
      ),

    /** Deletes the channel with what waits for it in the outbox. */
    remove: (id: string, check: StateCheck<ChannelRecord> = anyState): Promise<boolean> =>
      guarded(
        'deleting a notification channel',
        db.transaction(async (tx) => {
          const [before] = await tx
            .select(shown)
            .from(notificationChannels)
            .where(eq(notificationChannels.id, id))
            .for('update')
          if (!before) return false
          check(before)
          await tx.delete(notificationChannels).where(eq(notificationChannels.id, id))
          return true
        }),
      ),
  }
}

/** What a channel's secret belongs to: the channel and the server that it is for. */
export function bindingOf(id: string, url: string): Binding {
  return { record: `notification_channels/${id}`, field: 'secret', target: targetOf(url) }
}

function targetOf(url: string): string {
  return `webhook ${new URL(url).origin}`
}

function secretRequired(): BakewireError {
  const message = 'must be given again, because the address is on another server'
  return new BakewireError('SECRET_REQUIRED', `secret: ${message}`, { errors: [{ path: 'secret', message }] })
}
