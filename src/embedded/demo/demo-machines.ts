import { type ModbusSimulator, startModbusSimulator, writeNumber } from '../../../connectors/modbus/simulator.ts'
import { simulator as restSimulator } from '../../../connectors/rest_api/simulator.ts'
import { coldRoomAt, energyAt, mixerAt, ovenAt, powerAt, prooferAt, rackOvenAt } from './demo-day.ts'

/** A simulated machine on a real socket: where it is now, and how its day goes on. */
export interface DemoMachine {
  readonly host: string
  readonly port: number
  /** Shows what the machine is at `t` seconds after the start. */
  live(t: number): Promise<void> | void
  stop(): Promise<void>
}

export async function startEnergyMeter(): Promise<DemoMachine> {
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

export async function startColdRoom(): Promise<DemoMachine> {
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

export async function startProofer(): Promise<DemoMachine> {
  const machine = await startModbusSimulator({ units: { 1: {} } })
  return modbusMachine(machine, (t) => {
    const { temperature, target } = prooferAt(t)
    const { holding } = memory(machine)
    writeNumber(holding, 0x2000, Math.round(temperature * 10), 'int16')
    writeNumber(holding, 0x2103, Math.round(target * 10), 'int16')
  })
}

/** Its socket is gone while it is off, as with a machine whose plug was pulled; it comes back on the same port. */
export async function startRackOven(): Promise<DemoMachine> {
  let machine: ModbusSimulator | undefined = await startModbusSimulator({ units: { 1: {} } })
  const { host, port } = machine
  return {
    host,
    port,
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

export const startDeckOven = (): Promise<DemoMachine> =>
  restMachine((t) => {
    const oven = ovenAt(t)
    return {
      chamber: { actual: oven.temperature, set: oven.target, top: oven.top, bottom: oven.bottom },
      program: {
        name: 'Baguette',
        state: oven.state,
        stage: oven.stage,
        progress: oven.progress,
        minutes_left: oven.minutesLeft,
      },
      steam: oven.steam,
      door: oven.door,
    }
  })

export const startSpiralMixer = (): Promise<DemoMachine> =>
  restMachine((t) => {
    const { state, stage, rpm, progress, minutesLeft, doughTemperature, doughKg } = mixerAt(t)
    return {
      state,
      stage,
      spiral_rpm: rpm,
      progress,
      minutes_left: minutesLeft,
      dough: { temperature_c: doughTemperature, kg: doughKg },
    }
  })

async function restMachine(document: (t: number) => object): Promise<DemoMachine> {
  const machine = await restSimulator.start({ data: document(0), path: '/data' })
  return {
    host: machine.configuration.endpoint,
    port: machine.configuration.port,
    live: (t) => machine.load({ data: document(t), path: '/data' }),
    stop: machine.stop,
  }
}

function modbusMachine(machine: ModbusSimulator, live: (t: number) => void): DemoMachine {
  live(0)
  return { host: machine.host, port: machine.port, live, stop: machine.stop }
}

function memory(machine: ModbusSimulator) {
  const unit = machine.units.get(1)
  if (!unit) throw new Error('the simulated machine has no unit 1')
  return unit
}
