import { simulator as restSimulator } from '../../../connectors/rest_api/simulator.ts'
import { simulator as wachtelSimulator } from '../../../connectors/wachtel/simulator.ts'
import { mixerAt, ovenAt, stoneOvenAt } from './demo-day.ts'
import type { DemoServer } from './demo-server.ts'

export const startDeckOven = (): Promise<DemoServer> =>
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

export const startSpiralMixer = (): Promise<DemoServer> =>
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

export const startStoneOven = (): Promise<DemoServer> =>
  restMachine(
    (t) => {
      const { decks, status, energyKwh, hours, isMaintenanceDue } = stoneOvenAt(t, Date.now())
      return {
        status,
        decks: decks.map((temperature) => ({ temperature })),
        energy_kwh: energyKwh,
        operation_hours: hours,
        maintenance_due: isMaintenanceDue,
      }
    },
    { simulator: wachtelSimulator, path: '/ovens/W-4711/data' },
  )

const plain = { simulator: restSimulator, path: '/data' }

async function restMachine(
  document: (t: number) => object,
  { simulator, path }: { simulator: typeof restSimulator; path: string } = plain,
): Promise<DemoServer> {
  const contents = (t: number) => ({ data: document(t), path })
  const machine = await simulator.start(contents(0))
  return { address: machine.configuration, live: (t) => machine.load(contents(t)), stop: machine.stop }
}
