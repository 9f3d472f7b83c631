import { type Gap, type GapReason, type IntervalInForce, isGap, limits } from '#core'
import { decodeCursor, type Page, pageOf } from './cursor.ts'
import type { Database, Transaction } from './database.ts'
import { sql as query } from './drizzle.ts'
import { guarded, refusedValue } from './store-errors.ts'

/** A gap as it is stored, with what has arrived in it meanwhile. */
export interface GapRow {
  readonly id: string
  readonly started_at: Date
  readonly ended_at: Date | null
  readonly reason: GapReason
  readonly detail: string | null
  readonly interval_seconds: number
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
          .transaction(async (tx) => {
            // Machines are locked by id, as everything locks them that takes several.
            const inOrder = gaps.toSorted((a, b) =>
              a.equipmentId < b.equipmentId ? -1 : Number(a.equipmentId > b.equipmentId),
            )
            for (const gap of inOrder) await recordOne(tx, gap)
          })
          .catch((error: unknown) => {
            throw refusedValue('recording gaps', error) ?? error
          }),
      ),

    /** How machines stand whose polling begins here. Ends open gaps that a reading has ended while nobody could say so. */
    begin: (equipmentIds: readonly string[]): Promise<Map<string, GapStart>> =>
      guarded(
        'reading how machines stand',
        bulk.begin(async (tx) => {
          const ids = [...equipmentIds]
          const soon = new Date(Date.now() + clockSkewMs)
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
          select g.id, started_at, ended_at, reason, detail, interval_seconds, lost, inside.stored, inside.backfilled
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
        reads<{ since: Date; interval_seconds: number | null }[]>`
          select since, interval_seconds from poll_intervals where equipment_id = ${equipmentId} order by since`.then(
          (rows) =>
            rows.map(({ since, interval_seconds }) => ({
              since: since.getTime(),
              intervalMs: interval_seconds === null ? null : interval_seconds * 1_000,
            })),
        ),
      ),

    /** The days of a time zone from one date up to and with another: from when until when, and how many readings are stored. */
    storedByDay: (
      equipmentId: string,
      { first, last, timezone }: { first: string; last: string; timezone: string },
    ): Promise<{ day: string; from: Date; to: Date; stored: number }[]> =>
      guarded(
        'counting readings',
        reads<{ day: string; from: Date; to: Date; stored: number }[]>`
          select to_char(d, 'YYYY-MM-DD') as day, d at time zone ${timezone} as from,
            (d + interval '1 day') at time zone ${timezone} as to,
            (select count(*)::int from equipment_sensor_readings
              where equipment_id = ${equipmentId} and reading_time >= d at time zone ${timezone}
                and reading_time < (d + interval '1 day') at time zone ${timezone}) as stored
          from generate_series(${first}::text::timestamp, ${last}::text::timestamp, interval '1 day') d order by d`.then(
          (rows) => [...rows],
        ),
      ),
  }
}

async function recordOne(tx: Transaction, gap: Gap): Promise<void> {
  const isLost = gap.lost !== undefined
  const { id, from, to } = parametersOf(gap)
  const isStale = query`(not iot_enabled or (${to} is null and ${from} < date_trunc('milliseconds', iot_configured_at)))`
  const [machine] = await tx.execute(
    query`select id from equipment where id = ${id} and (${isLost} or not ${isStale}) for no key update`,
  )
  if (!machine || (!isLost && (await closeOpen(tx, gap)))) return
  const left = isLost ? gap : await shortened(tx, gap)
  if (left && !(await extendLast(tx, left))) await insert(tx, left)
}

function parametersOf({ equipmentId, from, to, intervalMs }: Gap) {
  const time = (at: number | null) => query`${at === null ? null : new Date(at).toISOString()}::timestamptz`
  return { id: query`${equipmentId}::uuid`, from: time(from), to: time(to), intervalSeconds: intervalMs / 1_000 }
}

/** Whether there was an open gap: it keeps its start and its reason. */
async function closeOpen(tx: Transaction, gap: Gap): Promise<boolean> {
  const { id, to } = parametersOf(gap)
  const open = await tx.execute(query`
    update equipment_gaps set ended_at = ${to}
    where equipment_id = ${id} and ended_at is null and (${to} is null or started_at <= ${to}) returning id`)
  return open.length > 0
}

/** Whether the last gap had the same reason a moment before, and goes on with this one. */
async function extendLast(tx: Transaction, gap: Gap): Promise<boolean> {
  const { id, from, to, intervalSeconds } = parametersOf(gap)
  const { reason, lost = null } = gap
  const extended = await tx.execute(query`
    update equipment_gaps set
      missing_since = greatest(missing_since, ${from}),
      lost = lost + case when ended_at >= ${to} then 0 else ${lost}::integer end,
      ended_at = case when ${to} is null then null else greatest(ended_at, ${to}) end
    where reason = ${reason} and interval_seconds = ${intervalSeconds} and started_at <= ${from}
      and ended_at >= ${from} - make_interval(secs => ${limits.gapsJoinedMs / 1_000}) and id = (
        select id from equipment_gaps where equipment_id = ${id} and (lost is not null) = ${lost !== null}
        order by started_at desc limit 1)
    returning id`)
  return extended.length > 0
}

async function insert(tx: Transaction, gap: Gap): Promise<void> {
  const { id, from, to, intervalSeconds } = parametersOf(gap)
  const { reason, detail, lost = null } = gap
  await tx.execute(query`
    insert into equipment_gaps (equipment_id, started_at, missing_since, ended_at, reason, detail, interval_seconds, lost)
    values (${id}, ${from}, ${from}, ${to}, ${reason}, ${detail}, ${intervalSeconds}, ${lost}::integer)`)
}

/**
 * The worker before may have taken readings that were not stored yet when polling began again, and one that was frozen knows
 * nothing of those that another has taken meanwhile; `undefined` when they leave no gap.
 */
async function shortened(tx: Transaction, gap: Gap): Promise<Gap | undefined> {
  const to = gap.to ?? Date.now()
  const { id, from, to: before } = parametersOf({ ...gap, to })
  const [row] = await tx.execute<{ last: number | null }>(query`
    select extract(epoch from max(reading_time))::float8 * 1000 as last from equipment_sensor_readings
    where equipment_id = ${id} and reading_time > ${from} and reading_time < ${before}
      and not coalesce(quality @? '$.* ? (@ == "BACKFILLED")', false)`)
  const last = Math.round(row?.last ?? gap.from)
  return isGap({ from: last, to, intervalMs: gap.intervalMs }) ? { ...gap, from: last } : undefined
}
