import type { EquipmentType, Log } from '#core'
import {
  type DemoMachine,
  startColdRoom,
  startDeckOven,
  startEnergyMeter,
  startProofer,
  startRackOven,
  startSpiralMixer,
} from './demo-machines.ts'

/** One machine of the demo as it is entered through the API: the record, and its configuration without the address. */
export interface DemoEquipment {
  readonly name: string
  readonly type: EquipmentType
  readonly location: string
  readonly manufacturer: string
  readonly model: string
  readonly protocol: string
  readonly poll_interval_seconds: number
  readonly additional_config: Readonly<Record<string, unknown>>
  readonly start: () => Promise<DemoMachine>
}

const at = (metric: string, pointer: string, more: object = {}) => ({ metric, pointer, ...more })
const register = (metric: string, address: number) => ({ metric, table: 'holding', address, type: 'int16', scale: 0.1 })

const demoEquipment: readonly DemoEquipment[] = [
  {
    name: 'Cold room 1',
    type: 'cold_room',
    location: 'Back of the bakery',
    manufacturer: 'Carel',
    model: 'IR33',
    protocol: 'carel-ir33',
    poll_interval_seconds: 2,
    additional_config: {},
    start: startColdRoom,
  },
  {
    name: 'Deck oven',
    type: 'deck_oven',
    location: 'Oven line',
    manufacturer: 'Demo Ovens',
    model: 'Generic REST',
    protocol: 'rest_api',
    poll_interval_seconds: 2,
    additional_config: {
      data_endpoint: '/data',
      points: [
        at('temperature', '/chamber/actual'),
        at('target_temperature', '/chamber/set'),
        at('temperature_zones.top', '/chamber/top'),
        at('temperature_zones.bottom', '/chamber/bottom'),
        at('operational_status', '/program/state'),
        at('cycle_stage', '/program/stage'),
        at('cycle_progress_percentage', '/program/progress'),
        at('time_remaining_minutes', '/program/minutes_left'),
        at('steam_level', '/steam'),
        at('door_status', '/door'),
        at('additional.program', '/program/name'),
      ],
    },
    start: startDeckOven,
  },
  {
    name: 'Spiral mixer',
    type: 'mixer',
    location: 'Dough room',
    manufacturer: 'Demo Mixers',
    model: 'Generic REST',
    protocol: 'rest_api',
    poll_interval_seconds: 2,
    additional_config: {
      data_endpoint: '/data',
      points: [
        at('operational_status', '/state'),
        at('cycle_stage', '/stage'),
        at('motor_speed_rpm', '/spiral_rpm'),
        at('cycle_progress_percentage', '/progress'),
        at('time_remaining_minutes', '/minutes_left'),
        at('temperature', '/dough/temperature_c'),
        at('product_weight_kg', '/dough/kg'),
      ],
    },
    start: startSpiralMixer,
  },
  {
    name: 'Proofer',
    type: 'proofer',
    location: 'Dough room',
    manufacturer: 'Omron',
    model: 'E5CC',
    protocol: 'omron-e5cc',
    poll_interval_seconds: 5,
    additional_config: {},
    start: startProofer,
  },
  {
    name: 'Main meter',
    type: 'energy_meter',
    location: 'Switch cabinet',
    manufacturer: 'Eastron',
    model: 'SDM630',
    protocol: 'eastron-sdm630',
    poll_interval_seconds: 5,
    additional_config: {},
    start: startEnergyMeter,
  },
  {
    name: 'Old rack oven',
    type: 'rack_oven',
    location: 'Oven line',
    manufacturer: 'Demo Ovens',
    model: 'Generic Modbus',
    protocol: 'modbus',
    poll_interval_seconds: 2,
    additional_config: { timeout: 1, points: [register('temperature', 0), register('target_temperature', 1)] },
    start: startRackOven,
  },
]

export interface DemoBakery {
  readonly machines: readonly { readonly equipment: DemoEquipment; readonly host: string; readonly port: number }[]
  stop(): Promise<void>
}

const tickMs = 500

/** Starts the machines and lets them live their day until stopped. */
export async function startDemoBakery(log: Log): Promise<DemoBakery> {
  const running = await Promise.all(
    demoEquipment.map(async (equipment) => ({ equipment, machine: await equipment.start() })),
  )
  const startedAt = performance.now()
  let living = Promise.resolve()
  const timer = setInterval(() => {
    const t = (performance.now() - startedAt) / 1000
    living = living
      .then(() => Promise.all(running.map(({ machine }) => machine.live(t))))
      .then(() => undefined)
      .catch((error: unknown) => log.warn({ err: error }, 'a demo machine stumbled'))
  }, tickMs)
  return {
    machines: running.map(({ equipment, machine: { host, port } }) => ({ equipment, host, port })),
    async stop() {
      clearInterval(timer)
      await living
      await Promise.all(running.map(({ machine }) => machine.stop()))
    },
  }
}
