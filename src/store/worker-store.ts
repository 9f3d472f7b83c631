import type { Database } from './database.ts'
import { sql } from './drizzle.ts'
import { guarded } from './store-errors.ts'

export type WorkerStore = ReturnType<typeof createWorkerStore>

/** What the processes that poll say of themselves. */
export function createWorkerStore({ db }: Database) {
  return {
    /** Says that this process lives, and for how long readings that it has taken have been waiting to be stored. */
    report: (instanceId: string, { unstoredForMs }: { unstoredForMs: number }): Promise<void> =>
      guarded(
        'reporting a worker',
        db
          .execute(sql`
            with forgotten as (delete from workers where seen_at < now() - interval '1 day')
            insert into workers (instance_id, seen_at, unstored_since)
            values (${instanceId}, now(), case when ${unstoredForMs}::float8 > 0 then now() - make_interval(secs => ${unstoredForMs}::float8 / 1000) end)
            on conflict (instance_id) do update set seen_at = excluded.seen_at, unstored_since = excluded.unstored_since`)
          .then(() => undefined),
      ),
  }
}
