import type { ModbusProfile } from './modbus-profile.ts'

const hundredths = (address: number) => ({ table: 'holding', address, type: 'int16', scale: 0.01 }) as const
/** A register that is 0 or 1. */
const flag = (address: number) => ({ table: 'holding', address, bit: 0 }) as const

export const danfossErc213: ModbusProfile = {
  id: 'danfoss-erc-213',
  title: 'Danfoss ERC 213 refrigeration controller',
  manufacturer: 'Danfoss',
  model: 'ERC 213',
  source: 'wirenboard/wb-mqtt-serial templates/config-danfoss-erc-213-wb-ref.json',
  notes: [
    'The controller answers single reads only: max_registers is 1.',
    'The source keeps 5 ms between requests: on a busy line set pause_ms to 5 for all machines on it.',
    'Temperatures are in °C when register 104 is 0.',
    'The meaning of the controller state (register 2006) and of inputs DI1 and DI2 (2001, 2555) is not known here; they are left out.',
  ],
  settings: { max_registers: 1 },
  points: [
    { metric: 'temperature', unit: 'Cel', address: hundredths(2529) },
    { metric: 'target_temperature', unit: 'Cel', address: hundredths(2500) },
    { metric: 'temperature_zones.defrost', unit: 'Cel', address: hundredths(1010) },
    { metric: 'temperature_zones.condenser', unit: 'Cel', address: hundredths(2646) },
    { metric: 'additional.compressor_on', address: flag(2509) },
    { metric: 'additional.fan_on', address: flag(2510) },
    { metric: 'additional.defrost_relay_on', address: flag(2511) },
    { metric: 'additional.alarm_relay_on', address: flag(2582) },
  ],
}
