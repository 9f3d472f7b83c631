import type { Sql } from './database.ts'

export interface StoredOfDay {
  readonly day: string
  readonly from: Date
  readonly to: Date
  readonly stored: number
}

/**
 * The days of a time zone from one date up to and with another, and how many readings each has. Counted hour by hour: from the
 * roll-up, which outlives the readings and is one row, where it holds the whole hour; else, as on the edge of a day or of now,
 * whatever knows of more: the readings, or the minutes, which are kept longer. Where only the hour is left its share is taken.
 */
export async function storedByDay(
  sql: Sql,
  equipmentId: string,
  { first, last, timezone }: { first: string; last: string; timezone: string },
): Promise<StoredOfDay[]> {
  return sql<StoredOfDay[]>`
    with days as (
      select d, d at time zone ${timezone} as from, (d + interval '1 day') at time zone ${timezone} as to
      from generate_series(${first}::text::timestamp, ${last}::text::timestamp, interval '1 day') d
    ),
    parts as (
      select d, hour, hour + interval '1 hour' as hour_end,
        greatest(hour, "from") as "from", least(hour + interval '1 hour', "to") as "to"
      from days cross join lateral generate_series(
        date_trunc('hour', "from", 'UTC'), "to" - interval '1 microsecond', interval '1 hour') hour
    )
    select to_char(days.d, 'YYYY-MM-DD') as day, days.from, days.to, counted.stored
    from days cross join lateral (
      select sum(case
        when part.from = part.hour and part.to = hour_end and hour_end <= filled_up_to and mark.hour is null
          then coalesce(of_hour.readings, 0)
        else (
          select case when minutes.are_gone then round(of_hour.readings
              * extract(epoch from part.to - part.from) / 3600) else greatest(minutes.readings, rows.readings) end
          from (
            select coalesce(sum(readings) filter (where bucket >= part.from and bucket < part.to), 0) as readings,
              count(*) = 0 and of_hour.readings is not null as are_gone
            from readings_1m where equipment_id = ${equipmentId} and bucket >= part.hour and bucket < hour_end) minutes,
          (
            select count(*) as readings from equipment_sensor_readings
            where equipment_id = ${equipmentId} and reading_time >= part.from and reading_time < part.to) rows
        ) end)::int as stored
      from parts part
      join rollup_progress on resolution = '1h'
      left join readings_1h of_hour on of_hour.equipment_id = ${equipmentId} and of_hour.bucket = part.hour
      left join rollup_marks mark on mark.equipment_id = ${equipmentId} and mark.hour = part.hour
      where part.d = days.d
    ) counted order by days.d`.then((rows) => [...rows])
}
