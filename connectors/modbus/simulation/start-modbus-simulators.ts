import { type ModbusSimulator, type ModbusSimulatorOptions, startModbusSimulator } from './start-modbus-simulator.ts'

/** Many machines in one process, each on a port of its own: what a benchmark polls. */
export async function startModbusSimulators(
  count: number,
  optionsOf: (index: number) => ModbusSimulatorOptions,
): Promise<{ readonly machines: readonly ModbusSimulator[]; stop(): Promise<void> }> {
  const machines = await Promise.all(
    Array.from({ length: count }, (_, index) => startModbusSimulator(optionsOf(index))),
  )
  return {
    machines,
    stop: async () => {
      await Promise.all(machines.map((machine) => machine.stop()))
    },
  }
}
