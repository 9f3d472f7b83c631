import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type OwnPostgres, startOwnPostgres } from '../setup/own-postgres.ts'
import { startServedFleet } from '../setup/served-fleet.ts'

const machines = 4
const day = 86_400_000
/** A job that was under way when the database went is found again after a minute. */
const inTime = { timeout: 120_000, interval: 50 }

let server: OwnPostgres
let fleet: Awaited<ReturnType<typeof startServedFleet>>
/** Refuses for now, or takes what it is sent. */
let receiver: Server
let isTaking = false
/** Ids of what was taken: a message has the same on every try. */
const taken: string[] = []
beforeAll(async () => {
  server = await startOwnPostgres()
  fleet = await startServedFleet({ machines, workers: 2, databaseUrl: server.url })
  receiver = createServer((request, response) => {
    if (isTaking) taken.push(String(request.headers['webhook-id']))
    request.resume()
    response.writeHead(isTaking ? 204 : 503).end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const { port } = receiver.address() as AddressInfo
  await fleet.call('/notification-channels', { kind: 'webhook', url: `http://127.0.0.1:${port}` })
  await fleet.polled()
}, 300_000)
afterAll(async () => {
  await fleet.stop()
  receiver.close()
  await server.stop()
})

it('a backup of yesterday that is put back under workers that live is polled into, tells what it has lost, and sends nothing again', async () => {
  const raisedBy = (name: string) => fleet.sql<{ id: string; status: string; last_error: string | null }[]>`
    select n.id, n.status, n.last_error from notifications n
    join equipment_iot_alerts alert on alert.id = n.alert_id join alert_rules rule on rule.id = alert.rule_id
    where rule.name = ${name} order by n.id`
  await fleet.call('/alert-rules', { name: 'Silence', kind: 'no_data', for_seconds: 300, severity: 'critical' })
  await addRule('Before')
  await vi.waitFor(async () => expect(await raisedBy('Before')).toHaveLength(machines), inTime)
  const waiting = (await raisedBy('Before')).map(({ id }) => id)
  await server.backUp(aDayOlder)
  isTaking = true
  // The next try may be a minute away.
  await fleet.sql`update notifications set next_attempt_at = now(), claimed_until = null`
  await vi.waitFor(() => expect(taken.toSorted()).toEqual(waiting), inTime)
  await fleet.polled()
  // Of the day that is lost: a worker knows an alert and a rule that the backup does not.
  await addRule('Lost')
  await vi.waitFor(() => expect(taken).toHaveLength(2 * machines), inTime)

  const restoredAt = Date.now()
  const restoredAtMs = performance.now()
  await server.restore()
  await fleet.polled()
  await addRule('After')
  await vi.waitFor(async () => {
    const since = taken.slice(2 * machines)
    const told = await fleet.sql<{ told: string }[]>`
      select rule.name || ' ' || transition.kind as told from notifications n
      join alert_transitions transition on transition.id = n.transition_id
      join equipment_iot_alerts alert on alert.id = n.alert_id join alert_rules rule on rule.id = alert.rule_id
      where n.id = any(${since}::uuid[]) order by 1`
    expect(told.map((one) => one.told)).toEqual(Array(machines).fill('After raised'))
    expect(since).toHaveLength(machines)
  }, inTime)
  const heldBack = { status: 'failed', last_error: expect.stringContaining('held back') }
  expect(await raisedBy('Before')).toEqual(waiting.map((id) => ({ id, ...heldBack })))
  expect(await raisedBy('Silence')).toEqual([])
  // What is served now is stored once; what was lost lies in a gap of each, which ends with the first reading after.
  await vi.waitFor(async () => {
    const gaps = await fleet.sql<{ started_at: Date; ended_at: Date | null }[]>`
      select started_at, ended_at from equipment_gaps where started_at < ${new Date(restoredAt - day / 2)}`
    expect(gaps).toHaveLength(machines)
    for (const { started_at, ended_at } of gaps) {
      expect(started_at.getTime()).toBeGreaterThan(restoredAt - 1.5 * day)
      // What was not stored yet is not lost.
      expect(ended_at?.getTime()).toBeGreaterThan(restoredAt - 10_000)
    }
  }, inTime)
  const { doubled, missingAtMs } = await fleet.judge()
  expect(doubled).toBe(0)
  // A process may have been storing when the database was stopped, and have been told so.
  expect(missingAtMs.filter((atMs) => atMs > restoredAtMs)).toEqual([])
}, 600_000)

/** Raises one alert of each machine, for as long as it is polled. */
async function addRule(name: string): Promise<void> {
  await fleet.call('/alert-rules', { name, kind: 'threshold', metric: 'additional.serial', above: 0, severity: 'info' })
}

/** Everything in a database happened a day earlier. */
async function aDayOlder(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await sql`select ensure_reading_partitions(current_date - 2, current_date)`
    const tables = await sql<{ name: string; columns: string[] }[]>`
      select table_name as name, array_agg(column_name::text) as columns from information_schema.columns
      join pg_class on pg_class.oid = format('%I.%I', table_schema, table_name)::regclass
      where table_schema = 'public' and data_type = 'timestamp with time zone' and not relispartition group by 1`
    for (const { name, columns } of tables) {
      const older = columns.map((column) => `${column} = ${column} - interval '1 day'`).join(', ')
      await sql.unsafe(`update ${name} set ${older}`)
    }
    await sql`
      update installation set value = to_jsonb((value #>> '{}')::timestamptz - interval '1 day')
      where key = 'outbox_attended_at'`
    await sql`
      update installation set value = value || jsonb_build_object('until', (value ->> 'until')::timestamptz - interval '1 day')
      where key = 'silence_looked_for'`
  } finally {
    await sql.end()
  }
}
