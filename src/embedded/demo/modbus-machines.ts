import { type ModbusSimulator, startModbusSimulator, writeNumber } from '../../../connectors/modbus/simulator.ts'
import { coldRoomAt, energyAt, powerAt, prooferAt, rackOvenAt } from './demo-day.ts'
import type { DemoServer } from './demo-server.ts'

export async function startEnergyMeter(): Promise<DemoServer> {
  const machine = await startModbusSimulator({ units: { 1: {} } })
  return modbusMachine(machine, (t) => {
    const input = memory(machine).input
    const watts = powerAt(t) * 1000
    const float = (address: number, value: number) => writeNumber(input, address, value, 'float32')
    float(0x34, watts)
    float(0x48, energyAt(Date.now()))
    float(0x4a, 0)
    float(0x46, 50 + Math.sin(t / 11) / 50)
    float(0x3e, 0.97)
    for (const [phase, share] of [0.36, 0.33, 0.31].entries()) {
      const volts = 230 + Math.sin(t / 9 + phase)
      float(2 * phase, volts)
      float(6 + 2 * phase, (watts * share) / volts)
    }
  })
}

export async function startColdRoom(): Promise<DemoServer> {
  const machine = await startModbusSimulator({ units: { 1: {} } })
  return modbusMachine(machine, (t) => {
    const { temperature, evaporator, doorOpen, defrosting, compressorOn } = coldRoomAt(t)
    const { input, holding, discrete, coils } = memory(machine)
    writeNumber(input, 403, Math.round(temperature * 10), 'int16')
    writeNumber(input, 412, Math.round(evaporator * 10), 'int16')
    writeNumber(holding, 404, 30, 'int16')
    for (const [address, on] of [
      [43, doorOpen],
      [18, defrosting],
      [7, compressorOn],
      [13, !defrosting],
      [3, false],
    ] as const) {
      discrete.set(address, on)
    }
    coils.set(5, temperature > 8)
    coils.set(2, false)
  })
}

export async function startProofer(): Promise<DemoServer> {
  const machine = await startModbusSimulator({ units: { 1: {} } })
  return modbusMachine(machine, (t) => {
    const { temperature, target } = prooferAt(t)
    const { holding } = memory(machine)
    writeNumber(holding, 0x2000, Math.round(temperature * 10), 'int16')
    writeNumber(holding, 0x2103, Math.round(target * 10), 'int16')
  })
}

/** Its socket is gone while it is off, as with a machine whose plug was pulled; it comes back on the same port. */
export async function startRackOven(): Promise<DemoServer> {
  let machine: ModbusSimulator | undefined = await startModbusSimulator({ units: { 1: {} } })
  const { host, port } = machine
  return {
    address: { endpoint: host, port },
    async live(t) {
      const { on, temperature } = rackOvenAt(t)
      if (!on) {
        await machine?.stop()
        machine = undefined
        return
      }
      machine ??= await startModbusSimulator({ host, port, units: { 1: {} } })
      writeNumber(memory(machine).holding, 0, Math.round(temperature * 10), 'int16')
      writeNumber(memory(machine).holding, 1, 1750, 'int16')
    },
    stop: async () => machine?.stop(),
  }
}

function modbusMachine(machine: ModbusSimulator, live: (t: number) => void): DemoServer {
  live(0)
  return { address: { endpoint: machine.host, port: machine.port }, live, stop: machine.stop }
}

function memory(machine: ModbusSimulator) {
  const unit = machine.units.get(1)
  if (!unit) throw new Error('the simulated machine has no unit 1')
  return unit
}
