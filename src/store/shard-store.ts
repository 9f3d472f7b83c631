import type { Database } from './database.ts'
import { eq, sql } from './drizzle.ts'
import { guarded } from './store-errors.ts'
import { shardLeases } from './tables.ts'

export type ShardStore = ReturnType<typeof createShardStore>

export function createShardStore({ db }: Database) {
  return {
    /**
     * Notes that this worker polls the shard now and returns the epoch that fences all earlier holders. `above`: one that it
     * raised before, which a database that was put back to an earlier state knows no more.
     */
    take: (shard: number, holder: string, above = 0): Promise<number> =>
      guarded(
        'taking a shard',
        db
          .update(shardLeases)
          .set({ epoch: sql`greatest(${shardLeases.epoch}, ${above}::bigint) + 1`, holder, taken_at: sql`now()` })
          .where(eq(shardLeases.shard, shard))
          .returning({ epoch: shardLeases.epoch })
          .then(([row]) => {
            if (!row) throw new Error(`there is no shard ${shard}`)
            return row.epoch
          }),
      ),

    /** By shard its present epoch, and the revision of its plan, which moves with every change of a configuration in the shard. */
    states: async (): Promise<Map<number, { readonly epoch: number; readonly revision: number }>> => {
      const rows = await guarded(
        'reading the state of shards',
        db
          .select({ shard: shardLeases.shard, epoch: shardLeases.epoch, revision: shardLeases.plan_revision })
          .from(shardLeases),
      )
      return new Map(rows.map(({ shard, ...state }) => [shard, state]))
    },
  }
}
