import type { Transaction } from './database.ts'
import { eq, sql } from './drizzle.ts'
import { shardLeases } from './tables.ts'

/** Tells the holders of these shards, when the transaction commits, that what they poll has changed; the revision tells those who did not hear it. */
export async function announcePlan(tx: Transaction, shards: readonly number[]): Promise<void> {
  // In order, so that two transactions never wait for each other.
  const distinct = [...new Set(shards)].sort((a, b) => a - b)
  for (const shard of distinct) {
    await tx
      .update(shardLeases)
      .set({ plan_revision: sql`${shardLeases.plan_revision} + 1` })
      .where(eq(shardLeases.shard, shard))
    await tx.execute(sql`select pg_notify('plan_changed', ${String(shard)})`)
  }
}
