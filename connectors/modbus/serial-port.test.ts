import { existsSync, rmSync, symlinkSync } from 'node:fs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { kit, parseTarget, type Sample, type Target } from '#connector'
import { silentLog, systemClock } from '#core'
import { createSession, tryConnection } from '#session'
import { plainDial } from '../../test/contract/plain-dial.ts'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import { hasSerialLine, type SerialLine, startSerialLine } from '../../test/setup/serial-line.ts'
import { soon } from '../../test/setup/soon.ts'
import { isInstalled, startForeignServer } from './foreign-server-fixture.ts'
import defineModbus from './index.ts'
import { type ModbusSimulator, startModbusSimulator } from './simulator.ts'

const connector = defineModbus(kit)
const never = new AbortController().signal
const points = [
  { metric: 'temperature', table: 'holding', address: 0, type: 'int16', scale: 0.1 },
  { metric: 'target_temperature', table: 'holding', address: 1, type: 'int16', scale: 0.1 },
]
const units = { 1: { holding: { 0: [236, 240] } }, 2: { holding: { 0: [10, 20] } } }

const valuesOf = (samples: Sample[] | undefined) =>
  samples?.map((sample) => ('value' in sample ? sample.value : sample.fault.code))

const targetAt = (path: string, settings: object = {}): Target =>
  parseTarget(connector, 'machine-1', { endpoint: path, additional_config: { timeout: 20, points, ...settings } })

const tools = () => {
  const lost: Error[] = []
  const reached: string[] = []
  const { dial } = plainDial()
  const memory = createPassingMemory()
  const trust = createPassingTrust()
  const common = { dial, signal: never, clock: systemClock, log: silentLog, memory, trust }
  return {
    lost,
    reached,
    given: { ...common, lost: (error: Error) => lost.push(error), reached: (stage: string) => reached.push(stage) },
  }
}

/** An open link to the port. */
async function opened(path: string, settings: object = {}) {
  const { given, lost, reached } = tools()
  const link = await connector.open(targetAt(path, settings), given)
  onTestFinished(async () => connector.close(link))
  const read = async (more: object = {}) => {
    const target = targetAt(path, { ...settings, ...more })
    return valuesOf(await connector.read?.(link, { target, points: target.points, signal: never }))
  }
  return { link, lost, reached, read }
}

/** Simulated machines at the far end of a serial line. */
async function rig(
  settings: object = {},
): Promise<{ machine: ModbusSimulator; line: SerialLine } & Awaited<ReturnType<typeof opened>>> {
  const machine = await startModbusSimulator({ units, framing: 'rtu_over_tcp' })
  onTestFinished(() => machine.stop())
  const line = await startSerialLine({ tcpPort: machine.port })
  onTestFinished(() => line.stop())
  return { machine, line, ...(await opened(line.path, settings)) }
}

