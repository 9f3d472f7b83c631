import { beforeAll, describe, expect, it } from 'vitest'
import type { FramingName } from '#protocol/modbus'
import { isInstalled, machineAt, startForeignServer } from './foreign-server-fixture.ts'

const register = (table: string, address: number) => ({
  metric: `additional.at_${address}`,
  table,
  address,
  type: 'uint16',
})

describe.runIf(isInstalled('pymodbus'))('against a server of pymodbus 3.0 (Debian 12: python3-pymodbus)', () => {
  describe.each<[FramingName, string]>([
    ['tcp', 'tcp'],
    ['rtu_over_tcp', 'rtu'],
  ])('framing %s', (framing, argument) => {
    let machine: ReturnType<typeof machineAt>
    beforeAll(async () => {
      const { said, stop } = await startForeignServer('pymodbus', [argument])
      machine = machineAt({ endpoint: '127.0.0.1', port: Number(said), settings: { framing } })
      return stop
    })

    it.each(['holding', 'input'])('reads %s registers', async (table) => {
      const points = [0, 1, 5, 250].map((address) => register(table, address))
      expect(await machine.read(points)).toEqual([1000, 1001, 1005, 1250])
      expect(await machine.read(points, { unit_id: 2, max_registers: 1 })).toEqual([2000, 2001, 2005, 2250])
    })

    it('reads as many registers at once as one answer can hold', async () => {
      const points = [0, 124].map((address) => register('holding', address))
      expect(await machine.read(points, { max_gap: 125 })).toEqual([1000, 1124])
    })

    it.each(['coil', 'discrete'])('reads bits of table %s', async (table) => {
      const points = [0, 1, 2, 17].map((address) => ({ metric: `additional.at_${address}`, table, address }))
      expect(await machine.read(points, { max_gap: 20 })).toEqual([false, true, false, true])
    })

    it('is told that there is no such register, and reads its neighbours', async () => {
      const points = [299, 300].map((address) => register('holding', address))
      expect(await machine.read(points)).toEqual([1299, 'POINT_REFUSED'])
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
      expect(await machine.write(points, values, settings)).toEqual(values)
      expect(await machine.read(points)).toEqual(values)
      const others = [false, 4, 0, 'Spelt']
      expect(await machine.write(points, others, settings)).toEqual(others)
    })

    it('writes bits of a register and leaves the others', async () => {
      const whole = register('holding', 270)
      const bit = { metric: 'additional.light', table: 'holding', address: 270, bit: 2 }
      const bits = { metric: 'additional.stage', table: 'holding', address: 270, bit: 8, bits: 4 }
      expect(await machine.write([whole], [0xf0f3])).toEqual([0xf0f3])
      expect(await machine.write([bit, bits], [true, 9], { mask_write: true })).toEqual([true, 9])
      expect(await machine.read([whole])).toEqual([0xf9f7])
    })

    it('is told that a register to be written does not exist', async () => {
      expect(await machine.write([register('holding', 300)], [1])).toEqual(['POINT_REFUSED'])
    })

    it('finds its registers up to the last', async () => {
      const page = await machine.browse([register('input', 0)], 'input:290', { unit_id: 2 })
      expect(page?.found.map(({ name, value }) => `${name} ${value}`)).toEqual(
        Array.from({ length: 10 }, (_, index) => `input ${290 + index} ${2290 + index}`),
      )
    })

    it('hears nothing of a unit that is not there', async () => {
      const reading = machine.read([register('holding', 0)], { unit_id: 9, timeout: 0.2 })
      await expect(reading).rejects.toMatchObject({ code: 'TIMED_OUT' })
    })
  })
})
