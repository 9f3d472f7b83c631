import { type Gap, gapMsMin, limits } from '#core'
import type { Transaction } from './database.ts'
import { sql } from './drizzle.ts'

/**
 * Writes gaps with two statements for as many machines as there are. One machine's gaps are written in their order: each must
 * see what became of the one before.
 */
export async function recordGaps(tx: Transaction, gaps: readonly Gap[]): Promise<void> {
  let left = gaps
  while (left.length > 0) {
    const first = new Map<string, Gap>()
    for (const gap of left) if (!first.has(gap.equipmentId)) first.set(gap.equipmentId, gap)
    const now = [...first.values()]
    const wanted = await lockMachines(tx, now)
    if (wanted.length > 0) await write(tx, wanted)
    left = left.filter((gap) => first.get(gap.equipmentId) !== gap)
  }
}

const given = (gaps: readonly Gap[]) => sql`
  select * from jsonb_to_recordset(${JSON.stringify(gaps.map(gapRow))}::text::jsonb) as gap (
    nth integer, equipment_id uuid, since timestamptz, until timestamptz, reason text, detail text,
    interval_seconds float8, poll_cron jsonb, ms_min float8, lost integer)`

function gapRow({ equipmentId, from, to, reason, detail, lost, ...rhythm }: Gap, nth: number) {
  return {
    nth,
    equipment_id: equipmentId,
    since: new Date(from),
    until: to === null ? null : new Date(to),
    reason,
    detail,
    interval_seconds: rhythm.intervalMs / 1_000,
    poll_cron: rhythm.times?.cron ?? null,
    ms_min: gapMsMin(rhythm, to ?? Date.now()),
    lost,
  }
}

/** Locks the machines, by id as everything locks them that takes several, and gives the gaps of those that still want them. */
async function lockMachines(tx: Transaction, gaps: readonly Gap[]): Promise<Gap[]> {
  const rows = await tx.execute<{ nth: number }>(sql`
    with gap as (${given(gaps)})
    select nth from equipment as machine join gap on gap.equipment_id = machine.id
    where gap.lost is not null
      or (iot_enabled and (until is not null or since >= date_trunc('milliseconds', iot_configured_at)) is not false)
    order by machine.id for no key update of machine`)
  return rows.flatMap(({ nth }) => gaps[nth] ?? [])
}

/**
 * An open gap keeps its start and its reason, and ends. Where there is none: the worker before may have taken readings that were
 * not stored yet when polling began again, and one that was frozen knows nothing of those that another has taken meanwhile. Of
 * what they leave, the last gap goes on where it had the same reason a moment before. The rest are new gaps.
 */
async function write(tx: Transaction, gaps: readonly Gap[]): Promise<void> {
  await tx.execute(sql`
    with gap as (${given(gaps)}),
    ended as (
      update equipment_gaps as open set ended_at = gap.until from gap
      where gap.lost is null and open.equipment_id = gap.equipment_id and open.ended_at is null
        and (gap.until is null or open.started_at <= gap.until)
      returning gap.nth
    ),
    remaining as (
      select gap.*, coalesce(newest.reading_time, since) as last from gap
      left join lateral (
        select max(reading_time) as reading_time from equipment_sensor_readings as reading
        where reading.equipment_id = gap.equipment_id and reading_time > gap.since
          and reading_time < coalesce(gap.until, now()) and not coalesce(quality @? '$.* ? (@ == "BACKFILLED")', false)
      ) as newest on gap.lost is null
      where nth not in (select nth from ended)
    ),
    shortened as (
      select * from remaining
      where lost is not null or extract(epoch from coalesce(until, now()) - last) * 1000 > ms_min
    ),
    extended as (
      update equipment_gaps as latest set
        missing_since = greatest(missing_since, gap.last),
        lost = latest.lost + case when ended_at >= gap.until then 0 else gap.lost end,
        ended_at = case when gap.until is null then null else greatest(ended_at, gap.until) end
      from shortened as gap
      where latest.reason = gap.reason and latest.interval_seconds = gap.interval_seconds
        and latest.poll_cron is not distinct from gap.poll_cron
        and started_at <= gap.last and ended_at >= gap.last - make_interval(secs => ${limits.gapsJoinedMs / 1_000})
        and latest.id = (
          select id from equipment_gaps as one
          where one.equipment_id = gap.equipment_id and (one.lost is not null) = (gap.lost is not null)
          order by started_at desc limit 1)
      returning gap.nth
    )
    insert into equipment_gaps (equipment_id, started_at, missing_since, ended_at, reason, detail, interval_seconds, poll_cron, lost)
    select equipment_id, last, last, until, reason, detail, interval_seconds, poll_cron, lost from shortened
    where nth not in (select nth from extended)`)
}
