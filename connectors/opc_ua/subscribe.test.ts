import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Sample } from '#connector'
import { systemClock } from '#core'
import { startOpcUaMachine } from '#protocol/opc-ua'
import { soon } from '../../test/setup/soon.ts'
import { holding, openLink, outcomeOf } from './link-fixture.ts'

let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
afterEach(() => machine.stop())

const namespace = 'nsu=http://bakery.example/oven/'
const quick = { security_mode: 'None', subscribe: true, publishing_interval_ms: 50, sampling_interval_ms: 50 }
const open = (settings: object = {}) => openLink(machine, { settings: { ...quick, ...settings } })

const valuesOf = (arrived: readonly Sample[][], metric = 'temperature') =>
  arrived.flatMap((samples) => samples.flatMap((sample) => (sample.metric === metric ? [outcomeOf([sample])] : [])))

/** Types of messages (OPC 10000-6, NodeIds.csv). */
const answers = { ReadResponse: 634, PublishResponse: 829 } as const

/** Behind the headers of chunk, channel and sequence stands the type, a NodeId of four bytes. */
const isAnswer = (chunk: Buffer, name: keyof typeof answers) =>
  chunk.toString('latin1', 0, 3) === 'MSG' && chunk.readUInt16LE(26) === answers[name]

/** Behind the header of the answer stand the subscription, a list of numbers and one byte. */
const sequenceNumberAt = (chunk: Buffer) => 52 + 4 + 4 + 4 * chunk.readUInt32LE(56) + 1

/** As if the message had been lost: the same one of a subscription that is none of ours. */
function astray(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk)
  copy.writeUInt32LE(999_999, 52)
  return copy
}

const doubleOf = (value: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

/** Counts the answers to reads. */
function countReads() {
  let count = 0
  machine.tamper((chunk, client) => {
    if (isAnswer(chunk, 'ReadResponse')) count += 1
    client.write(chunk)
  })
  return () => count
}

describe('a subscription', () => {
  it('tells what changes, and what is read is the newest without asking', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open()
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([1]), soon)
    const reads = countReads()
    machine.change('s=T', 2)
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([1, 2]), soon)
    expect(await link.read()).toMatchObject([{ metric: 'temperature', value: 2, quality: 'good' }])
    expect(reads()).toBe(0)
    expect([machine.sessions(), machine.subscriptions()]).toEqual([1, 1])
  })

  it('is one for all machines of a link, and ends with the last of them', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open()
    const [one, other] = [new AbortController(), new AbortController()]
    const arrived = await link.subscribe(one.signal)
    const alsoArrived = await link.subscribe(other.signal)
    await vi.waitFor(() => expect([...valuesOf(arrived), ...valuesOf(alsoArrived)]).toContain(1), soon)
    expect(machine.subscriptions()).toBe(1)
    one.abort()
    other.abort()
    await vi.waitFor(() => expect(machine.subscriptions()).toBe(0), soon)
    expect(machine.sessions()).toBe(1)
    expect(outcomeOf(await link.read())).toBe(1)
  })

  it('is not asked for without the setting', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open({ subscribe: false })
    await link.subscribe()
    expect(outcomeOf(await link.read())).toBe(1)
    expect(machine.subscriptions()).toBe(0)
  })

  it('keeps values that come faster than they are published, in their order', async () => {
    machine = await startOpcUaMachine(holding(0))
    const link = await open({ publishing_interval_ms: 1_000, sampling_interval_ms: 100 })
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([0]), soon)
    let value = 0
    const counting = setInterval(() => machine.change('s=T', ++value), 150)
    await vi.waitFor(() => expect(valuesOf(arrived).length).toBeGreaterThan(6), soon)
    clearInterval(counting)
    const values = valuesOf(arrived) as number[]
    expect(values).toEqual(values.toSorted((left, right) => left - right))
  })
})

