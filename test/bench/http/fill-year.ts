import type { Database } from '#store'

const widths = { '1m': 60, '1h': 3_600, '1d': 86_400 } as const
const secondsOfYear = 365 * 86_400

/** The roll-ups of a year of readings every ten seconds that ends at `end`, a UTC midnight; gives when it began. */
export async function fillYear({ bulk }: Database, id: string, end: Date): Promise<Date> {
  const start = new Date(end.getTime() - secondsOfYear * 1_000)
  const sql = await bulk.reserve()
  await sql`set statement_timeout = 0`
  await sql`select ensure_rollup_partitions(${start}, ${end})`
  for (const [resolution, width] of Object.entries(widths)) {
    const table = sql(`readings_${resolution}`)
    await sql`
      insert into ${table} (equipment_id, bucket, readings,
        temperature_count, temperature_sum, temperature_min, temperature_max,
        humidity_count, humidity_sum, humidity_min, humidity_max,
        energy_consumption_kwh_first, energy_consumption_kwh_last, energy_consumption_kwh_growth,
        operational_status_last, temperature_zones, additional)
      select ${id}::uuid, ${start}::timestamptz + make_interval(secs => n * ${width}::int), count,
        count, count * (180 + n % 100 / 10.0), 180, 190, count, count * 12.5, 12, 13,
        n * growth, (n + 1) * growth - 0.01, growth - 0.01, 'running',
        jsonb_build_object('top', jsonb_build_array(count, count * 190.5, 189, 192, null)),
        jsonb_build_object('fan_speed', jsonb_build_array(count, count * 1420, 1400, 1440, null),
          'programme', jsonb_build_array(0, null, null, null, 'Baguette'))
      from (select ${width}::int / 10 as count, ${width}::int / 360.0 as growth) bucket,
        generate_series(0, ${secondsOfYear / width - 1}::int) as n`
    await sql`analyze ${table}`
  }
  await sql`update rollup_progress set filled_up_to = ${end}`
  sql.release()
  return start
}
