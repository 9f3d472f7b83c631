import { beforeAll, describe, expect, it } from 'vitest'
import { hasSerialLine, startSerialLine } from '../../test/setup/serial-line.ts'
import { isInstalled, machineAt, startForeignServer } from './foreign-server-fixture.ts'

const isThere = isInstalled('libmodbus')
const register = (table: string, address: number) => ({
  metric: `additional.at_${address}`,
  table,
  address,
  type: 'uint16',
})

/** A machine of libmodbus at one of our links, and how it is ended. */
async function overTcp() {
  const { said, stop } = await startForeignServer('libmodbus', ['tcp'])
  return { machine: machineAt({ endpoint: '127.0.0.1', port: Number(said) }), stop }
}

async function overSerialPort() {
  const line = await startSerialLine()
  const server = await startForeignServer('libmodbus', ['serial', line.farPath])
  const stop = async () => {
    await server.stop()
    await line.stop()
  }
  return { machine: machineAt({ endpoint: line.path, settings: { baud_rate: 19_200 } }), stop }
}

describe.each([
  ['Modbus TCP', isThere, overTcp],
  ['RTU on a serial port', isThere && hasSerialLine, overSerialPort],
] as const)('against a server of libmodbus 3.1 (Debian 12: libmodbus5), %s', (_name, canRun, start) => {
  describe.runIf(canRun)('it', () => {
    let machine: ReturnType<typeof machineAt>
    beforeAll(async () => {
      const started = await start()
      machine = started.machine
      return started.stop
    })

    it.each(['holding', 'input'])('gives %s registers, in blocks and singly', async (table) => {
      const points = [0, 1, 5, 250].map((address) => register(table, address))
      expect(await machine.read(points)).toEqual([1000, 1001, 1005, 1250])
      expect(await machine.read(points, { max_registers: 1 })).toEqual([1000, 1001, 1005, 1250])
    })

    it('gives as many registers at once as one answer can hold', async () => {
      const points = [0, 124].map((address) => register('holding', address))
      expect(await machine.read(points, { max_gap: 125 })).toEqual([1000, 1124])
    })

    it.each(['coil', 'discrete'])('gives bits of table %s', async (table) => {
      const points = [0, 1, 2, 17].map((address) => ({ metric: `additional.at_${address}`, table, address }))
      expect(await machine.read(points, { max_gap: 20 })).toEqual([false, true, false, true])
    })

    it('refuses a register that it does not have, and gives its neighbours', async () => {
      const points = [299, 300].map((address) => register('holding', address))
      expect(await machine.read(points)).toEqual([1299, 'POINT_REFUSED'])
    })

    it.each([
      ['single ones', {}],
      ['all with the functions for several', { write_multiple: true }],
    ])('keeps what is written, %s', async (_how, settings) => {
      const points = [
        { metric: 'additional.light', table: 'coil', address: 260 },
        { metric: 'additional.set_point', table: 'holding', address: 260, type: 'int16', scale: 0.1 },
        { metric: 'additional.total', table: 'holding', address: 262, type: 'float64', word_order: 'DCBA' },
      ]
      expect(await machine.write(points, [true, -18.5, 230.123], settings)).toEqual([true, -18.5, 230.123])
      expect(await machine.read(points)).toEqual([true, -18.5, 230.123])
      expect(await machine.write(points, [false, 4, 0], settings)).toEqual([false, 4, 0])
    })

    it('changes bits of a register and leaves the others', async () => {
      const bit = { metric: 'additional.light', table: 'holding', address: 270, bit: 2 }
      expect(await machine.write([register('holding', 270)], [0xf0f3])).toEqual([0xf0f3])
      expect(await machine.write([bit], [true], { mask_write: true })).toEqual([true])
      expect(await machine.read([register('holding', 270)])).toEqual([0xf0f7])
    })

    it('refuses to write a register that it does not have', async () => {
      expect(await machine.write([register('holding', 300)], [1])).toEqual(['POINT_REFUSED'])
    })

    it('is found to have its registers up to the last', async () => {
      const page = await machine.browse([register('input', 0)], 'input:290')
      expect(page?.found.map(({ value }) => value)).toEqual([...Array(10).keys()].map((index) => String(1290 + index)))
    })
  })
})
