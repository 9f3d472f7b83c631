import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type ModbusSimulator, startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { startPollingRig } from '../setup/polling-rig.ts'
import { soon } from '../setup/soon.ts'

let rig: Awaited<ReturnType<typeof startPollingRig>>
const machines: ModbusSimulator[] = []

/** What the log has of machines, at `info` and above. */
const told: string[] = []
const tell = (fields: object, message: string) => {
  if ('equipment_id' in fields) told.push(message)
}

beforeEach(async () => {
  told.length = 0
  rig = await startPollingRig({ log: { debug: () => undefined, info: tell, warn: tell, error: tell } })
})
afterEach(async () => {
  await rig.stop()
  await Promise.all(machines.splice(0).map((machine) => machine.stop()))
})

const point = { metric: 'temperature', table: 'holding', address: 256, type: 'int16', scale: 0.1 }
const additional_config = { points: [point], timeout: 0.3 }
const holding = { 256: [1805] }

async function startMachine(options: Partial<Parameters<typeof startModbusSimulator>[0]> = {}) {
  const machine = await startModbusSimulator({ units: { 1: { holding } }, ...options })
  machines.push(machine)
  return machine
}

it('polls a machine with a cron when its time comes, makes good a time that has passed, and asks at no other', async () => {
  const machine = await startMachine()
  const target = { endpoint: machine.host, port: machine.port, additional_config }
  const inMinutes = async (minutes: number) => {
    const id = await rig.configure('modbus', target)
    const due = new Date(Date.now() + minutes * 60_000)
    const cron = { expression: `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`, timezone: 'UTC' }
    await rig.database.bulk`
      update equipment set poll_cron = ${JSON.stringify(cron)}::text::jsonb, iot_configured_at = now() - interval '1 hour'
      where id = ${id}`
    return id
  }
  const [passed, ahead] = [await inMinutes(-30), await inMinutes(30)]
  const steady = await rig.configure('modbus', target)
  rig.takeAll()
  const readingsOf = (id: string) => rig.accepted.filter(({ equipmentId }) => equipmentId === id).length
  await vi.waitFor(() => expect(readingsOf(passed)).toBe(1), soon)
  const begun = readingsOf(steady)
  await vi.waitFor(() => expect(readingsOf(steady)).toBeGreaterThanOrEqual(begun + 3), soon)
  expect([readingsOf(passed), readingsOf(ahead)]).toEqual([1, 0])
})

it('polls a machine at its interval and stores what it says', async () => {
  const machine = await startMachine()
  rig.takeAll()
  const id = await rig.configure('modbus', { endpoint: machine.host, port: machine.port, additional_config })
  await vi.waitFor(async () => expect((await rig.readings.latest(id))?.temperature).toBe(180.5), soon)
  await vi.waitFor(async () => expect(await rig.status(id)).toEqual({ status: 'connected', code: null }), soon)
  await vi.waitFor(() => expect(rig.accepted.length).toBeGreaterThanOrEqual(3), soon)
  const times = rig.accepted.map((reading) => reading.readingTime)
  for (const [index, time] of times.slice(2).entries()) expect(time - (times[index + 1] ?? 0)).toBeGreaterThan(700)
})

it('tells why a machine is away, and sees it come back by itself', async () => {
  const machine = await startMachine()
  rig.takeAll()
  const id = await rig.configure('modbus', { endpoint: machine.host, port: machine.port, additional_config })
  await vi.waitFor(async () => expect((await rig.status(id)).status).toBe('connected'), soon)
  await machine.stop()
  await vi.waitFor(
    async () => expect(await rig.status(id)).toEqual({ status: 'disconnected', code: 'UNREACHABLE' }),
    soon,
  )
  await startMachine({ port: machine.port })
  await vi.waitFor(async () => expect((await rig.status(id)).status).toBe('connected'), soon)
})

it('tests a machine that takes one connection while it is polled', async () => {
  const machine = await startMachine({ maxConnections: 1 })
  rig.takeAll()
  const given = { endpoint: machine.host, port: machine.port, additional_config }
  const id = await rig.configure('modbus', given)
  await vi.waitFor(async () => expect((await rig.status(id)).status).toBe('connected'), soon)
  const configuration = { credentials: {}, ...given }
  const request = { equipmentId: id, protocol: 'modbus', configuration }
  const answer = await rig.worker.ask('test', (await rig.equipment.get(id))?.shard ?? 0, request, 5_000)
  expect(answer).toMatchObject({
    result: { success: true, status: 'connected', reading: { values: { temperature: 180.5 } } },
  })
  expect(machine.connections()).toBe(1)
})

