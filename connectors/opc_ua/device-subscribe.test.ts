import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Sample } from '#connector'
import { startOpcUaMachine } from '#protocol/opc-ua'
import { soon } from '../../test/setup/soon.ts'
import { faultOf, openLink, outcomeOf } from './link-fixture.ts'

let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
afterEach(() => machine.stop())

const settings = {
  points: [],
  security_mode: 'None',
  subscribe: true,
  publishing_interval_ms: 50,
  sampling_interval_ms: 50,
}
const open = () => openLink(machine, { settings })
const states = ['BaseStateMachine', 'MachineState', 'ExecuteState']
/** A machine of PackML: three state machines, one in the other. */
const packer = (...names: readonly string[]) => ({
  devices: [
    {
      name: 'Packer',
      below: 'PackMLObjects',
      variables: names.map((value, depth) => ({
        path: [...states.slice(0, depth + 1), 'CurrentState'],
        type: 'LocalizedText',
        value,
      })),
    },
  ],
})
const stateNode = (depth: number) => `s=${['Packer', ...states.slice(0, depth + 1), 'CurrentState'].join('/')}`
const oven = (temperature: number, ...more: readonly object[]) => ({
  devices: [
    {
      name: 'Oven',
      variables: [
        { path: ['Oven', 'ActualTemperatureChamber_1'], type: 'Float', value: temperature },
        { path: ['Oven', 'IsDoorOpen'], type: 'Boolean', value: false },
        ...more,
      ],
    },
  ],
})
const ovenNode = (name: string) => `s=Oven/Oven/${name}`

const told = (arrived: readonly Sample[][], metric: string) =>
  arrived.flatMap((samples) =>
    samples.filter((sample) => sample.metric === metric).map((sample) => outcomeOf([sample])),
  )
const valueIn = (samples: readonly Sample[], metric: string) =>
  outcomeOf(samples.filter((sample) => sample.metric === metric))

/** Counts the answers to reads (OPC 10000-6, NodeIds.csv: 634). */
function countReads() {
  let count = 0
  machine.tamper((chunk, client) => {
    if (chunk.toString('latin1', 0, 3) === 'MSG' && chunk.readUInt16LE(26) === 634) count += 1
    client.write(chunk)
  })
  return () => count
}

