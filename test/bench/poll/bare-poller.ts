import { readFileSync } from 'node:fs'
import modbusSerial from 'modbus-serial'
import postgres from 'postgres'

/** The bare limit: modbus-serial on timers, batches of `unnest` through postgres.js, nothing else. */
const [url = '', portsFile = '', intervalMs = '1000'] = process.argv.slice(2)
const ports: number[] = JSON.parse(readFileSync(portsFile, 'utf8'))
const sql = postgres(url, { max: 2 })
await sql`create table if not exists bare_readings (
  equipment_id integer not null, reading_time timestamptz not null, temperature float8, humidity float8, power_kw float8,
  energy_consumption_kwh float8, target_temperature float8, additional jsonb, primary key (equipment_id, reading_time))`

type Row = [id: number, time: number, t: number, h: number, p: number, e: number, s: number, additional: string]
let rows: Row[] = []

const ModbusRTU = modbusSerial.default ?? modbusSerial

async function poll(client: InstanceType<typeof ModbusRTU>, id: number): Promise<void> {
  const { buffer } = await client.readHoldingRegisters(0, 20)
  const at = (index: number) => buffer.readFloatBE(4 * index)
  const additional = { serial: buffer.readUInt32BE(0), a: at(6), b: at(7), c: at(8), d: at(9) }
  rows.push([id, Date.now(), at(1), at(2), at(3), at(4), at(5), JSON.stringify(additional)])
}

async function store(): Promise<void> {
  const batch = rows
  rows = []
  if (batch.length === 0) return
  const column = <Index extends keyof Row>(index: Index) => batch.map((row) => row[index])
  await sql`insert into bare_readings select id, to_timestamp(time / 1000.0), t, h, p, e, s, additional::jsonb
    from unnest(${column(0)}::integer[], ${column(1)}::float8[], ${column(2)}::float8[], ${column(3)}::float8[],
      ${column(4)}::float8[], ${column(5)}::float8[], ${column(6)}::float8[], ${column(7)}::text[])
      as batch (id, time, t, h, p, e, s, additional) on conflict do nothing`
}

const timers: NodeJS.Timeout[] = []
await Promise.all(
  ports.map(async (port, id) => {
    const client = new ModbusRTU()
    client.setTimeout(1000)
    client.setID(1)
    await client.connectTCP('127.0.0.1', { port })
    setTimeout(
      () => timers.push(setInterval(() => void poll(client, id), Number(intervalMs))),
      (id / ports.length) * Number(intervalMs),
    )
  }),
)
const storing = setInterval(() => void store(), 1000)

process.on('SIGTERM', async () => {
  for (const timer of [...timers, storing]) clearInterval(timer)
  await new Promise((resolve) => setTimeout(resolve, 200))
  await store()
  await sql.end()
  process.exit(0)
})
