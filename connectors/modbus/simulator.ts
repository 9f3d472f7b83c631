import { z } from 'zod'
import { type ConnectorSimulator, lateAnswerMs, type Misbehaviour } from '#connector'
import { framingNames, tables } from '#protocol/modbus'
import { type ModbusMisbehaviour, modbusMisbehaviour } from './simulation/misbehave.ts'
import { startModbusSimulator } from './simulation/start-modbus-simulator.ts'
import { fillUnit, unitContents } from './simulation/unit-memory.ts'

export type { ModbusMisbehaviour } from './simulation/misbehave.ts'
export {
  type ModbusSimulator,
  type ModbusSimulatorOptions,
  startModbusSimulator,
} from './simulation/start-modbus-simulator.ts'
export { startModbusSimulators } from './simulation/start-modbus-simulators.ts'
export { type UnitContents, type UnitMemory, writeNumber } from './simulation/unit-memory.ts'

const equipment = z.strictObject({
  framing: z.enum(framingNames).default('tcp'),
  units: z.record(z.string(), unitContents),
  misbehaviour: modbusMisbehaviour.default({ kind: 'none', value: 0 }),
})

const inModbus: Record<Misbehaviour, ModbusMisbehaviour> = {
  none: { kind: 'none', value: 0 },
  silent: { kind: 'silent', value: 0 },
  late: { kind: 'late', value: lateAnswerMs },
  garbage: { kind: 'garbage', value: 0 },
  half: { kind: 'half', value: 0 },
  closing: { kind: 'closing', value: 0 },
  refusing: { kind: 'exception', value: 2 },
}

const units = {
  before: { holding: { 256: [1805, 1850] }, input: { 72: [0x4640, 0xe400] } },
  later: { holding: { 256: [1812, 1900] }, input: { 72: [0x4640, 0xe800] } },
}

/** A scan passes over all but the first registers and bits: a whole table takes seconds. */
const beyondTheExample = tables.map((table) => ({ table, address: 260, count: 65_536 - 260 }))

export const simulator: ConnectorSimulator = {
  example: {
    configuration: {
      additional_config: {
        points: [
          { metric: 'temperature', table: 'holding', address: 256, type: 'int16', scale: 0.1 },
          { metric: 'target_temperature', table: 'holding', address: 257, type: 'int16', scale: 0.1 },
          { metric: 'additional.energy', table: 'input', address: 72, type: 'float32' },
        ],
      },
    },
    equipment: { units: { 1: units.before } },
    equipmentLater: { units: { 1: units.later } },
    unknownPoint: { metric: 'humidity', table: 'holding', address: 259, type: 'int16' },
    deadNeighbour: {
      settings: { unit_id: 2 },
      equipment: { units: { 1: units.before, 2: units.before }, misbehaviour: { kind: 'silent', unit: 2 } },
    },
    browsing: { forbidden: beyondTheExample },
    // Input registers are there to be read.
    writing: { settings: {}, taken: { target_temperature: 190 }, refused: { 'additional.energy': 5 } },
  },

  async start(given) {
    const { framing, units, misbehaviour } = equipment.parse(given)
    const machine = await startModbusSimulator({ framing, units })
    machine.misbehave(misbehaviour)
    return {
      configuration: { endpoint: machine.host, port: machine.port },
      load(next) {
        const loaded = equipment.parse(next)
        machine.units.clear()
        for (const [id, contents] of Object.entries(loaded.units)) machine.units.set(Number(id), fillUnit(contents))
        machine.misbehave(loaded.misbehaviour)
      },
      misbehave: (kind) => machine.misbehave(inModbus[kind]),
      connections: machine.connections,
      stop: machine.stop,
    }
  },
}