it('reads two units behind one gateway over one connection, and one dead unit does not silence the other', async () => {
  const gateway = await startMachine({ units: { 1: { holding }, 2: { holding: { 256: [42] } } }, maxConnections: 1 })
  rig.takeAll()
  const at = (unit_id: number) => ({
    endpoint: gateway.host,
    port: gateway.port,
    additional_config: { ...additional_config, unit_id },
  })
  const first = await rig.configure('modbus', at(1))
  const second = await rig.configure('modbus', at(2))
  const dead = await rig.configure('modbus', at(9))
  await vi.waitFor(async () => {
    expect((await rig.readings.latest(first))?.temperature).toBe(180.5)
    expect((await rig.readings.latest(second))?.temperature).toBe(4.2)
    expect((await rig.status(dead)).status).not.toBe('connecting')
  }, soon)
  const before = rig.accepted.length
  await vi.waitFor(() => expect(rig.accepted.length).toBeGreaterThan(before + 4), soon)
  expect(gateway.connections()).toBe(1)
})

it('reaches the poller with a changed configuration, touching only that machine', async () => {
  const changed = await startMachine()
  const untouched = await startMachine()
  rig.takeAll()
  const id = await rig.configure('modbus', { endpoint: changed.host, port: changed.port, additional_config })
  const other = await rig.configure('modbus', { endpoint: untouched.host, port: untouched.port, additional_config })
  await vi.waitFor(() => expect(new Set(rig.accepted.map((reading) => reading.equipmentId)).size).toBe(2), soon)
  const points = [{ ...point, scale: 1 }]
  await rig.configure('modbus', { endpoint: changed.host, port: changed.port, additional_config: { points } }, 1, id)
  await vi.waitFor(async () => expect((await rig.readings.latest(id))?.temperature).toBe(1805), soon)
  expect(untouched.connections()).toBe(1)
  await rig.equipment.unconfigure(id)
  await vi.waitFor(() => expect(changed.connections()).toBe(0), soon)
  expect(rig.fleet.size().equipment).toBe(1)
  expect((await rig.equipment.get(other))?.iot_connection_status).toBe('connected')
})

it('lets go of everything when a shard moves away', async () => {
  const machine = await startMachine()
  rig.takeAll()
  const id = await rig.configure('modbus', { endpoint: machine.host, port: machine.port, additional_config })
  await vi.waitFor(() => expect(machine.connections()).toBe(1), soon)
  await rig.fleet.shardReleased((await rig.equipment.get(id))?.shard ?? -1)
  await vi.waitFor(() => expect(machine.connections()).toBe(0), soon)
  expect(rig.fleet.size().links).toBe(0)
})

it('goes on watching a machine whose new address moves it to another shard', async () => {
  rig.takeAll()
  const first = await startMachine()
  const id = await rig.configure('modbus', { endpoint: first.host, port: first.port, additional_config })
  const shards = new Set<number | null | undefined>()
  while (shards.size < 4) {
    const next = await startMachine()
    await rig.configure('modbus', { endpoint: next.host, port: next.port, additional_config }, 1, id)
    shards.add((await rig.equipment.get(id))?.shard)
    await vi.waitFor(() => expect(next.connections()).toBe(1), soon)
    await vi.waitFor(() => expect(first.connections()).toBe(0), soon)
    expect([...rig.watched]).toEqual([id])
  }
})

it('tells the log once that a machine is lost, whatever the reasons are, and once that it is back', async () => {
  const machine = await startMachine()
  rig.takeAll()
  const id = await rig.configure('modbus', { endpoint: machine.host, port: machine.port, additional_config })
  const status = (wanted: string, code: string | null) =>
    vi.waitFor(async () => expect(await rig.status(id)).toEqual({ status: wanted, code }), soon)
  await status('connected', null)
  await machine.stop()
  await status('disconnected', 'UNREACHABLE')
  const silent = await startMachine({ port: machine.port })
  silent.misbehave({ kind: 'silent', value: 0 })
  await status('disconnected', 'TIMED_OUT')
  await silent.stop()
  await status('disconnected', 'UNREACHABLE')
  await startMachine({ port: machine.port })
  await status('connected', null)
  expect(told).toEqual(['machine connected', 'machine disconnected', 'machine connected'])
})