describe.runIf(hasSerialLine)('Modbus RTU on a serial port', () => {
  it('is read at every baud rate, parity and number of stop bits', async () => {
    for (const baud_rate of [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200]) {
      const { read } = await rig({ baud_rate, parity: 'even', stop_bits: 1 })
      expect(await read()).toEqual([23.6, 24])
    }
    for (const parity of ['none', 'odd']) {
      const { read } = await rig({ parity, stop_bits: 2 })
      expect(await read()).toEqual([23.6, 24])
    }
  })

  it('is written, also on a line that sends every request back', async () => {
    const { machine, line, link } = await rig()
    const target = targetAt(line.path)
    const write = (value: number) =>
      connector.write?.(link, { target, writes: target.points.map((point) => ({ point, value })), signal: never })
    expect(valuesOf(await write(18.5))).toEqual([18.5, 18.5])
    machine.misbehave({ kind: 'echo', value: 0 })
    expect(valuesOf(await write(19.5))).toEqual([19.5, 19.5])
  })

  it('is not written where only the line answers, be it the first request, and tells so', async () => {
    const { machine, line, link } = await rig()
    machine.misbehave({ kind: 'echo_only', value: 0 })
    const target = targetAt(line.path, { timeout: 0.3 })
    const writes = target.points.map((point) => ({ point, value: 18.5 }))
    const given = await connector.write?.(link, { target, writes, signal: never })
    expect(valuesOf(given)).toEqual(['TIMED_OUT', 'TIMED_OUT'])
    expect(machine.requests()).toBe(1)
    expect(machine.units.get(1)?.holding.get(0)).toBe(236)
  })

  it('tells the stages of a connection test', async () => {
    const { reached } = await rig()
    expect(reached).toEqual(['address', 'reachable'])
  })

  it.each([
    ['dribbles byte by byte', { kind: 'dribble', value: 0 }],
    ['is silent for more than 3.5 characters in an answer', { kind: 'split', value: 60 }],
    ['sends every request back', { kind: 'echo', value: 0 }],
    ['is noisy before an answer', { kind: 'noise', value: 0 }],
    ['has another master', { kind: 'other_master', value: 0 }],
    ['answers twice', { kind: 'duplicate', value: 0 }],
  ] as const)('is understood where the line %s', async (_name, behaviour) => {
    const { machine, read, lost } = await rig()
    machine.misbehave(behaviour)
    for (let round = 0; round < 3; round++) expect(await read({ max_registers: 1 })).toEqual([23.6, 24])
    expect(lost).toEqual([])
  })

  it.each([
    ['with a wrong CRC', { kind: 'crc_wrong', value: 0 }],
    ['with a swapped CRC', { kind: 'crc_swapped', value: 0 }],
    ['without CRC', { kind: 'crc_missing', value: 0 }],
    ['of another unit', { kind: 'wrong_unit', value: 0 }],
    ['of another function', { kind: 'wrong_function', value: 0 }],
    ['with another byte count', { kind: 'byte_count', value: 2 }],
    ['that is no Modbus', { kind: 'garbage', value: 0 }],
  ] as const)('takes nothing from an answer %s, and goes on on the same port', async (_name, behaviour) => {
    const { machine, read, lost } = await rig()
    machine.misbehave(behaviour)
    await expect(read({ timeout: 0.5 })).rejects.toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    machine.misbehave({ kind: 'none', value: 0 })
    expect(await read({ unit_id: 2 })).toEqual([1, 2])
    expect(await read()).toEqual([23.6, 24])
    expect(lost).toEqual([])
  })

  it('does not take the late answer of a unit for its next one, and asks its neighbours meanwhile', async () => {
    const { machine, read, lost } = await rig()
    machine.misbehave({ kind: 'late', value: 300, unit: 1 })
    await expect(read({ timeout: 0.2 })).rejects.toMatchObject({ code: 'TIMED_OUT' })
    machine.misbehave({ kind: 'none', value: 0 })
    machine.units.get(1)?.holding.set(0, 100)
    expect(await read({ unit_id: 2 })).toEqual([1, 2])
    for (let round = 0; round < 20; round++) expect(await read()).toEqual([10, 24])
    expect(lost).toEqual([])
  })

  it('asks a dead unit, and its neighbour answers', async () => {
    const { read, lost } = await rig()
    await expect(read({ unit_id: 9, timeout: 0.2 })).rejects.toMatchObject({ code: 'TIMED_OUT' })
    expect(await read()).toEqual([23.6, 24])
    expect(lost).toEqual([])
  })

  it('keeps the line silent for 3.5 characters between two requests', async () => {
    const { read } = await rig({ baud_rate: 1_200, max_registers: 1 })
    const startedAt = performance.now()
    for (let round = 0; round < 5; round++) await read()
    // 32 ms each at 1,200 baud; timers are a little early at times.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(10 * 30)
  })

  it('tells that the port has gone, and can be opened when it is back', async () => {
    const { machine, line, lost, read } = await rig()
    expect(await read()).toEqual([23.6, 24])
    await line.stop()
    await vi.waitFor(() => expect(lost).toMatchObject([{ code: 'LINK_LOST' }]), soon)
    expect(lost[0]?.message).toBe(`the serial port ${line.path} has gone`)
    await expect(read()).rejects.toMatchObject({ code: 'LINK_LOST' })
    await expect(opened(line.path)).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: `there is no serial port ${line.path} on this computer`,
    })
    const again = await startSerialLine({ tcpPort: machine.port, path: line.path })
    onTestFinished(() => again.stop())
    expect(await (await opened(line.path)).read()).toEqual([23.6, 24])
  })

  it('has the port for itself until it is closed', async () => {
    const { line, link } = await rig()
    await expect(opened(line.path)).rejects.toMatchObject({
      code: 'LINK_LOST',
      message: `${line.path} is in use by another program`,
    })
    // Closing takes a moment, which who opens the port anew need not wait for.
    await connector.close(link)
    expect(await (await opened(line.path)).read()).toEqual([23.6, 24])
  })

  it('leaves the port to others after every read where that is wanted', async () => {
    const { line, read } = await rig({ close_after_read: true })
    for (let round = 0; round < 3; round++) expect(await read()).toEqual([23.6, 24])
    const other = await opened(line.path)
    expect(await other.read()).toEqual([23.6, 24])
  })

  it('opens nothing that is no serial port', async () => {
    const path = '/dev/ttyBakeNone1'
    symlinkSync('/dev/null', path)
    onTestFinished(() => rmSync(path))
    await expect(opened(path)).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: `${path} cannot be opened as a serial port`,
    })
  })
})

