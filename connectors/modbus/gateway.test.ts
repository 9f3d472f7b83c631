import { describe, expect, it, onTestFinished } from 'vitest'
import { type BakewireError, kit, type OwnCertificate, parseTarget } from '#connector'
import { silentLog, systemClock } from '#core'
import { createLinks } from '../../src/fleet/links.ts'
import { plainDial } from '../../test/contract/plain-dial.ts'
import defineModbus from './index.ts'
import { startModbusSimulator } from './simulator.ts'

const connector = defineModbus(kit)
const points = [{ metric: 'temperature', table: 'holding', address: 0, type: 'int16' }]
const linkMemory = {
  recall: async () => new Map<string, unknown>(),
  remember: async () => undefined,
  removeUnused: async () => undefined,
}
const certificates = { see: async () => false, own: (make: () => Promise<OwnCertificate>) => make() }

/** A gateway that takes one connection, with units 1 to 3 behind it, and the framework's links. */
async function rig(settings: Record<string, unknown> = {}) {
  const units = Object.fromEntries([1, 2, 3].map((unit) => [unit, { holding: { 0: unit } }]))
  const framing = settings['framing'] === 'rtu_over_tcp' ? 'rtu_over_tcp' : 'tcp'
  const machine = await startModbusSimulator({ units, framing, maxConnections: 1 })
  onTestFinished(() => machine.stop())
  const links = createLinks({ dial: plainDial().dial, clock: systemClock, log: silentLog, linkMemory, certificates })
  onTestFinished(() => links.close())
  const machineOf = (unit_id: number, more: object = {}) => {
    const additional_config = { unit_id, timeout: 20, points, ...settings, ...more }
    const target = parseTarget(connector, `unit-${unit_id}`, {
      endpoint: machine.host,
      port: machine.port,
      additional_config,
    })
    const share = links.share(connector, target)
    return async (): Promise<unknown> => {
      try {
        const { samples } = await share.session().read(target, target.points)
        return samples.map((sample) => ('value' in sample ? sample.value : sample.fault.code))
      } catch (error) {
        return (error as BakewireError).code
      }
    }
  }
  return { machine, links, machineOf }
}

describe.each(['tcp', 'rtu_over_tcp'] as const)('a gateway that takes one connection, framing %s', (framing) => {
  it('is read unit by unit over that one, however many are read at once', async () => {
    const { machine, links, machineOf } = await rig({ framing })
    const reads = [1, 2, 3].map((unit) => machineOf(unit))
    for (let round = 0; round < 3; round++) {
      expect(await Promise.all(reads.map((read) => read()))).toEqual([[1], [2], [3]])
    }
    expect(links.size).toBe(1)
    expect(machine.accepted()).toBe(1)
  })

  it.each([
    ['silent', { kind: 'silent', value: 0 }, 'TIMED_OUT'],
    ['out of reach of the gateway', { kind: 'exception', value: 10 }, 'UNREACHABLE'],
    ['reported dead by the gateway', { kind: 'exception', value: 11 }, 'UNREACHABLE'],
  ] as const)('gives the neighbours of a unit that is %s', async (_name, behaviour, code) => {
    const { machine, machineOf } = await rig({ framing })
    const reads = [machineOf(1), machineOf(2, { timeout: 0.1 }), machineOf(3)]
    machine.misbehave({ ...behaviour, unit: 2 })
    for (let round = 0; round < 3; round++) {
      expect(await Promise.all(reads.map((read) => read()))).toEqual([[1], code, [3]])
    }
    machine.misbehave({ kind: 'none', value: 0 })
    expect(await machineOf(2)()).toEqual([2])
  })
})

it('a gateway that is left after every read is free for others in between', async () => {
  const { machine, machineOf } = await rig({ close_after_read: true })
  const reads = [1, 2, 3].map((unit) => machineOf(unit))
  for (let round = 0; round < 3; round++) {
    expect(await Promise.all(reads.map((read) => read()))).toEqual([[1], [2], [3]])
  }
  expect(machine.accepted()).toBe(9)
})

it.each([
  ['framing', { framing: 'rtu_over_tcp' }],
  ['pause', { pause_ms: 20 }],
  ['end of the connection', { close_after_read: true }],
])('two machines on one link must agree on its %s', async (_name, settings) => {
  const { machineOf } = await rig()
  const first = machineOf(1)
  expect(await first()).toEqual([1])
  expect(await machineOf(2, settings)()).toBe('LINK_CONFLICT')
  expect(await first()).toEqual([1])
})

it('two machines on one link may differ in what is theirs', async () => {
  const { machineOf } = await rig()
  expect(await machineOf(1)()).toEqual([1])
  expect(await machineOf(2, { max_registers: 1, max_gap: 0, forbidden: [{ table: 'coil', address: 1 }] })()).toEqual([
    2,
  ])
})