describe('points of a subscription', () => {
  it('are monitored in as many requests as the server wants, and those beyond what it monitors are read', async () => {
    const variables = Array.from({ length: 25 }, (_, index) => ({ node: `s=V${index}`, value: index }))
    machine = await startOpcUaMachine({ variables, items_per_call: 4, items_per_subscription: 20 })
    const points = variables.map(({ node }, index) => ({
      metric: `additional.v${index}`,
      node: `${namespace};${node}`,
    }))
    const link = await open({ points })
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(new Set(arrived.flat().map(({ metric }) => metric)).size).toBe(20), soon)
    const samples = await link.read()
    expect(new Set(samples.map((sample) => outcomeOf([sample])))).toEqual(new Set(variables.map(({ value }) => value)))
  })

  it('that the server does not have are faults, and are monitored once they are there', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open({
      points: [
        { metric: 'temperature', node: `${namespace};s=T` },
        { metric: 'humidity', node: `${namespace};s=H` },
      ],
    })
    const arrived = await link.subscribe()
    const faults = async () => (await link.read()).filter((sample) => 'fault' in sample).map(({ metric }) => metric)
    expect(await faults()).toEqual(['humidity'])
    machine.load({ variables: [] })
    await vi.waitFor(async () => expect(await faults()).toEqual(['temperature', 'humidity']), soon)
    machine.load(holding(3))
    await vi.waitFor(async () => expect(await faults()).toEqual(['humidity']), soon)
    machine.change('s=T', 4)
    await vi.waitFor(async () => {
      await link.read()
      expect(valuesOf(arrived).at(-1)).toBe(4)
    }, soon)
  })

  it('with a deadband tell no smaller changes', async () => {
    machine = await startOpcUaMachine(holding(10))
    const link = await open({ points: [{ metric: 'temperature', node: `${namespace};s=T`, deadband: 2 }] })
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([10]), soon)
    for (const value of [11, 11.9, 12.5]) {
      machine.change('s=T', value)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([10, 12.5]), soon)
  })

  it('with a deadband in percent tell no smaller changes, of the range that the server names', async () => {
    machine = await startOpcUaMachine({ variables: [{ node: 's=T', value: 100, range: [0, 300] }] })
    const link = await open({ points: [{ metric: 'temperature', node: `${namespace};s=T`, deadband_percent: 5 }] })
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([100]), soon)
    for (const value of [110, 114.5, 116]) {
      machine.change('s=T', value)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([100, 116]), soon)
    expect(outcomeOf(await link.read())).toBe(116)
  })

  it('that were not told for a minute are read, and what was read holds from then on', async () => {
    machine = await startOpcUaMachine({
      variables: [
        { node: 's=T', value: 10 },
        { node: 's=H', value: 0 },
      ],
    })
    let skippedMs = 0
    const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + skippedMs }
    const points = [
      { metric: 'temperature', node: `${namespace};s=T`, deadband: 50 },
      { metric: 'humidity', node: `${namespace};s=H` },
    ]
    const link = await openLink(machine, { settings: { ...quick, points }, clock })
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect([valuesOf(arrived), valuesOf(arrived, 'humidity')]).toEqual([[10], [0]]), soon)
    const temperature = async () => outcomeOf((await link.read()).filter(({ metric }) => metric === 'temperature'))
    machine.change('s=T', 20)
    // The other point's changes are the signs of life meanwhile.
    const fiveSecondsLater = async () => {
      skippedMs += 5_000
      machine.change('s=H', skippedMs)
      await vi.waitFor(() => expect(valuesOf(arrived, 'humidity').at(-1)).toBe(skippedMs), soon)
    }
    while (skippedMs < 30_000) await fiveSecondsLater()
    expect(await temperature()).toBe(10)
    while (skippedMs < 65_000) await fiveSecondsLater()
    expect(await temperature()).toBe(20)
    const reads = countReads()
    expect(await temperature()).toBe(20)
    expect(reads()).toBe(0)
    expect(valuesOf(arrived)).toEqual([10])
  })

  it.each([{ deadband: 2 }, { deadband_percent: 5 }])('that can have no %j are monitored without', async (deadband) => {
    machine = await startOpcUaMachine({ variables: [{ node: 's=T', type: 'String', value: 'off' }] })
    const link = await open({ points: [{ metric: 'additional.mode', node: `${namespace};s=T`, ...deadband }] })
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(valuesOf(arrived, 'additional.mode')).toEqual(['off']), soon)
  })
})

