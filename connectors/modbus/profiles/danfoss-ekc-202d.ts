import type { ModbusProfile } from './modbus-profile.ts'

const tenths = (address: number) => ({ table: 'holding', address, type: 'int16', scale: 0.1 }) as const
/** A register that is 0 or 1. */
const flag = (address: number) => ({ table: 'holding', address, bit: 0 }) as const

export const danfossEkc202d: ModbusProfile = {
  id: 'danfoss-ekc-202d',
  title: 'Danfoss EKC 202D cold room controller',
  manufacturer: 'Danfoss',
  model: 'EKC 202D',
  source: 'wirenboard/wb-mqtt-serial templates/config-danfoss-ekc-202d-wb-ref.json',
  notes: [
    'Addresses are those of the Wiren Board adapter WB-REF-DF-178A; another interface card may number them otherwise.',
    'The controller answers single reads only: max_registers is 1.',
    'temperature is what the thermostat regulates by. Temperatures are in °C when register 10105 is 0.',
    'operational_status tells defrosting from running; a unit that is switched off still counts as running.',
    'What inputs DI1 and DI2 mean is a matter of their parameters: a door contact there is a point of your own (12002 or 12556, bit 0).',
  ],
  settings: { max_registers: 1 },
  points: [
    { metric: 'temperature', unit: 'Cel', address: tenths(12_532) },
    { metric: 'target_temperature', unit: 'Cel', address: tenths(12_546) },
    { metric: 'temperature_zones.s3', unit: 'Cel', address: tenths(12_530) },
    { metric: 'temperature_zones.s4', unit: 'Cel', address: tenths(12_531) },
    { metric: 'temperature_zones.s5', unit: 'Cel', address: tenths(11_011) },
    { metric: 'operational_status', words: { false: 'running', true: 'defrosting' }, address: flag(11_036) },
    { metric: 'additional.compressor_on', address: flag(12_510) },
    { metric: 'additional.fan_on', address: flag(12_511) },
    { metric: 'additional.defrost_relay_on', address: flag(12_512) },
    { metric: 'additional.controller_alarm', address: flag(12_541) },
    { metric: 'additional.high_temperature_alarm', address: flag(30_005) },
    { metric: 'additional.low_temperature_alarm', address: flag(30_006) },
    { metric: 'additional.door_alarm', address: flag(30_007) },
  ],
}
