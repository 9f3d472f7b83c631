import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type BakewireError, kit } from '#connector'
import { systemClock } from '#core'
import { plainDial } from '../../test/contract/plain-dial.ts'
import { soon } from '../../test/setup/soon.ts'
import { modbusAddress } from './address.ts'
import { openLink } from './link.ts'
import { readTarget } from './read-target.ts'
import { type ModbusTarget, modbusSettings } from './settings.ts'
import { startModbusSimulator } from './simulator.ts'

const never = new AbortController().signal
/** In ms: long for what answers, short for what does not. */
const patient = 20_000
const impatient = 100

/** A gateway with one slot and units 1 and 2, and a link to it. */
async function gateway(given: Partial<ModbusTarget['settings']> = {}) {
  const settings = { ...modbusSettings(kit).parse({}), ...given }
  const units = { 1: { holding: { 0: 10, 100: 11 } }, 2: { holding: { 0: 20, 100: 21 } } }
  const machine = await startModbusSimulator({ units, framing: settings.framing, maxConnections: 1 })
  onTestFinished(() => machine.stop())
  const targetOf = (unit_id: number, timeoutMs: number): ModbusTarget => ({
    equipmentId: `machine-${unit_id}`,
    endpoint: machine.host,
    port: machine.port,
    credentials: {},
    settings: { ...settings, unit_id },
    timeoutMs,
    points: [0, 100].map((address) => ({
      metric: `additional.at_${address}`,
      address: modbusAddress(kit).parse({ table: 'holding', address, type: 'uint16' }),
    })),
  })
  const lost: Error[] = []
  const { dial } = plainDial()
  const link = await openLink(targetOf(1, patient), {
    dial,
    signal: never,
    clock: systemClock,
    reached: () => undefined,
    lost: (error) => lost.push(error),
  })
  onTestFinished(() => link.connection.close())
  /** The values of a unit, or the code of what was thrown. */
  const read = async (unit: number, { timeoutMs = patient, signal = never } = {}) => {
    const target = targetOf(unit, timeoutMs)
    return readTarget(link, { target, points: target.points, signal }).then(
      (samples) => samples.map((sample) => ('value' in sample ? sample.value : sample.fault.code)),
      (error: BakewireError) => error.code,
    )
  }
  return { machine, link, lost, read }
}

describe('a Modbus link', () => {
  it.each(['tcp', 'rtu_over_tcp'] as const)(
    'reads several units over one connection of framing %s',
    async (framing) => {
      const { machine, read } = await gateway({ framing })
      for (let round = 0; round < 3; round++) {
        expect(await read(1)).toEqual([10, 11])
        expect(await read(2)).toEqual([20, 21])
      }
      expect(machine.accepted()).toBe(1)
    },
  )

  it.each(['tcp', 'rtu_over_tcp'] as const)(
    'keeps the connection of framing %s for the neighbours of a silent unit',
    async (framing) => {
      const { machine, read, lost } = await gateway({ framing })
      machine.misbehave({ kind: 'silent', value: 0, unit: 1 })
      expect(await read(1, { timeoutMs: impatient })).toBe('TIMED_OUT')
      for (let round = 0; round < 3; round++) expect(await read(2)).toEqual([20, 21])
      expect(machine.accepted()).toBe(1)
      expect(lost).toEqual([])
    },
  )

  it('connects anew before it asks a unit again whose answer has no number and did not come', async () => {
    const { machine, read, lost } = await gateway({ framing: 'rtu_over_tcp' })
    machine.misbehave({ kind: 'late', value: 2 * impatient, unit: 1 })
    expect(await read(1, { timeoutMs: impatient })).toBe('TIMED_OUT')
    machine.misbehave({ kind: 'none', value: 0 })
    machine.units.get(1)?.holding.set(0, 12)
    for (let round = 0; round < 40; round++) expect(await read(1)).toEqual([12, 11])
    expect(machine.accepted()).toBe(2)
    expect(lost).toEqual([])
  })

  it('connects anew after a damaged answer, too', async () => {
    const { machine, read } = await gateway({ framing: 'rtu_over_tcp' })
    machine.misbehave({ kind: 'crc_wrong', value: 0, unit: 1 })
    expect(await read(1)).toBe('PROTOCOL_VIOLATED')
    machine.misbehave({ kind: 'none', value: 0 })
    expect(await read(2)).toEqual([20, 21])
    expect(machine.accepted()).toBe(1)
    expect(await read(1)).toEqual([10, 11])
    expect(machine.accepted()).toBe(2)
  })

  it('stays connected after a refusal, which is an answer', async () => {
    const { machine, read } = await gateway({ framing: 'rtu_over_tcp' })
    machine.misbehave({ kind: 'exception', value: 11, unit: 1 })
    expect(await read(1)).toBe('UNREACHABLE')
    machine.misbehave({ kind: 'none', value: 0 })
    expect(await read(1)).toEqual([10, 11])
    expect(machine.accepted()).toBe(1)
  })

  it('lets go of the machine after every read where that is wanted', async () => {
    const { machine, read, lost } = await gateway({ close_after_read: true })
    for (let round = 1; round <= 3; round++) {
      expect(await read(1)).toEqual([10, 11])
      expect(machine.accepted()).toBe(round)
      await vi.waitFor(() => expect(machine.connections()).toBe(0), soon)
    }
    expect(lost).toEqual([])
  })

  it('lets go of the machine after a read that failed, too', async () => {
    const { machine, read } = await gateway({ close_after_read: true })
    machine.misbehave({ kind: 'silent', value: 0 })
    expect(await read(1, { timeoutMs: impatient })).toBe('TIMED_OUT')
    await vi.waitFor(() => expect(machine.connections()).toBe(0), soon)
  })

  it('tells that it is lost when it cannot connect again', async () => {
    const { machine, read, lost } = await gateway({ close_after_read: true })
    await read(1)
    await machine.stop()
    expect(await read(1)).toBe('UNREACHABLE')
    expect(lost).toMatchObject([{ code: 'UNREACHABLE' }])
  })

  it('keeps a pause after connecting and between requests', async () => {
    const startedAt = performance.now()
    const { read } = await gateway({ pause_ms: 50 })
    expect(await read(1)).toEqual([10, 11])
    expect(await read(2)).toEqual([20, 21])
    // One after the connection was made, three between four requests; timers are a little early at times.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(4 * 45)
  })

  it('ends a pause when the read is given up', async () => {
    const { machine, read } = await gateway({ pause_ms: 5_000 })
    const abort = new AbortController()
    const reading = read(1, { signal: abort.signal })
    abort.abort()
    expect(await reading).toBe('TIMED_OUT')
    expect(machine.requests()).toBe(0)
  })

  it('does not stay connected when it is closed while it connects again', async () => {
    const { machine, link, read } = await gateway({ close_after_read: true })
    await read(1)
    const reading = read(1)
    link.connection.close()
    expect(await reading).toBe('LINK_LOST')
    await vi.waitFor(() => expect(machine.connections()).toBe(0), soon)
  })
})
