import { limits } from '#core'
import type { Database } from './database.ts'
import { deleteSpan } from './delete-span.ts'
import { type Days, type DroppedByAge, dropOldParts } from './drop-old-parts.ts'
import { guarded } from './store-errors.ts'

/** For how many days things are kept; 0 is for ever. */
export interface Retention {
  readonly raw: Days
  readonly '1m': Days
  readonly '1h': Days
  readonly '1d': Days
  readonly connectionLogs: Days
  /** Counted from when an alert was resolved; open ones stay. Its transitions and notifications go with it. */
  readonly closedAlerts: Days
  readonly auditLog: Days
  /** Sites whose readings go sooner than `raw` says, by name. */
  readonly sites: ReadonlyMap<string, number>
}

export interface Expired extends DroppedByAge {
  /** Single readings of sites, daily roll-ups, gaps, events. */
  readonly rows: number
}

export type RetentionStore = ReturnType<typeof createRetentionStore>

/** Tables of events: what is older goes in slices, oldest or not. Each needs an index on `moment`. */
const eventTables = [
  { table: 'equipment_connection_logs', moment: 'event_time', keep: 'connectionLogs' },
  // Only closed ones have the moment.
  { table: 'equipment_iot_alerts', moment: 'resolved_at', keep: 'closedAlerts' },
  { table: 'audit_log', moment: 'at', keep: 'auditLog' },
] as const

/** Of a hundred machines some 36,000 daily roll-ups a year: the first time is short, all later ones find one row each. */
const machinesAtOnce = 100

/** Deletes what is older than it is to be kept. */
export function createRetentionStore({ bulk: sql }: Pick<Database, 'bulk'>) {
  return {
    /**
     * Whole partitions or chunks are dropped, each in a statement that gives up where it would hold up writers; single rows go in
     * short statements. Nothing goes that roll-ups are still to be filled from. Stopped or killed anywhere it goes on
     * the next time. `isHeldUp` says that partitions are left because somebody was using them.
     */
    expire: (keep: Retention, signal: AbortSignal): Promise<Expired> =>
      guarded(
        'deleting what is older than it is kept',
        (async () => {
          let rows = 0
          for (const { table, moment, keep: name } of eventTables) {
            rows += keep[name] > 0 ? await deleteEvents({ table, moment, days: keep[name] }, signal) : 0
          }
          const dropped = await dropOldParts(sql, keep, signal)
          for (const [site, days] of keep.sites) rows += await deleteOfSite(site, days, signal)
          rows += keep['1d'] > 0 ? await deleteDays(keep['1d'], signal) : 0
          return { ...dropped, rows }
        })(),
      ),
  }

  async function deleteEvents(
    { table, moment, days }: { table: string; moment: string; days: number },
    signal: AbortSignal,
  ): Promise<number> {
    let deleted = 0
    for (let count: number = limits.expiredRowsAtOnce; count === limits.expiredRowsAtOnce; deleted += count) {
      signal.throwIfAborted()
      const result = await sql`
        delete from ${sql(table)} where id in (
          select id from ${sql(table)} where ${sql(moment)} < now() - make_interval(days => ${days})
          order by ${sql(moment)} limit ${limits.expiredRowsAtOnce} for update skip locked
        )`
      count = result.count
    }
    return deleted
  }

  /** A day of one machine in each statement. Where nothing is old, one look at each machine is all. */
  async function deleteOfSite(site: string, days: number, signal: AbortSignal): Promise<number> {
    const [bound] = await sql<{ cutoff: Date }[]>`
      select least(now() - make_interval(days => ${days}), filled_up_to) as cutoff
      from rollup_progress where resolution = '1m'`
    if (!bound) throw new Error('the progress of 1m is gone')
    let deleted = 0
    for (;;) {
      signal.throwIfAborted()
      const oldest = await sql<{ id: string; begin: Date }[]>`
        select machine.id, oldest.reading_time as begin from equipment machine cross join lateral (
          select reading_time from equipment_sensor_readings
          where equipment_id = machine.id and reading_time < ${bound.cutoff} order by reading_time limit 1
        ) oldest where machine.site = ${site}`
      if (oldest.length === 0) return deleted
      for (const { id, begin } of oldest) {
        signal.throwIfAborted()
        const end = new Date(Math.min(begin.getTime() + 86_400_000, bound.cutoff.getTime()))
        const readings = { table: 'equipment_sensor_readings', moment: 'reading_time' }
        deleted += await deleteSpan(sql, readings, { equipmentId: id, begin, end })
      }
    }
  }

  /** Daily roll-ups lie in one table; a machine has one a day. With them it is forgotten what was missing then. */
  async function deleteDays(days: number, signal: AbortSignal): Promise<number> {
    const machines = await sql<{ id: string }[]>`select id from equipment`
    let deleted = 0
    for (let first = 0; first < machines.length; first += machinesAtOnce) {
      signal.throwIfAborted()
      const ids = machines.slice(first, first + machinesAtOnce).map(({ id }) => id)
      const { count } = await sql`
        delete from readings_1d
        where equipment_id = any(${ids}::uuid[]) and bucket < now() - make_interval(days => ${days})`
      const gaps = await sql`
        delete from equipment_gaps
        where equipment_id = any(${ids}::uuid[]) and started_at < now() - make_interval(days => ${days})
          and ended_at < now() - make_interval(days => ${days})`
      deleted += count + gaps.count
    }
    return deleted
  }
}
