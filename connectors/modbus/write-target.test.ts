import { describe, expect, it, onTestFinished } from 'vitest'
import { kit, parseTarget } from '#connector'
import { systemClock } from '#core'
import { plainDial } from '../../test/contract/plain-dial.ts'
import defineModbus from './index.ts'
import { openLink } from './link.ts'
import type { ModbusTarget } from './settings.ts'
import { type ModbusSimulator, startModbusSimulator, type UnitContents } from './simulator.ts'
import { writeTarget } from './write-target.ts'

const connector = defineModbus(kit)
const never = new AbortController().signal

type Values = Record<string, number | string | boolean>

/** A machine, and what it gives or what is thrown when these values are written to points of these addresses. */
async function rig(unit: UnitContents, points: Record<string, object>, settings: Record<string, unknown> = {}) {
  const framing = settings['framing'] === 'rtu_over_tcp' ? 'rtu_over_tcp' : 'tcp'
  const machine = await startModbusSimulator({ units: { 1: unit }, framing, maxConnections: 1 })
  onTestFinished(() => machine.stop())
  const target = parseTarget(connector, 'machine-1', {
    endpoint: machine.host,
    port: machine.port,
    additional_config: {
      timeout: 0.3,
      points: Object.entries(points).map(([metric, address]) => ({ metric: `additional.${metric}`, ...address })),
      ...settings,
    },
  }) as ModbusTarget
  const lost: Error[] = []
  const link = await openLink(target, {
    dial: plainDial().dial,
    signal: never,
    clock: systemClock,
    reached: () => undefined,
    lost: (error) => lost.push(error),
  })
  onTestFinished(() => link.connection.close())
  const writeTo = async (to: ModbusTarget, values: Values) => {
    const writes = Object.entries(values).map(([metric, value]) => {
      const point = to.points.find((one) => one.metric === `additional.${metric}`)
      if (!point) throw new Error(`no point ${metric}`)
      return { point, value }
    })
    const samples = await writeTarget(link, { target: to, writes, signal: never })
    return samples.map((sample) => ('value' in sample ? sample.value : sample.fault))
  }
  return { machine, target, link, lost, writeTo, write: (values: Values) => writeTo(target, values) }
}

const held = (machine: ModbusSimulator) => [...(machine.units.get(1)?.holding ?? [])].map(([, register]) => register)
const setPoint = { table: 'holding', address: 0, type: 'int16', scale: 0.1 }
const refused = (message: string) => ({ code: 'CONFIG_INVALID', message: `additional.it is not written: ${message}` })

describe.each(['tcp', 'rtu_over_tcp'] as const)('writeTarget, framing %s', (framing) => {
  it.each<[string, object, number | string | boolean, number[]]>([
    ['a scaled number', setPoint, 23.6, [236, 2, 3, 4]],
    ['a negative number', setPoint, -18, [0xff4c, 2, 3, 4]],
    ['a number of two registers', { table: 'holding', address: 1, type: 'float32' }, 1, [1, 0x3f80, 0, 4]],
    ['the low register first', { table: 'holding', address: 1, type: 'uint32', word_order: 'CDAB' }, 7, [1, 7, 0, 4]],
    [
      'a number of four registers',
      { table: 'holding', address: 0, type: 'int64' },
      -2,
      [0xffff, 0xffff, 0xffff, 0xfffe],
    ],
    ['decimal digits', { table: 'holding', address: 0, type: 'bcd16' }, 1234, [0x1234, 2, 3, 4]],
    ['a text', { table: 'holding', address: 2, type: 'string', length: 2 }, 'Rye', [1, 2, 0x5279, 0x6500]],
    ['an address counted from 1', { ...setPoint, address: 1, address_base: 1 }, 1, [10, 2, 3, 4]],
  ])('%s', async (_name, address, value, registers) => {
    const { machine, write } = await rig({ holding: { 0: [1, 2, 3, 4] } }, { it: address }, { framing })
    expect(await write({ it: value })).toEqual([value])
    expect(held(machine)).toEqual(registers)
    const before = machine.requests()
    expect(await write({ it: value })).toEqual([value])
    // The write and the read-back.
    expect(machine.requests() - before).toBe(2)
  })

  it('what is on or off as 1 or 0, and digits as a text', async () => {
    const points = {
      light: { table: 'holding', address: 0, type: 'uint16' },
      label: { table: 'holding', address: 1, type: 'string', length: 1 },
    }
    const { machine, write } = await rig({ holding: { 0: [0, 0] } }, points, { framing })
    expect(await write({ light: true, label: 42 })).toEqual([1, '42'])
    const before = machine.requests()
    expect(await write({ light: false, label: 42 })).toEqual([0, '42'])
    expect(machine.requests() - before).toBe(4)
  })

  it('a coil', async () => {
    const { machine, write } = await rig({ coils: { 5: false } }, { it: { table: 'coil', address: 5 } }, { framing })
    expect(await write({ it: true })).toEqual([true])
    expect(machine.units.get(1)?.coils.get(5)).toBe(true)
    expect(await write({ it: false })).toEqual([false])
  })

  it('single ones with the functions for several, where the machine knows no others', async () => {
    const unit = { holding: { 0: 1 }, coils: { 5: false }, functions: [1, 3, 15, 16] }
    const points = { set_point: setPoint, light: { table: 'coil', address: 5 } }
    const { write } = await rig(unit, points, { framing, write_multiple: true })
    expect(await write({ set_point: 23.6, light: true })).toEqual([23.6, true])
  })

  it('bits of a register in one step, where the machine knows function 22', async () => {
    const points = {
      light: { table: 'holding', address: 0, bit: 0 },
      stage: { table: 'holding', address: 0, bit: 4, bits: 3 },
    }
    const { machine, write } = await rig({ holding: { 0: 0xff0e } }, points, { framing, mask_write: true })
    expect(await write({ light: true, stage: 5 })).toEqual([true, 5])
    expect(held(machine)).toEqual([0xff5f])
  })
})