describe('a subscription of a device that describes itself', () => {
  it('tells in our metrics what changes, and what is read is the newest without asking', async () => {
    machine = await startOpcUaMachine(oven(180))
    const link = await open()
    const arrived = await link.subscribe()
    expect(valueIn(await link.read(), 'door_status')).toBe('closed')
    await vi.waitFor(() => expect(told(arrived, 'temperature')).toEqual([180]), soon)
    machine.change(ovenNode('ActualTemperatureChamber_1'), 190)
    machine.change(ovenNode('IsDoorOpen'), true)
    await vi.waitFor(() => expect(told(arrived, 'temperature')).toEqual([180, 190]), soon)
    await vi.waitFor(() => expect(told(arrived, 'door_status')).toEqual(['closed', 'open']), soon)
    const reads = countReads()
    expect(await link.read()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ metric: 'temperature', value: 190 }),
        expect.objectContaining({ metric: 'door_status', value: 'open' }),
      ]),
    )
    expect(reads()).toBe(0)
    expect([machine.sessions(), machine.subscriptions()]).toEqual([1, 1])
  })

  it('tells the status that states in each other make, once each time', async () => {
    machine = await startOpcUaMachine(packer('Cleared', 'Running', 'Execute'))
    const link = await open()
    const arrived = await link.subscribe()
    expect(valueIn(await link.read(), 'operational_status')).toBe('running')
    await vi.waitFor(() => expect(told(arrived, 'operational_status')).toEqual(['running']), soon)
    machine.change(stateNode(2), 'Held')
    await vi.waitFor(() => expect(told(arrived, 'operational_status')).toEqual(['running', 'paused']), soon)
    machine.change(stateNode(0), 'Aborted')
    await vi.waitFor(() => expect(told(arrived, 'operational_status')).toEqual(['running', 'paused', 'error']), soon)
    expect(valueIn(await link.read(), 'additional.state')).toBe('Aborted')
  })

  it('tells no status before all that it is made of is known, what the server does not monitor too', async () => {
    machine = await startOpcUaMachine({ ...packer('Cleared', 'Running', 'Execute'), items_per_subscription: 1 })
    const link = await open()
    const arrived = await link.subscribe()
    // Two publishings, in which the outermost state alone would have been told.
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(told(arrived, 'operational_status')).toEqual([])
    expect(valueIn(await link.read(), 'operational_status')).toBe('running')
    machine.change(stateNode(0), 'Aborted')
    await vi.waitFor(() => expect(told(arrived, 'operational_status').at(-1)).toBe('error'), soon)
    machine.change(stateNode(0), 'Cleared')
    await vi.waitFor(() => expect(told(arrived, 'operational_status').at(-1)).toBe('running'), soon)
    expect(told(arrived, 'operational_status')).not.toContain('standby')
  })

  it('tells a fault once, and the value that follows it', async () => {
    machine = await startOpcUaMachine(oven(180, { path: ['Oven', 'ActualHumidity'], type: 'Double', value: 40 }))
    const link = await open()
    const arrived = await link.subscribe()
    await link.read()
    await vi.waitFor(() => expect(told(arrived, 'humidity')).toEqual([40]), soon)
    machine.change(ovenNode('ActualHumidity'), 'NaN')
    await vi.waitFor(() => expect(told(arrived, 'humidity')).toEqual([40, 'VALUE_INVALID']), soon)
    machine.change(ovenNode('ActualTemperatureChamber_1'), 190)
    await vi.waitFor(() => expect(told(arrived, 'temperature').at(-1)).toBe(190), soon)
    machine.change(ovenNode('ActualHumidity'), 41)
    await vi.waitFor(() => expect(told(arrived, 'humidity')).toEqual([40, 'VALUE_INVALID', 41]), soon)
  })

  it('begins when the device is there, and again when it was away, with what it has then', async () => {
    machine = await startOpcUaMachine({ devices: [] })
    const link = await open()
    expect(await faultOf(link.subscribe())).toMatchObject({ code: 'VALUE_INVALID' })
    expect(await faultOf(link.read())).toMatchObject({ code: 'VALUE_INVALID' })
    machine.load(oven(180))
    const arrived = await link.subscribe()
    await link.read()
    await vi.waitFor(() => expect(told(arrived, 'temperature')).toEqual([180]), soon)
    machine.load({ devices: [] })
    await vi.waitFor(async () => expect(await faultOf(link.read())).toMatchObject({ code: 'VALUE_INVALID' }), soon)
    machine.load(oven(200, { path: ['Oven', 'ActualHumidity'], type: 'Double', value: 40 }))
    await vi.waitFor(async () => expect(valueIn(await link.read(), 'humidity')).toBe(40), soon)
    machine.change(ovenNode('ActualHumidity'), 41)
    await vi.waitFor(() => expect(told(arrived, 'humidity').at(-1)).toBe(41), soon)
    expect(told(arrived, 'temperature').at(-1)).toBe(200)
    expect([machine.sessions(), machine.subscriptions()]).toEqual([1, 1])
  })

  it('ends with its signal, and reads go on', async () => {
    machine = await startOpcUaMachine(oven(180))
    const link = await open()
    const listening = new AbortController()
    const arrived = await link.subscribe(listening.signal)
    await link.read()
    await vi.waitFor(() => expect(told(arrived, 'temperature')).toEqual([180]), soon)
    listening.abort()
    await vi.waitFor(() => expect(machine.subscriptions()).toBe(0), soon)
    machine.change(ovenNode('ActualTemperatureChamber_1'), 190)
    expect(valueIn(await link.read(), 'temperature')).toBe(190)
    expect(told(arrived, 'temperature')).toEqual([180])
  })
})
