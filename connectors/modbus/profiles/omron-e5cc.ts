import type { ModbusProfile } from './modbus-profile.ts'

const tenths = (address: number) => ({ table: 'holding', address, type: 'int16', scale: 0.1 }) as const

export const omronE5cc: ModbusProfile = {
  id: 'omron-e5cc',
  title: 'Omron E5CC temperature controller',
  manufacturer: 'Omron',
  model: 'E5CC',
  source: 'Omron E5_C Digital Temperature Controllers Communications Manual (H175), variable area, two-byte mode',
  notes: [
    'A resolution of 0.1 °C is assumed; for an input type with a resolution of 1 °C give the points with scale 1.',
  ],
  points: [
    { metric: 'temperature', unit: 'Cel', address: tenths(0x2000) },
    { metric: 'target_temperature', unit: 'Cel', address: tenths(0x2103) },
  ],
}