describe('writeTarget refuses before anything is sent', () => {
  it.each<[string, object, number | string | boolean, string]>([
    [
      'more than the register holds',
      setPoint,
      3_276.8,
      '3276.8 is not within what can be held there, -3276.8 to 3276.7',
    ],
    ['more digits than the scale has', setPoint, 23.65, '23.65 lies between two steps of 0.1'],
    [
      'the word for no value',
      { ...setPoint, scale: 1, invalid: [-999] },
      -999,
      '-999 would mean that there is no value',
    ],
    ['a text for a number', setPoint, '23.6', 'it must be a number'],
    ['a number for a coil', { table: 'coil', address: 0 }, 1, 'it must be true or false'],
    ['a number for a bit', { table: 'holding', address: 0, bit: 3 }, 1, 'it must be true or false'],
    [
      'a truth value for a text',
      { table: 'holding', address: 0, type: 'string', length: 2 },
      true,
      'it must be a text',
    ],
    [
      'a long text',
      { table: 'holding', address: 0, type: 'string', length: 2 },
      'Wholemeal',
      'it has more than the 4 characters that there is room for',
    ],
    [
      'more registers than one request writes',
      { table: 'holding', address: 0, type: 'string', length: 124 },
      'x',
      'its 124 registers are more than the 123 that one request writes',
    ],
    ['an input register', { ...setPoint, table: 'input' }, 1, "a machine's input table can only be read"],
    ['a discrete input', { table: 'discrete', address: 0 }, true, "a machine's discrete table can only be read"],
    [
      'a bit without mask_write',
      { table: 'holding', address: 0, bit: 3 },
      true,
      'bits of a register are written with function 22 only: set mask_write where the machine knows it',
    ],
    [
      'bits without mask_write',
      { table: 'holding', address: 0, bit: 3, bits: 2 },
      1,
      'bits of a register are written with function 22 only: set mask_write where the machine knows it',
    ],
  ])('%s', async (_name, address, value, refusal) => {
    const { machine, write } = await rig({ holding: { 0: 1 } }, { it: address })
    expect(await write({ it: value })).toEqual([refused(refusal)])
    expect(machine.requests()).toBe(0)
  })

  it('unit 0, which is all of them', async () => {
    const { machine, write } = await rig({ holding: { 0: 1 } }, { it: setPoint }, { unit_id: 0 })
    const refusal = 'unit 0 is every machine on a line, and a write to it reaches them all'
    expect(await write({ it: 1 })).toEqual([refused(refusal)])
    expect(machine.requests()).toBe(0)
  })

  it('a forbidden register, even where the configuration was not checked', async () => {
    const { machine, target, writeTo } = await rig(
      { holding: { 0: [1, 2] } },
      {
        it: { table: 'holding', address: 0, type: 'uint32' },
      },
    )
    const forbidden = [{ table: 'holding', address: 1, count: 1 } as const]
    const unchecked = { ...target, settings: { ...target.settings, forbidden } }
    expect(await writeTo(unchecked, { it: 5 })).toEqual([refused('holding 1 is forbidden')])
    expect(machine.requests()).toBe(0)
  })
})

