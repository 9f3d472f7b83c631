import Fastify from 'fastify'
import postgres from 'postgres'

/** The bare limit: the same rows by one statement each, as the driver gives them, as JSON. */
const [url = ''] = process.argv.slice(2)
const sql = postgres(url, { max: 4, onnotice: () => undefined })
const app = Fastify()
app.get<{ Params: { id: string }; Querystring: { start: string; end: string } }>(
  '/equipment/:id/sensor-history',
  async ({ params: { id }, query: { start, end } }, reply) => {
    const rows = await sql`
      select reading_time, source_time, temperature, target_temperature, humidity, energy_consumption_kwh, power_kw,
        operational_status, cycle_stage, cycle_progress_percentage, time_remaining_minutes, motor_speed_rpm, door_status,
        steam_level, product_weight_kg, moisture_content, temperature_zones, additional, quality
      from equipment_sensor_readings
      where equipment_id = ${id} and reading_time >= ${new Date(start)} and reading_time < ${new Date(end)}
      order by reading_time limit 10001`
    return reply.type('application/json').send(JSON.stringify({ equipment_id: id, readings: rows }))
  },
)
/** A year by the day, from its roll-ups. */
app.get<{ Params: { id: string }; Querystring: { start: string; end: string } }>(
  '/equipment/:id/rollups',
  async ({ params: { id }, query: { start, end } }, reply) => {
    const rows = await sql`
      select * from readings_1d
      where equipment_id = ${id} and bucket >= ${new Date(start)} and bucket < ${new Date(end)} order by bucket`
    return reply.type('application/json').send(JSON.stringify({ equipment_id: id, readings: rows }))
  },
)
/** The newest reading of every machine. */
app.get('/newest', async (_, reply) => {
  const rows = await sql`
    select machine.id, newest.* from equipment machine left join lateral (
      select * from equipment_sensor_readings
      where equipment_id = machine.id and reading_time > now() - interval '1 day' order by reading_time desc limit 1
    ) newest on true`
  return reply.type('application/json').send(JSON.stringify(rows))
})
await app.listen({ port: 0, host: '127.0.0.1' })
process.send?.(app.server.address())
