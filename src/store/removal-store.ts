import type { Database } from './database.ts'
import { deleteSpan } from './delete-span.ts'
import { locks } from './locks.ts'
import { guarded } from './store-errors.ts'

export type RemovalStore = ReturnType<typeof createRemovalStore>

/** What deleted machines have left behind. */
export function createRemovalStore({ bulk: sql }: Pick<Database, 'bulk'>) {
  return {
    /**
     * Deletes the readings of machines that are gone and what they came to, a day of one machine in each statement (of
     * roll-ups a month, of days all), so that nobody waits for a lock.
     * Stopped in the middle it goes on at the next call. Returns how many machines are done.
     */
    removeReadings: (signal: AbortSignal): Promise<number> =>
      guarded(
        'deleting the readings of deleted machines',
        (async () => {
          const removed = await sql<{ equipment_id: string }[]>`select equipment_id from equipment_removals`
          // Whoever was filling roll-ups when a machine was deleted is done then; from now on they leave it out.
          if (removed.length > 0) await sql`select pg_advisory_xact_lock(${locks.rollups})`
          let done = 0
          for (const { equipment_id } of removed) {
            for (const remove of [removeOldestDay, removeOldestMonth]) {
              for (let count = 1; count > 0; count = await remove(equipment_id)) signal.throwIfAborted()
            }
            await sql`delete from equipment_removals where equipment_id = ${equipment_id}`
            done += 1
          }
          return done
        })(),
      ),
  }

  function removeOldestDay(equipmentId: string): Promise<number> {
    return removeOldest(equipmentId, { table: 'equipment_sensor_readings', moment: 'reading_time', days: 1 })
  }

  async function removeOldestMonth(equipmentId: string): Promise<number> {
    let removed = 0
    for (const table of ['readings_1m', 'readings_1h']) {
      removed += await removeOldest(equipmentId, { table, moment: 'bucket', days: 30 })
    }
    await sql`delete from readings_1d where equipment_id = ${equipmentId}`
    await sql`delete from rollup_marks where equipment_id = ${equipmentId}`
    return removed
  }

  async function removeOldest(
    equipmentId: string,
    { table, moment, days }: { table: string; moment: string; days: number },
  ): Promise<number> {
    const [oldest] = await sql<{ at: Date }[]>`
      select ${sql(moment)} as at from ${sql(table)}
      where equipment_id = ${equipmentId} order by ${sql(moment)} limit 1`
    if (!oldest) return 0
    const end = new Date(oldest.at.getTime() + days * 86_400_000)
    return deleteSpan(sql, { table, moment }, { equipmentId, begin: oldest.at, end })
  }
}
