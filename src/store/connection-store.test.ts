import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Gap } from '#core'
import { startProxiedDatabase } from '../../test/setup/proxied-database.ts'
import { type ConnectionEvent, createConnectionStore } from './connection-store.ts'
import type { Database } from './database.ts'
import { createGapStore } from './gap-store.ts'
import { createShardStore } from './shard-store.ts'

let stop: () => Promise<void>
let database: Database
let ids: string[]
beforeAll(async () => {
  const proxied = await startProxiedDatabase()
  database = proxied.direct
  stop = proxied.stop
})
afterAll(() => stop())

async function addMachines(count: number): Promise<string[]> {
  const rows = await database.bulk<{ id: string }[]>`
    insert into equipment (name, type, iot_enabled, iot_connection_status, config_revision, link_key)
    select 'Machine ' || number, 'other', true, 'connecting', 3, 'modbus:' || number from generate_series(1, ${count}) number
    returning id`
  return rows.map(({ id }) => id)
}

const at = (second: number) => new Date(Date.UTC(2026, 10, 26, 4, 0, second))
const eventOf = (equipmentId: string, second: number, fields: Partial<ConnectionEvent> = {}): ConnectionEvent => ({
  equipmentId,
  configRevision: 3,
  shard: 0,
  epoch: 0,
  eventType: 'connected',
  status: 'connected',
  at: at(second),
  fault: null,
  responseTimeMs: 12.5,
  dataPoints: 4,
  lastConnected: at(second),
  ...fields,
})
const lost = (message: string): Partial<ConnectionEvent> => ({
  eventType: 'disconnected',
  status: 'disconnected',
  fault: { code: 'TIMED_OUT', message },
  responseTimeMs: null,
  dataPoints: null,
  lastConnected: null,
})

it('shows the last of several events and logs each, in their order; what one does not tell stays', async () => {
  ids = await addMachines(2)
  const [one = '', other = ''] = ids
  const store = createConnectionStore(database)
  const stale = { configRevision: 2 }
  await store.record([
    eventOf(one, 1),
    eventOf(other, 2, lost('no \'answer\'; "{}"')),
    eventOf(one, 3, lost('gone')),
    eventOf(other, 4, stale),
    eventOf(randomUUID(), 5),
  ])
  const rows = await database.bulk`
    select id, iot_connection_status as status, iot_connection_error as error, iot_last_connected as last
    from equipment where id = any(${ids}::uuid[]) order by name`
  expect(rows).toEqual([
    { id: one, status: 'disconnected', error: { code: 'TIMED_OUT', message: 'gone' }, last: at(1) },
    { id: other, status: 'disconnected', error: { code: 'TIMED_OUT', message: 'no \'answer\'; "{}"' }, last: null },
  ])
  const { items: logged } = await store.list(one, { limit: 10 })
  expect(logged).toMatchObject([
    {
      event_type: 'disconnected',
      event_time: at(3),
      error_code: 'TIMED_OUT',
      error_message: 'gone',
      response_time_ms: null,
    },
    { event_type: 'connected', event_time: at(1), error_code: null, response_time_ms: 12.5, data_points_received: 4 },
  ])
})

it('takes nothing from an earlier holder of the shard', async () => {
  const [id = ''] = await addMachines(1)
  const shards = createShardStore(database)
  const store = createConnectionStore(database)
  const shard = 7
  const frozen = await shards.take(shard, 'the frozen one')
  const holder = await shards.take(shard, 'its successor')
  await store.record([eventOf(id, 1, { shard, epoch: holder })])
  await store.record([eventOf(id, 2, { shard, epoch: frozen, ...lost('no answer for 12 s') })])
  const rows = await database.bulk`select iot_connection_status as status from equipment where id = ${id}`
  expect(rows).toEqual([{ status: 'connected' }])
  expect((await store.list(id, { limit: 10 })).items).toHaveLength(1)
})

it('takes turns with whatever else takes many machines, in whichever order they came', async () => {
  const many = await addMachines(200)
  const connections = createConnectionStore(database)
  const gaps = createGapStore(database)
  const gapOf = (equipmentId: string): Gap => ({
    equipmentId,
    from: at(0).getTime(),
    to: at(60).getTime(),
    reason: 'network',
    detail: 'TIMED_OUT',
    intervalMs: 1_000,
  })
  await Promise.all(
    Array.from({ length: 8 }, (_, round) => {
      const order = round % 2 === 0 ? many : many.toReversed()
      return Promise.all([connections.record(order.map((id) => eventOf(id, round))), gaps.record(order.map(gapOf))])
    }),
  )
  const [row] = await database.bulk`
    select count(*)::int as logged from equipment_connection_logs where equipment_id = any(${many}::uuid[])`
  expect(row).toEqual({ logged: 1_600 })
})