describe('writeTarget tells', () => {
  const points = { first: setPoint, second: { ...setPoint, address: 1 }, third: { ...setPoint, address: 2 } }
  const all = { first: 1, second: 2, third: 3 }

  it('what the machine refuses, and writes what follows', async () => {
    const { machine, write } = await rig({ holding: { 0: 0, 2: 0 } }, points)
    const fault = { code: 'POINT_REFUSED', message: 'writing holding 1 of unit 1: illegal address' }
    expect(await write(all)).toEqual([1, fault, 3])
    expect(held(machine)).toEqual([10, 30])
  })

  it('that the machine does not know the function', async () => {
    const { write } = await rig({ holding: { 0: 0 }, functions: [3] }, { it: setPoint })
    const fault = { code: 'POINT_REFUSED', message: 'writing holding 0 of unit 1: illegal function' }
    expect(await write({ it: 1 })).toEqual([fault])
  })

  it('that the machine is busy, without trying again', async () => {
    const { machine, write } = await rig({ holding: { 0: 0 } }, { it: setPoint })
    machine.misbehave({ kind: 'exception', value: 6 })
    const fault = { code: 'DEVICE_BUSY', message: 'writing holding 0 of unit 1: device busy' }
    expect(await write({ it: 1 })).toEqual([fault])
    expect(machine.requests()).toBe(1)
  })

  it('what the machine has where it has not kept what it confirmed', async () => {
    const { machine, write } = await rig({ holding: { 0: 185 } }, { it: setPoint })
    machine.misbehave({ kind: 'unheeded', value: 0 })
    expect(await write({ it: 23.6 })).toEqual([18.5])
    // One write, and three looks at whether it shows.
    expect(machine.requests()).toBe(4)
  })

  it('that a register which is written only cannot be read back', async () => {
    const { write } = await rig({ holding: { 0: 1 }, functions: [6] }, { it: setPoint })
    const message = 'additional.it was written, but cannot be read back: reading holding 0 of unit 1: illegal function'
    expect(await write({ it: 1 })).toEqual([{ code: 'POINT_REFUSED', message }])
  })

  it.each(['tcp', 'rtu_over_tcp'] as const)('by throwing that a write got no answer, framing %s', async (framing) => {
    const { machine, write, lost } = await rig({ holding: { 0: 0 } }, { it: setPoint }, { framing })
    expect(await write({ it: 3 })).toEqual([3])
    const before = machine.requests()
    machine.misbehave({ kind: 'silent', value: 0 })
    await expect(write({ it: 1 })).rejects.toMatchObject({
      code: 'TIMED_OUT',
      message: 'writing holding 0 of unit 1: no answer within 0.3 s',
    })
    expect(machine.requests()).toBe(before + 1)
    expect(lost).toEqual([])
    machine.misbehave({ kind: 'none', value: 0 })
    expect(await write({ it: 2 })).toEqual([2])
  })

  it('which writes were done when the machine fails between them', async () => {
    const { machine, write } = await rig({ holding: { 0: [0, 0, 0] } }, points)
    machine.onRequest((nth) => {
      if (nth === 3) machine.misbehave({ kind: 'closing', value: 0 })
    })
    const [first, second, third] = await write(all)
    expect(first).toBe(1)
    expect(second).toMatchObject({ code: 'LINK_LOST', message: expect.stringContaining('is not known') })
    expect(third).toMatchObject({
      code: 'LINK_LOST',
      message: expect.stringMatching(/^additional\.third was not written, because before it: /),
    })
    expect(machine.requests()).toBe(3)
  })

  it('nothing of what an answer to an earlier request says', async () => {
    const { machine, write } = await rig({ holding: { 0: [0, 0, 0] } }, points)
    machine.misbehave({ kind: 'stale', value: 0 })
    expect(await write(all)).toEqual([1, 2, 3])
  })
})

