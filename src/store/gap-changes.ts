import type { PollCron } from '#core'
import type { Queries } from './database.ts'
import { sql } from './drizzle.ts'

/** What a change of a machine's configuration does to its gaps, in the transaction of the change. */

const now = sql`date_trunc('milliseconds', now())`

/** A gap belongs to one configuration, and a pause ends it: what is missing afterwards is another one. */
export async function endOpenGap(tx: Queries, id: string): Promise<void> {
  await tx.execute(
    sql`update equipment_gaps set ended_at = greatest(${now}, started_at) where equipment_id = ${id}::uuid and ended_at is null`,
  )
}

/** `by`: who pauses it, null where nobody says. */
export async function beginPause(tx: Queries, id: string, by: string | null): Promise<void> {
  await endOpenGap(tx, id)
  await tx.execute(sql`
    insert into equipment_gaps (equipment_id, started_at, missing_since, reason, detail, interval_seconds, poll_cron)
    select id, ${now}, ${now}, 'paused', ${by}, poll_interval_seconds, poll_cron from equipment
    where id = ${id}::uuid and link_key is not null`)
}

/** `intervalSeconds`: null when nothing is expected any more. `cron`: in the place of the interval. */
export async function noteInterval(
  tx: Queries,
  id: string,
  { intervalSeconds, cron }: { intervalSeconds: number | null; cron: PollCron | null },
): Promise<void> {
  const pollCron = sql`${cron && JSON.stringify(cron)}::text::jsonb`
  await tx.execute(sql`
    insert into poll_intervals (equipment_id, since, interval_seconds, poll_cron)
    select ${id}::uuid, ${now}, ${intervalSeconds}::integer, ${pollCron}
    where not exists (select from (
      select interval_seconds, poll_cron from poll_intervals where equipment_id = ${id}::uuid order by since desc limit 1) last
      where interval_seconds is not distinct from ${intervalSeconds}::integer and poll_cron is not distinct from ${pollCron})
    on conflict (equipment_id, since) do update
      set interval_seconds = excluded.interval_seconds, poll_cron = excluded.poll_cron`)
}