describe.runIf(hasSerialLine)('the connection test of a serial port', () => {
  async function stepsOf(path: string) {
    const { given } = tools()
    const session = createSession({ connector, ...given })
    onTestFinished(() => session.close())
    const { steps } = await tryConnection(session, connector, targetAt(path), Date.now())
    return steps.map(({ step, ok, skipped }) => `${step} ${skipped ? 'skipped' : ok}`)
  }

  it('passes all stages', async () => {
    const { line, link } = await rig()
    await connector.close(link)
    expect(await stepsOf(line.path)).toEqual([
      'address true',
      'reachable true',
      'slot true',
      'read true',
      'plausible true',
    ])
  })

  it('fails at the slot where another program has the port', async () => {
    const { line } = await rig()
    expect(await stepsOf(line.path)).toEqual([
      'address true',
      'reachable true',
      'slot false',
      'read skipped',
      'plausible skipped',
    ])
  })

  it('fails where there is no port', async () => {
    expect(existsSync('/dev/ttyNowhere9')).toBe(false)
    expect((await stepsOf('/dev/ttyNowhere9')).slice(0, 3)).toEqual(['address true', 'reachable false', 'slot skipped'])
  })
})

describe.runIf(hasSerialLine && isInstalled('pymodbus'))('against a serial server of pymodbus 3.0', () => {
  async function served(): Promise<Awaited<ReturnType<typeof opened>> & { path: string }> {
    const line = await startSerialLine()
    onTestFinished(() => line.stop())
    const server = await startForeignServer('pymodbus', ['serial', line.farPath])
    onTestFinished(() => server.stop())
    return { path: line.path, ...(await opened(line.path, { baud_rate: 19_200, timeout: 5 })) }
  }

  it('reads and writes, unit by unit', async () => {
    const { path, read, link } = await served()
    expect(await read()).toEqual([100, 100.1])
    expect(await read({ unit_id: 2 })).toEqual([200, 200.1])
    const target = targetAt(path)
    const writes = target.points.map((point) => ({ point, value: -18.5 }))
    expect(valuesOf(await connector.write?.(link, { target, writes, signal: never }))).toEqual([-18.5, -18.5])
    expect(await read()).toEqual([-18.5, -18.5])
  })

  it('hears nothing of a unit that is not there, and reads the next', async () => {
    const { read } = await served()
    await expect(read({ unit_id: 9, timeout: 0.2 })).rejects.toMatchObject({ code: 'TIMED_OUT' })
    expect(await read()).toEqual([100, 100.1])
  })
})
