import { createPollTimes, type Gap, type GapReason, type IntervalInForce, limits, type PollCron } from '#core'
import { decodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database } from './database.ts'
import { lostGaps } from './lost-gaps.ts'
import { recordGaps } from './record-gaps.ts'
import { guarded, refusedValue } from './store-errors.ts'
import { type StoredOfDay, storedByDay } from './stored-by-day.ts'

/** A gap as it is stored, with what has arrived in it meanwhile. */
export interface GapRow {
  readonly id: string
  readonly started_at: Date
  readonly ended_at: Date | null
  readonly reason: GapReason
  readonly detail: string | null
  readonly interval_seconds: number
  /** In the place of the interval. */
  readonly poll_cron: PollCron | null
  /** Readings that were taken and dropped; null where they were never taken. */
  readonly lost: number | null
  /** Readings that stand between its ends all the same. */
  readonly stored: number
  /** Those of them that the machine had kept. */
  readonly backfilled: number
}

/** How a machine stands when its polling begins. */
export interface GapStart {
  /** Its last reading, or when it was configured if that was later, ms since 1970. */
  readonly since: number
  readonly isOpen: boolean
}

interface GapQuery {
  readonly start: Date
  readonly end: Date
  readonly limit: number
  readonly cursor?: string | undefined
}

export type GapStore = ReturnType<typeof createGapStore>

/** Between a worker's clock and ours. */
const clockSkewMs = 300_000
/** A machine that was silent for longer has an open gap, or was not polled. */
const lookBack = '30 days'

export function createGapStore({ db, bulk, reads }: Pick<Database, 'db' | 'bulk' | 'reads'>) {
  return {
    /** Writes gaps, all or nothing; writing one again changes nothing. Those of machines deleted, paused or configured anew meanwhile are left out. */
    record: (gaps: readonly Gap[]): Promise<void> =>
      guarded(
        'recording gaps',
        db
          .transaction((tx) => recordGaps(tx, gaps))
          .catch((error: unknown) => {
            throw refusedValue('recording gaps', error) ?? error
          }),
      ),

    /**
     * Writes down what a database has lost of the machines of some shards when it was put back to an earlier state. `knownAt`: a
     * moment that it knows no more, ms since 1970.
     */
    recordLost: (shards: readonly number[], knownAt: number): Promise<void> =>
      guarded(
        'recording what the database lost',
        db.transaction(async (tx) => recordGaps(tx, await lostGaps(tx, shards, knownAt))),
      ),

    /** How machines stand whose polling begins here. Ends open gaps that a reading has ended while nobody could say so. */
    begin: (equipmentIds: readonly string[]): Promise<Map<string, GapStart>> =>
      guarded(
        'reading how machines stand',
        bulk.begin(async (tx) => {
          const ids = [...equipmentIds]
          const soon = new Date(Date.now() + clockSkewMs)
          // Polling waits for this: somebody who holds the readings for long must not hold it up.
          await tx`select set_config('lock_timeout', ${`${limits.beginLockTimeoutMs}ms`}, true)`
          await tx`
            update equipment_gaps set ended_at = over.at from (
              select id, (select min(reading_time) from equipment_sensor_readings r
                where r.equipment_id = g.equipment_id and r.reading_time > g.missing_since and r.reading_time < ${soon}) as at
              from equipment_gaps g
              where equipment_id = any(${ids}::uuid[]) and ended_at is null and reason <> 'paused') over
            where over.id = equipment_gaps.id and over.at is not null`
          const rows = await tx<{ id: string; since: Date; is_open: boolean }[]>`
            select e.id, is_open,
              greatest(date_trunc('milliseconds', coalesce(e.iot_configured_at, e.created_at)), newest.reading_time) as since
            from equipment e
            left join lateral (
              select reading_time from equipment_sensor_readings
              where equipment_id = e.id and reading_time < ${soon}
                and reading_time > now() - ${lookBack}::interval
              order by reading_time desc limit 1) newest on true
            cross join lateral (select exists (
              select from equipment_gaps g where g.equipment_id = e.id and g.ended_at is null) as is_open) open
            where e.id = any(${ids}::uuid[])`
          return new Map(rows.map(({ id, since, is_open }) => [id, { since: since.getTime(), isOpen: is_open }]))
        }),
      ),

    /** The gaps that reach into a span, those that began last first. */
    list: async (equipmentId: string, { start, end, limit, cursor }: GapQuery): Promise<Page<GapRow>> => {
      const before = cursor === undefined ? undefined : decodeCursor('gaps', cursor)
      const rows = await guarded(
        'listing gaps',
        reads<GapRow[]>`
          select g.id, started_at, ended_at, reason, detail, interval_seconds, poll_cron, lost,
            inside.stored, inside.backfilled
          from equipment_gaps g
          cross join lateral (
            select count(*)::int as stored,
              (count(*) filter (where r.quality @? '$.* ? (@ == "BACKFILLED")'))::int as backfilled
            from equipment_sensor_readings r
            where r.equipment_id = g.equipment_id and r.reading_time > g.started_at
              and r.reading_time < coalesce(g.ended_at, now())) inside
          where g.equipment_id = ${equipmentId} and started_at < ${end} and (ended_at is null or ended_at > ${start})
            ${before ? reads`and (started_at, g.id) < (${before.time}, ${before.id}::uuid)` : reads``}
          order by started_at desc, g.id desc limit ${limit + 1}`,
      )
      return pageOf(rows, limit, ({ started_at, id }) => ({ list: 'gaps', time: started_at, id }))
    },

    /** The intervals at which a machine was to be polled, in order of time. */
    intervals: (equipmentId: string): Promise<IntervalInForce[]> =>
      guarded(
        'reading intervals',
        reads<{ since: Date; interval_seconds: number | null; poll_cron: PollCron | null }[]>`
          select since, interval_seconds, poll_cron from poll_intervals where equipment_id = ${equipmentId} order by since`.then(
          (rows) =>
            rows.map(({ since, interval_seconds, poll_cron }) => ({
              since: since.getTime(),
              intervalMs: interval_seconds === null ? null : interval_seconds * 1_000,
              times: poll_cron === null ? undefined : createPollTimes(poll_cron),
            })),
        ),
      ),

    /** The days of a time zone from one date up to and with another: from when until when, and how many readings are stored. */
    storedByDay: (
      equipmentId: string,
      days: { first: string; last: string; timezone: string },
    ): Promise<StoredOfDay[]> => guarded('counting readings', storedByDay(reads, equipmentId, days)),
  }
}