it('points of a subscription whose type changes tell the values of the new one, and a fault where it is none', async () => {
  machine = await startOpcUaMachine(holding(1))
  let retyped: unknown
  machine.rewrite(({ notificationMessage }) => {
    const [item] = notificationMessage?.notificationData?.[0]?.monitoredItems ?? []
    if (item && retyped) Object.assign(item.value.value, retyped)
  })
  const link = await open()
  const arrived = await link.subscribe()
  await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([1]), soon)
  // Boolean, String, Double (OPC 10000-6, 5.1.2).
  const types = [
    [{ dataType: 1, value: true }, true],
    [{ dataType: 12, value: 'warm' }, 'warm'],
    [{ dataType: 11, arrayType: 1, value: [1, 2] }, 'VALUE_INVALID'],
    [{ dataType: 11, arrayType: 0, value: 5 }, 5],
  ] as const
  for (const [index, [next, outcome]] of types.entries()) {
    retyped = next
    machine.change('s=T', 100 + index)
    await vi.waitFor(() => expect(valuesOf(arrived).at(-1)).toBe(outcome), soon)
    expect(outcomeOf(await link.read())).toBe(outcome)
  }
  expect([link.lost, machine.subscriptions()]).toEqual([[], 1])
})

describe('a lost subscription', () => {
  it('is made anew in the same session, with values that flow', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open()
    const arrived = await link.subscribe()
    for (let value = 2; value < 5; value += 1) {
      machine.endSubscriptions()
      machine.change('s=T', value)
      await vi.waitFor(() => expect(valuesOf(arrived).at(-1)).toBe(value), soon)
      await vi.waitFor(() => expect([machine.sessions(), machine.subscriptions()]).toEqual([1, 1]), soon)
    }
    expect(link.lost).toEqual([])
  })

  it('is noticed by keep-alives that are missing; meanwhile values are read', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open()
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([1]), soon)
    machine.tamper((chunk, client) => void client.write(isAnswer(chunk, 'PublishResponse') ? astray(chunk) : chunk))
    machine.change('s=T', 2)
    await vi.waitFor(async () => expect(outcomeOf(await link.read())).toBe(2), soon)
    machine.tamper()
    machine.change('s=T', 3)
    await vi.waitFor(() => expect(valuesOf(arrived).at(-1)).toBe(3), soon)
    expect([machine.sessions(), machine.subscriptions()]).toEqual([1, 1])
  })

  it('message is asked for again', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open()
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([1]), soon)
    let dropped = 0
    machine.tamper((chunk, client) => {
      const isLost = dropped === 0 && isAnswer(chunk, 'PublishResponse') && chunk.includes(doubleOf(2))
      if (isLost) dropped += 1
      client.write(isLost ? astray(chunk) : chunk)
    })
    machine.change('s=T', 2)
    await vi.waitFor(() => expect(dropped).toBe(1), soon)
    machine.change('s=T', 3)
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([1, 2, 3]), soon)
  })

  it('message that the server has no more begins it anew', async () => {
    machine = await startOpcUaMachine(holding(1))
    const link = await open()
    const arrived = await link.subscribe()
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([1]), soon)
    let told = false
    machine.tamper((chunk, client) => {
      const copy = Buffer.from(chunk)
      // A number far ahead: what lies between was never sent.
      if (isAnswer(chunk, 'PublishResponse') && !told && chunk.includes(doubleOf(2))) {
        copy.writeUInt32LE(1_000, sequenceNumberAt(copy))
        told = true
      }
      client.write(copy)
    })
    machine.change('s=T', 2)
    await vi.waitFor(() => expect(valuesOf(arrived)).toEqual([1, 2]), soon)
    await vi.waitFor(() => expect([machine.sessions(), machine.subscriptions()]).toEqual([1, 1]), soon)
  })
})
