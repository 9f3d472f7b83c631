import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type ModbusSimulator, startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { startPollingRig } from '../setup/polling-rig.ts'
import { soon } from '../setup/soon.ts'

let rig: Awaited<ReturnType<typeof startPollingRig>>
const gateways: ModbusSimulator[] = []

beforeEach(async () => {
  rig = await startPollingRig()
  rig.takeAll()
})
afterEach(async () => {
  await rig.stop()
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()))
})

/** A gateway that takes one connection, with units 1 and 2 behind it. */
async function startGateway(options: { port?: number; temperature?: number } = {}): Promise<ModbusSimulator> {
  const { port = 0, temperature = 20 } = options
  const units = { 1: { holding: { 0: temperature } }, 2: { holding: { 0: temperature + 1 } } }
  const gateway = await startModbusSimulator({ units, port, maxConnections: 1 })
  gateways.push(gateway)
  return gateway
}

const pointsAt = (unit_id: number, more: object = {}) => ({
  unit_id,
  // Longer than a busy computer may keep a machine waiting: what is late here is no fault of the gateway.
  timeout: 20,
  points: [{ metric: 'temperature', table: 'holding', address: 0, type: 'int16' }],
  ...more,
})
const at = ({ host, port }: ModbusSimulator, unit_id: number, more: object = {}) => ({
  endpoint: host,
  port,
  additional_config: pointsAt(unit_id, more),
})
const timesOf = (id: string) =>
  rig.accepted.filter(({ equipmentId }) => equipmentId === id).map(({ readingTime }) => readingTime)
const openSockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length

it('two units behind one gateway are polled, each at its interval, over the one connection that it takes', async () => {
  const gateway = await startGateway()
  const fast = await rig.configure('modbus', at(gateway, 1), 1)
  const slow = await rig.configure('modbus', at(gateway, 2), 3)
  await vi.waitFor(() => {
    expect(timesOf(fast).length).toBeGreaterThanOrEqual(8)
    expect(timesOf(slow).length).toBeGreaterThanOrEqual(4)
  }, soon)
  expect((await rig.readings.latest(fast))?.temperature).toBe(20)
  expect((await rig.readings.latest(slow))?.temperature).toBe(21)
  const shortest = (times: number[]) => Math.min(...times.slice(2).map((time, index) => time - (times[index + 1] ?? 0)))
  expect(shortest(timesOf(fast))).toBeGreaterThan(700)
  expect(shortest(timesOf(slow))).toBeGreaterThan(2_700)
  expect(gateway.accepted()).toBe(1)
  expect(gateway.connections()).toBe(1)
  expect(gateway.refused()).toBe(0)
})

it('a unit that contradicts the link of another is told which setting it is, and the other goes on', async () => {
  const gateway = await startGateway()
  const first = await rig.configure('modbus', at(gateway, 1))
  await vi.waitFor(() => expect(timesOf(first).length).toBeGreaterThan(1), soon)
  const second = await rig.configure('modbus', at(gateway, 2, { framing: 'rtu_over_tcp', pause_ms: 20 }))
  await vi.waitFor(async () => {
    const { status, code } = await rig.status(second)
    expect({ status, code }).toEqual({ status: 'error', code: 'LINK_CONFLICT' })
  }, soon)
  const error = (await rig.equipment.get(second))?.iot_connection_error
  expect(error?.message).toContain(
    `modbus:127.0.0.1:${gateway.port} is in use by another machine with another framing, pause_ms`,
  )
  const before = timesOf(first).length
  await vi.waitFor(() => expect(timesOf(first).length).toBeGreaterThan(before + 1), soon)
  expect(gateway.accepted()).toBe(1)
  expect(gateway.refused()).toBe(0)
})

it('a gateway that is killed twenty times gives values again each time, and leaves no socket behind', {
  timeout: 180_000,
}, async () => {
  let gateway = await startGateway()
  const { port } = gateway
  const first = await rig.configure('modbus', at(gateway, 1))
  const second = await rig.configure('modbus', at(gateway, 2))
  const readings = async (temperature: number) =>
    vi.waitFor(async () => {
      expect((await rig.readings.latest(first))?.temperature).toBe(temperature)
      expect((await rig.readings.latest(second))?.temperature).toBe(temperature + 1)
    }, soon)
  await readings(20)
  const socketsBefore = openSockets()
  for (let round = 1; round <= 20; round++) {
    await gateway.stop()
    // Every fifth time it stays away until that has been noticed; the others are short cuts of power.
    if (round % 5 === 0)
      await vi.waitFor(async () => expect((await rig.status(first)).status).toBe('disconnected'), soon)
    gateway = await startGateway({ port, temperature: 20 + round })
    await readings(20 + round)
    expect(gateway.connections()).toBe(1)
    expect(gateway.accepted()).toBe(1)
    expect(gateway.refused()).toBe(0)
  }
  expect(openSockets()).toBe(socketsBefore)
  expect(rig.fleet.size().links).toBe(1)
})
