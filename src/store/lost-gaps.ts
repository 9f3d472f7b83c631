import { createPollTimes, type Gap, isGap, type PollCron } from '#core'
import type { Transaction } from './database.ts'
import { sql } from './drizzle.ts'

/** Readings of the last seconds before the database went wait in a spool, and are not lost with it. */
const unstoredMs = 10_000
/** What is older than any backup that anybody puts back. */
const lookBack = '30 days'

type Hole = {
  equipment_id: string
  from: string
  to: string
  poll_interval_seconds: number
  poll_cron: PollCron | null
}

/**
 * The gap of each machine of some shards that holds what a database has lost which was put back to an earlier state: from its
 * last reading in that state to the first one since. `knownAt`: a moment that the database knows no more. A machine that was
 * not read since has none yet, and one that is told already none again.
 */
export async function lostGaps(tx: Transaction, shards: readonly number[], knownAt: number): Promise<Gap[]> {
  const until = new Date(knownAt - unstoredMs).toISOString()
  const holes = await tx.execute<Hole>(sql`
    select machine.id as equipment_id, before.reading_time as from, after.reading_time as to,
      poll_interval_seconds, poll_cron
    from equipment machine
    cross join lateral (
      select reading_time from equipment_sensor_readings where equipment_id = machine.id
        and reading_time < ${until}::timestamptz and reading_time > ${until}::timestamptz - ${lookBack}::interval
      order by reading_time desc limit 1) before
    cross join lateral (
      select reading_time from equipment_sensor_readings
      where equipment_id = machine.id and reading_time >= ${until}::timestamptz order by reading_time limit 1) after
    where shard = any(${`{${shards.join(',')}}`}::smallint[]) and iot_enabled
      and not exists (select from equipment_gaps gap where gap.equipment_id = machine.id
        and gap.started_at < after.reading_time and (gap.ended_at is null or gap.ended_at > before.reading_time))`)
  return holes
    .map(({ equipment_id: equipmentId, poll_cron: cron, ...hole }) => ({
      equipmentId,
      from: Date.parse(hole.from),
      to: Date.parse(hole.to),
      reason: 'database' as const,
      detail: 'put back to an earlier state',
      intervalMs: hole.poll_interval_seconds * 1_000,
      times: cron ? createPollTimes(cron) : undefined,
    }))
    .filter(isGap)
}
