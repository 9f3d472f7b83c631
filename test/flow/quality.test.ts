import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type ModbusSimulator, startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { startPollingRig } from '../setup/polling-rig.ts'
import { soon } from '../setup/soon.ts'

let rig: Awaited<ReturnType<typeof startPollingRig>>
let machine: ModbusSimulator

beforeAll(async () => {
  rig = await startPollingRig()
  machine = await startModbusSimulator({ units: { 1: { holding: { 256: [40] } } } })
  rig.takeAll()
})
afterAll(async () => {
  await rig.stop()
  await machine.stop()
})

const points = [{ metric: 'temperature', table: 'holding', address: 256, type: 'int16', scale: 0.1 }]

const show = async (id: string) => {
  const { temperature, quality } = (await rig.readings.latest(id)) ?? {}
  return { temperature, quality: quality ?? null }
}

const setTenths = (tenths: number) => machine.units.get(1)?.holding.set(256, tenths)

it('flags what a sensor cannot give, by the type of the machine and by its own limits, and stores what it gave', async () => {
  const { host: endpoint, port } = machine
  const of = (type: 'cold_room' | 'deck_oven', quality?: object) =>
    rig.configure(
      'modbus',
      { endpoint, port, additional_config: { points, ...(quality && { quality }) } },
      1,
      undefined,
      type,
    )
  const room = await of('cold_room')
  const oven = await of('deck_oven')
  const own = await of('cold_room', { temperature: { max: 500, max_rate_per_minute: 0 } })
  const expectAll = (expected: object) =>
    vi.waitFor(
      async () => expect({ room: await show(room), oven: await show(oven), own: await show(own) }).toEqual(expected),
      soon,
    )

  const good = { temperature: 4, quality: null }
  await expectAll({ room: good, oven: good, own: good })
  setTenths(2_000)
  const hot = { temperature: 200, quality: null }
  await expectAll({ room: { temperature: 200, quality: { temperature: 'IMPLAUSIBLE' } }, oven: hot, own: hot })
  await vi.waitFor(
    async () => expect(await rig.status(room)).toEqual({ status: 'degraded', code: 'VALUE_INVALID' }),
    soon,
  )
  expect(await rig.status(own)).toEqual({ status: 'connected', code: null })
  const jumps = rig.accepted.filter(({ quality }) => quality?.['temperature'] === 'RATE')
  expect(jumps.map(({ equipmentId, values }) => [equipmentId, values.temperature])).toEqual([[oven, 200]])
})

it('flags a counter that goes round at the end of its register or runs backwards, and stores what it gave', async () => {
  const { host: endpoint, port } = machine
  const register = { table: 'holding', address: 300, type: 'uint32' }
  const holding = machine.units.get(1)?.holding
  const show = (high: number, low: number) => holding?.set(300, high).set(301, low)
  show(0xffff, 0xffff)
  const additional_config = { points: [{ metric: 'energy_consumption_kwh', ...register }] }
  const id = await rig.configure('modbus', { endpoint, port, additional_config }, 1, undefined, 'energy_meter')
  const given = () => {
    const readings = rig.accepted.filter(({ equipmentId }) => equipmentId === id)
    return readings.map(({ values, quality }) => [values.energy_consumption_kwh, quality])
  }
  const fell = { energy_consumption_kwh: 'COUNTER_RESET' }
  await vi.waitFor(() => expect(given()).toContainEqual([2 ** 32 - 1, null]), soon)
  show(0, 2)
  await vi.waitFor(() => expect(given()).toContainEqual([2, fell]), soon)
  await vi.waitFor(() => expect(given()).toContainEqual([2, null]), soon)
  show(0, 1)
  await vi.waitFor(() => expect(given()).toContainEqual([1, fell]), soon)
  expect(await rig.status(id)).toEqual({ status: 'connected', code: null })
})
