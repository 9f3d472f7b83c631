import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { kit, parseTarget } from '#connector'
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

    /** Reads these points of a unit on a new connection. */
    async function read(unit_id: number, points: object[], settings: object = {}) {
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
      const samples = await connector.read?.(link, { target, points: target.points, signal: never })
      return samples?.map((sample) => ('value' in sample ? sample.value : sample.fault.code))
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

    it('hears nothing of a unit that is not there', async () => {
      const point = { metric: 'temperature', table: 'holding', address: 0, type: 'uint16' }
      await expect(read(9, [point], { timeout: 0.2 })).rejects.toMatchObject({ code: 'TIMED_OUT' })
    })
  })
})
