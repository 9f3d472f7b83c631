import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { kit, type LinkTools, parseTarget } from '#connector'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import defineModbus from './index.ts'
import { startModbusSimulator } from './simulator.ts'

const connector = defineModbus(kit)
const points = [{ metric: 'temperature', table: 'holding', address: 0, type: 'int16' }]

describe('the link key of Modbus', () => {
  it.each([
    ['10.0.4.17', undefined, 'modbus:10.0.4.17:502'],
    ['10.0.4.17', 1502, 'modbus:10.0.4.17:1502'],
    ['Gateway.Bakery.Example.', 502, 'modbus:gateway.bakery.example:502'],
    ['FD00::17', 502, 'modbus:fd00::17:502'],
  ])('of %s and port %s is %s', (endpoint, port, key) => {
    const target = parseTarget(connector, 'machine-1', { endpoint, port, additional_config: { points } })
    expect(connector.linkKey(target)).toBe(key)
  })

  it('is the same for every unit behind a gateway', () => {
    const keys = [1, 17].map((unit_id) =>
      connector.linkKey(
        parseTarget(connector, 'machine-1', { endpoint: 'gateway', additional_config: { unit_id, points } }),
      ),
    )
    expect(new Set(keys).size).toBe(1)
  })
})

describe('a profile brings its settings', () => {
  const settingsOf = (additional_config: object) =>
    parseTarget(connector, 'machine-1', { endpoint: 'oven', additional_config }).settings

  it('of which the smaller block counts where the user gives another', () => {
    expect(settingsOf({ profile: 'carel-ir33' })).toMatchObject({ max_registers: 1 })
    expect(settingsOf({ profile: 'carel-ir33', max_registers: 10 })).toMatchObject({ max_registers: 1 })
    expect(settingsOf({ profile: 'carel-ir33', max_registers: 0 })).toMatchObject({ max_registers: 0 })
    expect(settingsOf({ profile: 'dixell-xr75cx', max_registers: 10 })).toMatchObject({ max_registers: 10 })
  })

  it('of which forbidden registers stay forbidden whatever the user forbids', () => {
    const known = { table: 'holding', address: 0x0420, count: 1 }
    const own = { table: 'holding', address: 5, count: 2 }
    expect(settingsOf({ profile: 'dixell-xr75cx' })).toMatchObject({ forbidden: [known] })
    expect(settingsOf({ profile: 'dixell-xr75cx', forbidden: [] })).toMatchObject({ forbidden: [known] })
    expect(settingsOf({ profile: 'dixell-xr75cx', forbidden: [own] })).toMatchObject({ forbidden: [known, own] })
  })
})

describe('a Modbus link', () => {
  async function rig() {
    const machine = await startModbusSimulator({ units: { 1: { holding: { 0: 1 } } } })
    onTestFinished(() => machine.stop())
    const { host: endpoint, port } = machine
    const target = parseTarget(connector, 'machine-1', { endpoint, port, additional_config: { points } })
    const socket = connect(port, endpoint)
    await once(socket, 'connect')
    const nothing = () => undefined
    const clock = { now: () => 0, monotonic: () => 0 }
    const log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
    const tools = { clock, log, reached: nothing, memory: createPassingMemory(), trust: createPassingTrust() }
    return { machine, target, socket, tools }
  }

  it('does not open when the opening is aborted after the dialling, and closes the socket', async () => {
    const { target, socket, tools } = await rig()
    const abort = new AbortController()
    const dial: LinkTools['dial'] = async () => {
      abort.abort(new Error('no longer wanted'))
      return socket
    }
    const opening = connector.open(target, { ...tools, dial, signal: abort.signal, lost: () => undefined })
    await expect(opening).rejects.toThrow('no longer wanted')
    expect(socket.destroyed).toBe(true)
  })

  it('tells by itself that the machine has gone', async () => {
    const { machine, target, socket, tools } = await rig()
    const lost = Promise.withResolvers<Error>()
    const { signal } = new AbortController()
    await connector.open(target, { ...tools, dial: async () => socket, signal, lost: lost.resolve })
    await machine.stop()
    expect(await lost.promise).toMatchObject({ code: 'LINK_LOST' })
  })
})
