import Fastify from 'fastify'
import postgres from 'postgres'

/** The bare limit: a Fastify route that runs the statement of `GET realtime-data` and sends what it gives. */
const [url = ''] = process.argv.slice(2)
const sql = postgres(url, { max: 4, onnotice: () => undefined })
const app = Fastify()
app.get<{ Params: { id: string } }>('/equipment/:id/realtime-data', async ({ params: { id } }) => {
  const since = new Date(Date.now() - 86_400_000)
  const until = new Date(Date.now() + 300_000)
  const [row] = await sql`
    select machine.id, machine.name, machine.iot_connection_status, machine.poll_interval_seconds,
      newest.reading_time, newest.source_time, newest.temperature, newest.target_temperature, newest.humidity,
      newest.energy_consumption_kwh, newest.power_kw, newest.operational_status, newest.cycle_stage,
      newest.cycle_progress_percentage, newest.time_remaining_minutes, newest.motor_speed_rpm, newest.door_status,
      newest.steam_level, newest.product_weight_kg, newest.moisture_content, newest.temperature_zones, newest.additional,
      newest.quality, batch.id as batch_id, batch.name as batch_name
    from equipment as machine
    left join lateral (
      select * from equipment_sensor_readings
      where equipment_id = machine.id and reading_time > ${since} and reading_time < ${until}
      order by reading_time desc limit 1
    ) as newest on true
    left join lateral (
      select batches.id, batches.name from batch_equipment join batches on batches.id = batch_equipment.batch_id
      where batch_equipment.equipment_id = machine.id
        and batches.started_at <= now() and (batches.ended_at is null or batches.ended_at > now())
      order by batches.started_at desc limit 1
    ) as batch on true
    where machine.id = ${id}`
  return row
})
await app.listen({ port: 0, host: '127.0.0.1' })
process.send?.(app.server.address())
