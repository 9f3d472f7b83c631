import { limits } from '#core'
import type { Queries } from './database.ts'
import { type SQL, sql } from './drizzle.ts'

// A service that was off for half a day, or whose database was put back to yesterday, has messages in its outbox of which
// nobody knows whether they were sent, and which nobody waits for any more.

const key = 'outbox_attended_at'
const attendedAt = sql`(value #>> '{}')::timestamptz`
const longest = sql`make_interval(secs => ${limits.outboxUnattendedMsMax / 1_000})`
/** More often would be writes for nothing. */
const noteEvery = sql`interval '1 minute'`

/** Nothing is sent until somebody has attended. */
export const isUnattended: SQL = sql`exists (
  select from installation where key = ${key} and ${attendedAt} < now() - ${longest})`

/** Gives the number of notifications that are held back. */
export async function attendOutbox(db: Queries): Promise<number> {
  await db.execute(sql`
    insert into installation (key, value) values (${key}, to_jsonb(now())) on conflict do nothing`)
  const held = await db.execute(sql`
    with before as materialized (
      select ${attendedAt} as at from installation
      where key = ${key} and ${attendedAt} < now() - ${noteEvery} for update
    ),
    attended as (
      update installation set value = to_jsonb(now()) where key = ${key} and exists (select from before)
    )
    update notifications set status = 'failed', claimed_until = null,
      last_error = 'held back: nobody looked after the outbox since ' || to_char(before.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')
        || ' UTC; whether it was sent then is not known'
    from before
    where status = 'pending' and before.at < now() - ${longest} and created_at < now() - ${longest}
    returning id`)
  return held.length
}
