import { describe, expect, it, onTestFinished } from 'vitest'
import { kit } from '#connector'
import { systemClock } from '#core'
import { plainDial } from '../../test/contract/plain-dial.ts'
import { type ModbusAddressInput, modbusAddress } from './address.ts'
import { type ModbusLink, openLink } from './link.ts'
import { readTarget } from './read-target.ts'
import { type ModbusTarget, modbusSettings } from './settings.ts'
import { type ModbusSimulator, startModbusSimulator, type UnitContents } from './simulator.ts'

const schema = modbusAddress(kit)
const settingsSchema = modbusSettings(kit)
const never = new AbortController().signal

function targetOf(
  points: Record<string, ModbusAddressInput>,
  settings: Partial<ModbusTarget['settings']> = {},
): ModbusTarget {
  return {
    equipmentId: 'machine-1',
    endpoint: '127.0.0.1',
    port: 502,
    credentials: {},
    settings: { ...settingsSchema.parse({}), max_gap: 4, ...settings },
    timeoutMs: 100,
    points: Object.entries(points).map(([metric, address]) => ({ metric, address: schema.parse(address) })),
  }
}

async function linked(
  units: Record<string, UnitContents>,
  settings: Partial<ModbusTarget['settings']> = {},
): Promise<{ machine: ModbusSimulator; link: ModbusLink; lost: Error[] }> {
  const machine = await startModbusSimulator({ units, framing: settings.framing ?? 'tcp', maxConnections: 1 })
  onTestFinished(() => machine.stop())
  const lost: Error[] = []
  const target = { ...targetOf({}, settings), endpoint: machine.host, port: machine.port }
  const link = await openLink(target, {
    dial: plainDial().dial,
    signal: never,
    clock: systemClock,
    reached: () => undefined,
    lost: (error) => lost.push(error),
  })
  onTestFinished(() => link.connection.close())
  return { machine, link, lost }
}

const register = (address: number): ModbusAddressInput => ({ table: 'holding', address, type: 'uint16' })
const readAll = (link: ModbusLink, target: ModbusTarget) =>
  readTarget(link, { target, points: target.points, signal: never })

describe('readTarget', () => {
  it('reads neighbours with one request', async () => {
    const { machine, link } = await linked({ 1: { holding: { 0: [10, 11, 12] } } })
    const target = targetOf({ 'additional.a': register(0), 'additional.b': register(1), 'additional.c': register(2) })
    expect(await readAll(link, target)).toEqual([
      { metric: 'additional.a', value: 10, quality: 'good' },
      { metric: 'additional.b', value: 11, quality: 'good' },
      { metric: 'additional.c', value: 12, quality: 'good' },
    ])
    expect(machine.requests()).toBe(1)
  })

  it('remembers which point was refused, and joins it again when it has come', async () => {
    const { machine, link } = await linked({ 1: { holding: { 0: [10, 11], 3: 13 } } })
    const target = targetOf(Object.fromEntries([0, 1, 2, 3].map((at) => [`additional.p${at}`, register(at)])))
    const requestsOfRead = async () => {
      const before = machine.requests()
      await readAll(link, target)
      return machine.requests() - before
    }
    expect(await requestsOfRead()).toBe(5)
    expect(await requestsOfRead()).toBe(3)
    machine.units.get(1)?.holding.set(2, 12)
    expect(await requestsOfRead()).toBe(3)
    expect(await requestsOfRead()).toBe(1)
  })

  it('gives a fault to the points of a block that the machine is too busy for', async () => {
    const { machine, link } = await linked({ 1: { holding: { 0: [1, 2] } } })
    const target = targetOf({ 'additional.a': register(0), 'additional.b': register(1) })
    machine.misbehave({ kind: 'exception', value: 6 })
    const fault = { code: 'DEVICE_BUSY', message: 'reading holding 0 of unit 1: device busy' }
    expect(await readAll(link, target)).toEqual([
      { metric: 'additional.a', fault },
      { metric: 'additional.b', fault },
    ])
    expect(machine.requests()).toBe(1)
  })

  it('asks a dead unit once, and its neighbour answers on the same connection', async () => {
    const { machine, link, lost } = await linked({ 1: { holding: { 0: 1, 100: 2 } }, 2: { holding: { 0: 7 } } })
    machine.misbehave({ kind: 'silent', value: 0, unit: 1 })
    const dead = targetOf({ 'additional.a': register(0), 'additional.b': register(100) })
    const living = targetOf({ 'additional.a': register(0) }, { unit_id: 2 })
    await expect(readAll(link, dead)).rejects.toMatchObject({ code: 'TIMED_OUT' })
    expect(machine.requests()).toBe(1)
    expect(await readAll(link, living)).toEqual([{ metric: 'additional.a', value: 7, quality: 'good' }])
    expect(lost).toEqual([])
  })

  it('sends one request after the other', async () => {
    const { machine, link } = await linked({ 1: { holding: { 0: 1, 50: 2, 100: 3 } } })
    machine.misbehave({ kind: 'late', value: 20 })
    const target = targetOf({
      'additional.a': register(0),
      'additional.b': register(50),
      'additional.c': register(100),
    })
    const started = performance.now()
    expect(await readAll(link, target)).toHaveLength(3)
    expect(performance.now() - started).toBeGreaterThanOrEqual(55)
  })

  it('an answer to an earlier request goes to nobody', async () => {
    const { machine, link, lost } = await linked({ 1: { holding: { 0: 1, 50: 2 } } })
    machine.misbehave({ kind: 'stale', value: 0 })
    const target = targetOf({ 'additional.a': register(0), 'additional.b': register(50) })
    for (let round = 0; round < 5; round++) {
      const samples = await readAll(link, target)
      expect(samples.map((sample) => 'value' in sample && sample.value)).toEqual([1, 2])
    }
    expect(lost).toEqual([])
  })

  it.each<[string, ModbusAddressInput, number[], number[], number[]]>([
    ['a counter that wraps at 2^16', register(0), [65_535], [0], [65_535, 0]],
    [
      'a counter that wraps at 2^32',
      { table: 'holding', address: 0, type: 'uint32' },
      [65_535, 65_535],
      [0, 0],
      [4_294_967_295, 0],
    ],
    [
      'a meter that goes backwards',
      { table: 'holding', address: 0, type: 'uint32', scale: 0.1 },
      [0, 12_000],
      [0, 11_990],
      [1_200, 1_199],
    ],
  ])('gives %s as it stands', async (_name, address, before, after, values) => {
    const { machine, link } = await linked({ 1: { holding: { 0: before } } })
    const target = targetOf({ energy_consumption_kwh: address })
    const first = await readAll(link, target)
    for (const [index, value] of after.entries()) machine.units.get(1)?.holding.set(index, value)
    const read = [...first, ...(await readAll(link, target))]
    expect(read.map((sample) => 'value' in sample && sample.value)).toEqual(values)
  })

  it('a broken frame ends the link', async () => {
    const { machine, link, lost } = await linked({ 1: { holding: { 0: 1 } } })
    machine.misbehave({ kind: 'length', value: 65_535 })
    const target = targetOf({ 'additional.a': register(0) })
    await expect(readAll(link, target)).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    await expect(readAll(link, target)).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    expect(lost).toHaveLength(1)
  })
})
