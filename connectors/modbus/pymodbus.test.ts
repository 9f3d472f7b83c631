import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { kit, parseTarget, type Sample } from '#connector'
import { systemClock } from '#core'
import type { FramingName } from '#protocol/modbus'
import { plainDial } from '../../test/contract/plain-dial.ts'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import defineModbus from './index.ts'

/** Debian's own: another Python does not see its packages. */
const python = '/usr/bin/python3'
const script = join(import.meta.dirname, 'simulation/pymodbus-server.py')
/** Without arguments the script only imports what it needs. */
const hasPymodbus = spawnSync(python, [script]).status === 0

const connector = defineModbus(kit)
const never = new AbortController().signal
const nothing = () => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

const valuesOf = (samples: Sample[] | undefined) =>
  samples?.map((sample) => ('value' in sample ? sample.value : sample.fault.code))

describe.runIf(hasPymodbus)('against a server of pymodbus 3.0 (package python3-pymodbus of Debian 12)', () => {
  describe.each<[FramingName, string]>([
    ['tcp', 'tcp'],
    ['rtu_over_tcp', 'rtu'],
  ])('framing %s', (framing, argument) => {
    let server: ChildProcess
    let port: number
    beforeAll(async () => {
      server = spawn(python, [script, argument], { stdio: ['pipe', 'pipe', 'inherit'] })
      const [said] = await once(server.stdout ?? server, 'data')
      port = Number(String(said))
      return async () => {
        server.stdin?.end()
        await once(server, 'exit')
      }
    })

    /** A new connection to a unit with these points. */
    async function linked(unit_id: number, points: object[], settings: object = {}) {
      const target = parseTarget(connector, 'machine-1', {
        endpoint: '127.0.0.1',
        port,
        additional_config: { framing, unit_id, points, ...settings },
      })
      const link = await connector.open(target, {
        dial: plainDial().dial,
        signal: never,
        clock: systemClock,
        log: silent,
        memory: createPassingMemory(),
        trust: createPassingTrust(),
        lost: nothing,
        reached: nothing,
      })
      onTestFinished(async () => connector.close(link))
      return { target, link }
    }

    async function read(unit_id: number, points: object[], settings: object = {}) {
      const { target, link } = await linked(unit_id, points, settings)
      return valuesOf(await connector.read?.(link, { target, points: target.points, signal: never }))
    }

    /** Writes one value to each of the points. */
    async function write(points: object[], values: (number | string | boolean)[], settings: object = {}) {
      const { target, link } = await linked(1, points, settings)
      const writes = target.points.map((point, index) => ({ point, value: values[index] ?? 0 }))
      return valuesOf(await connector.write?.(link, { target, writes, signal: never }))
    }

    it.each(['holding', 'input'])('reads %s registers', async (table) => {
      const points = [0, 1, 5, 250].map((address) => ({
        metric: `additional.at_${address}`,
        table,
        address,
        type: 'uint16',
      }))
      expect(await read(1, points)).toEqual([1000, 1001, 1005, 1250])
      expect(await read(2, points, { max_registers: 1 })).toEqual([2000, 2001, 2005, 2250])
    })

    it('reads as many registers at once as one answer can hold', async () => {
      const points = [0, 124].map((address) => ({
        metric: `additional.at_${address}`,
        table: 'holding',
        address,
        type: 'uint16',
      }))
      expect(await read(1, points, { max_gap: 125 })).toEqual([1000, 1124])
    })

    it.each(['coil', 'discrete'])('reads bits of table %s', async (table) => {
      const points = [0, 1, 2, 17].map((address) => ({ metric: `additional.at_${address}`, table, address }))
      expect(await read(1, points, { max_gap: 20 })).toEqual([false, true, false, true])
    })

    it('is told that there is no such register, and reads its neighbours', async () => {
      const points = [299, 300].map((address) => ({
        metric: `additional.at_${address}`,
        table: 'holding',
        address,
        type: 'uint16',
      }))
      expect(await read(1, points)).toEqual([1299, 'POINT_REFUSED'])
    })

    it.each([
      ['single ones', {}],
      ['all with the functions for several', { write_multiple: true }],
    ])('writes registers and coils, %s, which are then read', async (_name, settings) => {
      const points = [
        { metric: 'additional.light', table: 'coil', address: 260 },
        { metric: 'additional.set_point', table: 'holding', address: 260, type: 'int16', scale: 0.1 },
        { metric: 'additional.total', table: 'holding', address: 262, type: 'float32', word_order: 'CDAB' },
        { metric: 'additional.label', table: 'holding', address: 266, type: 'string', length: 4 },
      ]
      const values = [true, -18.5, 230.1, 'Rye']
      expect(await write(points, values, settings)).toEqual(values)
      expect(await read(1, points)).toEqual(values)
      expect(await write(points, [false, 4, 0, 'Spelt'], settings)).toEqual([false, 4, 0, 'Spelt'])
    })

    it('writes bits of a register and leaves the others', async () => {
      const register = { metric: 'additional.whole', table: 'holding', address: 270, type: 'uint16' }
      const bit = { metric: 'additional.light', table: 'holding', address: 270, bit: 2 }
      const bits = { metric: 'additional.stage', table: 'holding', address: 270, bit: 8, bits: 4 }
      expect(await write([register], [0xf0f3])).toEqual([0xf0f3])
      expect(await write([bit, bits], [true, 9], { mask_write: true })).toEqual([true, 9])
      expect(await read(1, [register])).toEqual([0xf9f7])
    })

    it('is told that a register to be written does not exist', async () => {
      const point = { metric: 'temperature', table: 'holding', address: 300, type: 'uint16' }
      expect(await write([point], [1])).toEqual(['POINT_REFUSED'])
    })

    it('finds its registers up to the last', async () => {
      const { target, link } = await linked(2, [{ metric: 'temperature', table: 'input', address: 0, type: 'int16' }])
      const page = await connector.browse?.(link, {
        target,
        at: 'input:290',
        cursor: undefined,
        limit: 10,
        seconds: 1,
        signal: never,
      })
      expect(page?.found.map(({ name, value }) => `${name} ${value}`)).toEqual(
        Array.from({ length: 10 }, (_, index) => `input ${290 + index} ${2290 + index}`),
      )
    })

    it('hears nothing of a unit that is not there', async () => {
      const point = { metric: 'temperature', table: 'holding', address: 0, type: 'uint16' }
      await expect(read(9, [point], { timeout: 0.2 })).rejects.toMatchObject({ code: 'TIMED_OUT' })
    })
  })
})
