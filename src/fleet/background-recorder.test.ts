import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { silentLog } from '#core'
import { type ConnectionEvent, createConnectionStore, type Database } from '#store'
import { type ProxiedDatabase, startProxiedDatabase } from '../../test/setup/proxied-database.ts'
import { soon } from '../../test/setup/soon.ts'
import { createBackgroundRecorder } from './background-recorder.ts'

let database: ProxiedDatabase
let proxy: ProxiedDatabase['proxy']
let direct: Database
let through: Database

beforeAll(async () => {
  database = await startProxiedDatabase()
  ;({ direct, through, proxy } = database)
})
afterAll(() => database.stop())

async function addMachines(count: number): Promise<{ id: string; config_revision: string }[]> {
  return direct.bulk`
    insert into equipment (name, type, iot_enabled, iot_connection_status)
    select 'Machine ' || number, 'other', true, 'connecting' from generate_series(1, ${count}) number
    returning id, config_revision`
}

const statuses = async () => {
  const rows = await direct.bulk<{ status: string; machines: number }[]>`
    select iot_connection_status as status, count(*)::int as machines from equipment group by 1 order by 1`
  return Object.fromEntries(rows.map(({ status, machines }) => [status, machines]))
}

const eventOf = (
  { id, config_revision }: { id: string; config_revision: string },
  status: 'connected' | 'disconnected',
  message = 'no answer',
): ConnectionEvent => ({
  equipmentId: id,
  configRevision: Number(config_revision),
  shard: 0,
  epoch: 0,
  eventType: status,
  status,
  at: new Date(),
  fault: status === 'connected' ? null : { code: 'TIMED_OUT', message },
  responseTimeMs: null,
  dataPoints: null,
  lastConnected: null,
})

it('keeps the newest of every machine when too many wait for the database', async () => {
  await direct.bulk`truncate equipment cascade`
  const [flapping, ...quiet] = await addMachines(501)
  if (!flapping) throw new Error('no machine was added')
  proxy.cut()
  const recorder = createBackgroundRecorder('connection events', createConnectionStore(through).record, silentLog)
  for (const machine of quiet) recorder.record(eventOf(machine, 'connected'))
  for (let index = 0; index < 15_000; index += 1) {
    recorder.record(eventOf(flapping, index % 2 === 0 ? 'connected' : 'disconnected'))
  }
  proxy.mend()
  await vi.waitFor(async () => expect(await statuses()).toEqual({ connected: 500, disconnected: 1 }), soon)
  await recorder.stop()
}, 60_000)

it('gives up the one event that the database refuses, and none of its neighbours', async () => {
  await direct.bulk`truncate equipment cascade`
  const machines = await addMachines(9)
  const said: string[] = []
  const log = { ...silentLog, error: (_: object, line: string) => void said.push(line) }
  const recorder = createBackgroundRecorder('connection events', createConnectionStore(direct).record, log)
  for (const [index, machine] of machines.entries()) {
    recorder.record(index === 4 ? eventOf(machine, 'disconnected', '\u0000') : eventOf(machine, 'connected'))
  }
  await vi.waitFor(async () => expect(await statuses()).toEqual({ connected: 8, connecting: 1 }), soon)
  expect(said).toEqual(['one of the connection events is refused and given up'])
  await recorder.stop()
})