describe('the first write on a line of which it is not known whether it sends requests back', () => {
  const unit = { holding: { 0: [0, 0] }, coils: { 5: false } }
  const points = {
    number: setPoint,
    coil: { table: 'coil', address: 5 },
    bit: { table: 'holding', address: 1, bit: 3 },
  }
  const settings = { framing: 'rtu_over_tcp', mask_write: true }
  const values = { number: 23.6, coil: true, bit: true }
  /** What is asked of the machine from now on, without unit and CRC. */
  const asked = (machine: ModbusSimulator) => {
    const requests: string[] = []
    machine.onRequest((_nth, request) => requests.push(request.toString('hex', 7)))
    return requests
  }

  describe.each(['number', 'coil', 'bit'] as const)('of a %s', (metric) => {
    const value = values[metric]

    it.each(['none', 'echo'] as const)('is done and read back, line: %s', async (kind) => {
      const { machine, write } = await rig(unit, points, settings)
      machine.misbehave({ kind, value: 0 })
      expect(await write({ [metric]: value })).toEqual([value])
      expect(machine.requests()).toBe(3)
      const requests = asked(machine)
      expect(await write({ [metric]: value })).toEqual([value])
      expect(requests).toHaveLength(2)
    })

    it('is not sent to a unit that is not there, and that is told', async () => {
      const { machine, write } = await rig(unit, points, settings)
      machine.misbehave({ kind: 'echo_only', value: 0 })
      const requests = asked(machine)
      expect(await write({ [metric]: value })).toMatchObject([
        {
          code: 'TIMED_OUT',
          message: expect.stringMatching(/was not written, because before it: reading .* no answer/),
        },
      ])
      expect(requests).toHaveLength(1)
    })

    it('is told to be refused by the unit', async () => {
      const { machine, write } = await rig({ ...unit, functions: [1, 3] }, points, settings)
      machine.misbehave({ kind: 'echo', value: 0 })
      expect(await write({ [metric]: value })).toMatchObject([
        { code: 'POINT_REFUSED', message: expect.stringMatching(/^writing .*: illegal function$/) },
      ])
    })
  })

  it('reads before it what it reads afterwards, and once for the link', async () => {
    const { machine, write } = await rig(unit, points, settings)
    const requests = asked(machine)
    expect(await write(values)).toEqual([23.6, true, true])
    expect(requests).toEqual([
      '0300000001',
      '06000000ec',
      '0300000001',
      '050005ff00',
      '0100050001',
      '160001fff70008',
      '0300010001',
    ])
  })

  it('is sent where the unit refuses to be read, which is an answer too', async () => {
    const { machine, write } = await rig({ ...unit, functions: [6] }, points, settings)
    machine.misbehave({ kind: 'echo', value: 0 })
    expect(await write({ number: 1 })).toMatchObject([
      { message: expect.stringMatching(/was written, but cannot be read back: .*illegal function$/) },
    ])
    expect(machine.units.get(1)?.holding.get(0)).toBe(10)
  })

  it('reads nothing before what is not confirmed by its own bytes', async () => {
    const { machine, write } = await rig(unit, points, { ...settings, write_multiple: true })
    machine.misbehave({ kind: 'echo', value: 0 })
    const requests = asked(machine)
    expect(await write({ number: 1 })).toEqual([1])
    expect(requests).toEqual(['100000000102000a', '0300000001'])
  })

  it('reads nothing before what is forbidden', async () => {
    const { machine, target, writeTo } = await rig(unit, points, settings)
    const forbidden = [{ table: 'holding', address: 0, count: 1 } as const]
    const unchecked = { ...target, settings: { ...target.settings, forbidden } }
    expect(await writeTo(unchecked, { number: 5 })).toMatchObject([{ code: 'CONFIG_INVALID' }])
    expect(machine.requests()).toBe(0)
  })

  it('is remembered over connections of the link', async () => {
    const { machine, write } = await rig(unit, points, { ...settings, close_after_read: true })
    machine.misbehave({ kind: 'echo', value: 0 })
    expect(await write({ number: 1 })).toEqual([1])
    const requests = asked(machine)
    machine.misbehave({ kind: 'echo_only', value: 0 })
    await expect(write({ number: 2 })).rejects.toMatchObject({ code: 'TIMED_OUT' })
    expect(requests).toEqual(['0600000014'])
    expect(machine.accepted()).toBe(2)
  })
})

it('a write leaves the machine to others where that is wanted', async () => {
  const { machine, write } = await rig({ holding: { 0: 0 } }, { it: setPoint }, { close_after_read: true })
  expect(await write({ it: 1 })).toEqual([1])
  expect(await write({ it: 2 })).toEqual([2])
  expect(machine.accepted()).toBe(2)
})
