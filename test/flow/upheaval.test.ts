import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type ModbusSimulator, startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { simulator as restMachine } from '../../connectors/rest_api/simulator.ts'
import { startPollingRig } from '../setup/polling-rig.ts'
import { soon } from '../setup/soon.ts'

// What changes while machines are polled, tested and told of.

let rig: Awaited<ReturnType<typeof startPollingRig>>
const machines: { stop(): Promise<unknown> }[] = []

beforeEach(async () => {
  rig = await startPollingRig()
})
afterEach(async () => {
  await rig.stop()
  await Promise.all(machines.splice(0).map((machine) => machine.stop()))
})

const points = [{ metric: 'temperature', table: 'holding', address: 256, type: 'int16', scale: 0.1 }]
const additional_config = { points, timeout: 0.3 }

async function startMachine(): Promise<ModbusSimulator> {
  const machine = await startModbusSimulator({ units: { 1: { holding: { 256: [1805] } } } })
  machines.push(machine)
  return machine
}

async function becomes(id: string, status: string): Promise<void> {
  await vi.waitFor(async () => expect((await rig.status(id)).status).toBe(status), soon)
}

const shardOf = async (id: string) => (await rig.equipment.get(id))?.shard ?? -1

it('shows a machine connected again that was switched on while it was on', async () => {
  rig.takeAll()
  const { host: endpoint, port } = await startMachine()
  const id = await rig.configure('modbus', { endpoint, port, additional_config })
  await becomes(id, 'connected')
  expect((await rig.equipment.update(id, { iot_enabled: true }))?.iot_connection_status).toBe('connecting')
  await becomes(id, 'connected')
})

it('shows again why a machine cannot be polled when its record is changed', async () => {
  rig.takeAll()
  const { host: endpoint, port } = await startMachine()
  const id = await rig.configure('modbus', { endpoint, port, additional_config })
  await becomes(id, 'connected')
  await rig.database.bulk`update equipment set iot_credentials = '\\x00' where id = ${id}`
  await rig.equipment.update(id, { name: 'Its secret cannot be opened' })
  await becomes(id, 'error')
  await rig.equipment.update(id, { iot_enabled: true })
  await becomes(id, 'error')
})

it('runs tests of one machine with contradicting link settings in turn, beside its polls and fresh reads', async () => {
  const machine = await restMachine.start({ data: { temp: 21 } })
  machines.push(machine)
  const configurationWith = (verify_ssl: boolean) => ({
    endpoint: 'http://127.0.0.1',
    port: machine.configuration.port ?? 0,
    credentials: {},
    additional_config: { verify_ssl, points: [{ metric: 'temperature', pointer: '/temp' }] },
  })
  rig.takeAll()
  const id = await rig.configure('rest_api', configurationWith(true))
  await becomes(id, 'connected')
  const shard = await shardOf(id)
  const ask = (verify_ssl: boolean) => {
    const request = { equipmentId: id, protocol: 'rest_api', configuration: configurationWith(verify_ssl) }
    return rig.worker.ask('test', shard, request, 10_000)
  }
  const read = () => rig.worker.ask('read', shard, { equipmentId: id }, 10_000)
  const answers = await Promise.all([ask(false), ask(true), read(), ask(false), read(), ask(true)])
  for (const answer of answers) expect(answer).not.toHaveProperty('error')
  for (const answer of answers) expect(answer).not.toMatchObject({ result: { success: false } })
  const before = rig.polls.length
  await vi.waitFor(() => expect(rig.polls.length).toBeGreaterThan(before + 1), soon)
  expect(rig.polls.filter((poll) => poll.result !== 'ok')).toEqual([])
})

it('answers the other requests when one cannot be opened', async () => {
  const asked = [1, 2, 3].map(() => rig.worker.ask('read', 7, { equipmentId: crypto.randomUUID() }, 5_000))
  const { bulk } = rig.database
  await vi.waitFor(async () => expect(await bulk`select from link_requests`).toHaveLength(3), soon)
  await bulk`update link_requests set request = '\\x00' where id = (select min(id::text)::uuid from link_requests)`
  rig.fleet.shardTaken(7)
  rig.fleet.linkRequested(7)
  const answers = (await Promise.all(asked)).map((answer) =>
    z.object({ error: z.object({ code: z.string() }) }).parse(answer),
  )
  expect(answers.map(({ error }) => error.code).sort()).toEqual(['INTERNAL', 'UNAVAILABLE', 'UNAVAILABLE'])
})

it('raises the epoch again that an earlier holder raised too late', async () => {
  rig.fleet.shardTaken(7)
  const { bulk } = rig.database
  const epoch = async () => Number((await bulk`select epoch from shard_leases where shard = 7`)[0]?.['epoch'])
  await vi.waitFor(async () => expect(await epoch()).toBe(1), soon)
  await bulk`update shard_leases set epoch = epoch + 1, holder = 'gone' where shard = 7`
  await rig.fleet.sweep()
  await vi.waitFor(async () => expect(await epoch()).toBe(3), soon)
  await rig.fleet.sweep()
  await rig.fleet.sweep()
  expect(await epoch()).toBe(3)
})

it('raises the epoch of an adopted shard when the database is back', async () => {
  rig.takeAll()
  const epochOf = async () => {
    const [row] = await rig.database.bulk<{ epoch: string }[]>`select epoch from shard_leases where shard = 7`
    return Number(row?.epoch)
  }
  await vi.waitFor(async () => expect(await epochOf()).toBe(1), soon)
  await vi.waitFor(() => rig.fleet.sweep(), soon)
  await rig.database.bulk`alter table shard_leases rename to mislaid`
  rig.fleet.shardAdopted(7)
  // Fails as well, behind the adoption.
  await expect(rig.fleet.sweep()).rejects.toThrow()
  await rig.database.bulk`alter table mislaid rename to shard_leases`
  await vi.waitFor(async () => {
    await rig.fleet.sweep()
    expect(await epochOf()).toBe(2)
  }, soon)
})

it('stops although the database holds up what is told of a machine', async () => {
  rig.takeAll()
  const machine = await startMachine()
  const id = await rig.configure('modbus', { endpoint: machine.host, port: machine.port, additional_config })
  await becomes(id, 'connected')
  const { promise: isLocked, resolve: locked } = Promise.withResolvers<void>()
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
  const blocker = rig.database.bulk.begin(async (sql) => {
    await sql`lock table equipment in access exclusive mode`
    locked()
    await mayEnd
  })
  await isLocked
  try {
    await machine.stop()
    await vi.waitFor(() => expect(rig.polls.at(-1)?.result).toBe('failed'), soon)
    await rig.fleet.stop()
  } finally {
    end()
    await blocker
  }
})
