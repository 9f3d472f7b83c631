import type { Database } from './database.ts'
import { sql } from './drizzle.ts'
import { guarded } from './store-errors.ts'

export type WorkerStore = ReturnType<typeof createWorkerStore>

/** What the processes that poll say of themselves. */
export function createWorkerStore({ db }: Database) {
  /** The last report, by the database's clock. */
  let reportedAt = 0
  return {
    /**
     * Says that this process lives, and for how long readings that it has taken have been waiting to be stored. Gives
     * the moment of the last report, ms since 1970, where the database knows that no more: it was put back to an earlier state. A
     * report that was given up and comes through after a later one must not look like that.
     */
    report: (instanceId: string, { unstoredForMs }: { unstoredForMs: number }): Promise<number | undefined> =>
      guarded(
        'reporting a worker',
        db
          .execute<{ at: number; before: number | null }>(sql`
            with forgotten as (delete from workers where seen_at < now() - interval '1 day')
            insert into workers (instance_id, seen_at, unstored_since)
            values (${instanceId}, now(), case when ${unstoredForMs}::float8 > 0 then now() - make_interval(secs => ${unstoredForMs}::float8 / 1000) end)
            on conflict (instance_id) do update
              set seen_at = greatest(workers.seen_at, excluded.seen_at), unstored_since = excluded.unstored_since
            returning ${msOf('seen_at')} as at,
              (select ${msOf('before.seen_at')} from workers before where before.instance_id = ${instanceId}) as before`)
          .then(([row]) => {
            const last = reportedAt
            reportedAt = row?.at ?? 0
            return last > (row?.before ?? 0) ? last : undefined
          }),
      ),
  }
}

const msOf = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8`)
