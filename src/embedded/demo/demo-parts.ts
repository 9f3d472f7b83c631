import type { EquipmentType } from '#core'
import type { DemoServer } from './demo-server.ts'
import { startColdRoom, startEnergyMeter, startProofer, startRackOven } from './modbus-machines.ts'
import { startBroker } from './mqtt-machines.ts'
import { startCakeOven, startCombiSteamers } from './opc-ua-machines.ts'
import { startDeckOven, startSpiralMixer, startStoneOven } from './rest-machines.ts'

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
}

/** Machines that are reached at one address. */
export interface DemoPart {
  readonly equipment: readonly DemoEquipment[]
  /** `folder` is theirs and outlives them. */
  readonly start: (folder: string) => Promise<DemoServer>
  readonly isSlow?: boolean
}

const at = (metric: string, pointer: string, more: object = {}) => ({ metric, pointer, ...more })
const register = (metric: string, address: number) => ({ metric, table: 'holding', address, type: 'int16', scale: 0.1 })

export const demoParts: readonly DemoPart[] = [
  {
    equipment: [
      {
        name: 'Cold room 1',
        type: 'cold_room',
        location: 'Back of the bakery',
        manufacturer: 'Carel',
        model: 'IR33',
        protocol: 'carel-ir33',
        poll_interval_seconds: 2,
        additional_config: {},
      },
    ],
    start: startColdRoom,
  },
  {
    equipment: [
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
      },
    ],
    start: startDeckOven,
  },
  {
    equipment: [
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
      },
    ],
    start: startSpiralMixer,
  },
  {
    equipment: [
      {
        name: 'Stone oven',
        type: 'deck_oven',
        location: 'Oven line',
        manufacturer: 'Wachtel',
        model: 'Three decks, as told of its REMOTE service',
        protocol: 'wachtel',
        poll_interval_seconds: 5,
        additional_config: { oven_id: 'W-4711', deck_count: 3 },
      },
    ],
    start: startStoneOven,
  },
  {
    equipment: [
      {
        name: 'Proofer',
        type: 'proofer',
        location: 'Dough room',
        manufacturer: 'Omron',
        model: 'E5CC',
        protocol: 'omron-e5cc',
        poll_interval_seconds: 5,
        additional_config: {},
      },
    ],
    start: startProofer,
  },
  {
    equipment: [
      {
        name: 'Main meter',
        type: 'energy_meter',
        location: 'Switch cabinet',
        manufacturer: 'Eastron',
        model: 'SDM630',
        protocol: 'eastron-sdm630',
        poll_interval_seconds: 5,
        additional_config: {},
      },
    ],
    start: startEnergyMeter,
  },
  {
    equipment: [
      {
        name: 'Old rack oven',
        type: 'rack_oven',
        location: 'Oven line',
        manufacturer: 'Demo Ovens',
        model: 'Generic Modbus',
        protocol: 'modbus',
        poll_interval_seconds: 2,
        additional_config: { timeout: 1, points: [register('temperature', 0), register('target_temperature', 1)] },
      },
    ],
    start: startRackOven,
  },
  {
    equipment: [
      {
        name: 'Freezer',
        type: 'freezer',
        location: 'Back of the bakery',
        manufacturer: 'Aqara',
        model: 'Zigbee sensor through Zigbee2MQTT',
        protocol: 'zigbee2mqtt-climate',
        poll_interval_seconds: 5,
        additional_config: { device: 'Freezer' },
      },
      {
        name: 'Dough sheeter',
        type: 'other',
        location: 'Dough room',
        manufacturer: 'Tasmota',
        model: 'Plug with power meter',
        protocol: 'tasmota-energy',
        poll_interval_seconds: 5,
        additional_config: { device: 'dough-sheeter' },
      },
    ],
    start: startBroker,
  },
  {
    equipment: [
      {
        name: 'Cake oven',
        type: 'deck_oven',
        location: 'Pastry',
        manufacturer: 'Demo Ovens',
        model: 'Two chambers, OPC 30200',
        protocol: 'opc_ua',
        poll_interval_seconds: 2,
        additional_config: {},
      },
    ],
    start: (folder) => startCakeOven(`${folder}/cake-oven`),
    isSlow: true,
  },
  {
    equipment: ([1, 2] as const).map((unit) => ({
      name: `Combi steamer ${unit}`,
      type: 'combi_steamer',
      location: 'Snacks',
      manufacturer: 'RATIONAL',
      model: 'iCombi Pro, in ConnectedCooking',
      protocol: 'rational',
      poll_interval_seconds: 5,
      additional_config: { unit_id: `471${unit}`, batches_every: 60 },
    })),
    start: (folder) => startCombiSteamers(`${folder}/combi-steamers`),
    isSlow: true,
  },
]
