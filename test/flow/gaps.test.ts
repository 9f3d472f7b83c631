import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createGapStore, createReadingWriter, type GapRow } from '#store'
import { startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { createKiln, type Kiln } from '../setup/kiln.ts'
import { startPollingRig } from '../setup/polling-rig.ts'
import { soon } from '../setup/soon.ts'

let kiln: Kiln
let rig: Awaited<ReturnType<typeof startPollingRig>>
beforeEach(async () => {
  kiln = createKiln()
  rig = await startPollingRig({ connectors: [kiln.connector] })
})
afterEach(() => rig.stop())

const minutes = 60_000
const points = [{ metric: 'temperature', table: 'holding', address: 0, type: 'int16', scale: 0.1 }]
const units = { 1: { holding: { 0: 1805 } } }

const additional_config = { points: [{ metric: 'temperature', key: 'set', unit: '[degF]' }] }

const gapsOf = async (id: string): Promise<GapRow[]> => {
  const span = { start: new Date(0), end: new Date(Date.now() + minutes), limit: 10 }
  return (await createGapStore(rig.database).list(id, span)).items
}

/** As if the machine had been configured long ago. */
const configuredAt = (id: string, time: number) =>
  rig.database.bulk`update equipment set iot_configured_at = ${new Date(time)} where id = ${id}`

async function wasRead(id: string, time: number): Promise<void> {
  const rest = { sourceTime: null, zones: null, additional: null, quality: null }
  await createReadingWriter(rig.database.bulk).write([
    { equipmentId: id, readingTime: time, values: { temperature: 20 }, ...rest },
  ])
}

it('has one gap of a machine that was off, from its last reading to its next', async () => {
  rig.takeAll()
  const machine = await startModbusSimulator({ units })
  const { host: endpoint, port } = machine
  const id = await rig.configure('modbus', { endpoint, port, additional_config: { points, timeout: 0.3 } })
  await vi.waitFor(async () => expect(await rig.readings.latest(id)).toBeDefined(), soon)
  await machine.stop()
  await vi.waitFor(async () => {
    await rig.fleet.sweep()
    expect(await gapsOf(id)).toMatchObject([{ reason: 'machine_off', ended_at: null, interval_seconds: 1 }])
  }, soon)
  const [open] = await gapsOf(id)
  expect((await rig.readings.latest(id))?.reading_time).toEqual(open?.started_at)
  const again = await startModbusSimulator({ port, units })
  await vi.waitFor(async () => expect((await gapsOf(id))[0]?.ended_at).toBeInstanceOf(Date), soon)
  const [closed, ...others] = await gapsOf(id)
  expect(others).toEqual([])
  expect(closed).toMatchObject({ started_at: open?.started_at, reason: 'machine_off', stored: 0 })
  const end = closed?.ended_at ?? new Date(0)
  await vi.waitFor(async () => {
    const [first] = await rig.readings.history(id, { start: end, end: new Date(end.getTime() + 1), limit: 1 })
    expect(first?.reading_time).toEqual(end)
  }, soon)
  await again.stop()
})

it('has a gap of the time that nobody polled, and tells what the machine had kept of it', async () => {
  const now = Date.now()
  const id = await rig.configure('kiln', { endpoint: 'kiln.example', port: 7, additional_config })
  await configuredAt(id, now - 90 * minutes)
  await wasRead(id, now - 60 * minutes)
  for (const ago of [40, 20]) kiln.kept.set(now - ago * minutes, 212)
  rig.takeAll()
  await vi.waitFor(async () => expect(await gapsOf(id)).toMatchObject([{ backfilled: 2, stored: 2 }]), soon)
  expect(await gapsOf(id)).toMatchObject([
    { started_at: new Date(now - 60 * minutes), ended_at: expect.any(Date), reason: 'restart', detail: null },
  ])
})

it('tells the time that nobody polled from the time that the machine is away', async () => {
  const now = Date.now()
  const id = await rig.configure('kiln', { endpoint: 'off.example', port: 7, additional_config })
  await configuredAt(id, now - 90 * minutes)
  await wasRead(id, now - 60 * minutes)
  rig.takeAll()
  await vi.waitFor(async () => {
    await rig.fleet.sweep()
    const gaps = await gapsOf(id)
    expect(gaps.map(({ reason, ended_at }) => [reason, ended_at === null])).toEqual([
      ['machine_off', true],
      ['restart', false],
    ])
    expect(gaps[0]?.started_at).toEqual(gaps[1]?.ended_at)
  }, soon)
})

it('keeps the reason of a gap that lasts while its machine moves to another worker', async () => {
  const now = Date.now()
  const id = await rig.configure('kiln', { endpoint: 'kiln.example', port: 7, additional_config })
  await configuredAt(id, now - 90 * minutes)
  await wasRead(id, now - 60 * minutes)
  const gap = { equipmentId: id, from: now - 60 * minutes, to: null, intervalMs: 1_000 }
  await createGapStore(rig.database).record([{ ...gap, reason: 'credentials', detail: 'CREDENTIALS_REJECTED' }])
  rig.takeAll()
  await vi.waitFor(async () => expect((await gapsOf(id))[0]?.ended_at).toBeInstanceOf(Date), soon)
  expect(await gapsOf(id)).toMatchObject([{ reason: 'credentials', detail: 'CREDENTIALS_REJECTED' }])
})

it('has no gap of a shard that is let go and taken again', async () => {
  rig.takeAll()
  const id = await rig.configure('kiln', { endpoint: 'kiln.example', port: 7, additional_config })
  await vi.waitFor(() => expect(rig.polls.length).toBeGreaterThan(1), soon)
  const shard = (await rig.equipment.get(id))?.shard ?? -1
  await rig.fleet.shardReleased(shard)
  rig.fleet.shardTaken(shard)
  const polls = rig.polls.length
  await vi.waitFor(() => expect(rig.polls.length).toBeGreaterThan(polls + 1), soon)
  // Longer than what has happened waits to be written.
  await sleep(500)
  expect(await gapsOf(id)).toEqual([])
})

it('writes down readings that had to be dropped', async () => {
  const id = await rig.configure('kiln', { endpoint: 'kiln.example', port: 7, additional_config })
  const now = Date.now()
  const span = { from: now - minutes, to: now - 1_000, intervalMs: 1_000, lost: 60 }
  rig.fleet.readingsLost({ equipmentId: id, ...span, reason: 'dropped', detail: 'the spool is full' })
  await vi.waitFor(async () => expect(await gapsOf(id)).toMatchObject([{ reason: 'dropped', lost: 60 }]), soon)
})

it('leaves a gap as it is that lasts on under another worker', async () => {
  const now = Date.now()
  const id = await rig.configure('kiln', { endpoint: 'off.example', port: 7, additional_config })
  await configuredAt(id, now - 90 * minutes)
  await wasRead(id, now - 60 * minutes)
  const gap = { equipmentId: id, from: now - 60 * minutes, to: null, intervalMs: 1_000 }
  await createGapStore(rig.database).record([{ ...gap, reason: 'credentials', detail: 'CREDENTIALS_REJECTED' }])
  rig.takeAll()
  await vi.waitFor(() => expect(rig.polls.length).toBeGreaterThan(1), soon)
  // Longer than what has happened waits to be written.
  await sleep(1_000)
  expect(await gapsOf(id)).toMatchObject([{ reason: 'credentials', ended_at: null }])
})

it('opens the gap of a machine that cannot be polled at all', async () => {
  const id = await rig.configure('kiln', { endpoint: 'kiln.example', port: 7, additional_config })
  await rig.database.bulk`update equipment set iot_credentials = '\\x00' where id = ${id}`
  rig.takeAll()
  await vi.waitFor(async () => {
    await rig.fleet.sweep()
    expect(await gapsOf(id)).toMatchObject([{ reason: 'internal', detail: 'INTERNAL', ended_at: null }])
  }, soon)
})
