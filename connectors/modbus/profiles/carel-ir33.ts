import type { ModbusProfile } from './modbus-profile.ts'

const probe = (address: number) => ({ table: 'input', address, type: 'int16', scale: 0.1 }) as const
const contact = (address: number) => ({ table: 'discrete', address }) as const
const alarm = (address: number) => ({ table: 'coil', address }) as const

export const carelIr33: ModbusProfile = {
  id: 'carel-ir33',
  title: 'Carel IR33 cold room controller',
  manufacturer: 'Carel',
  model: 'IR33',
  source: 'wirenboard/wb-mqtt-serial templates/config-carel-ir33.json',
  notes: [
    'The controller answers single reads only: max_registers is 1.',
    'Temperatures are in °C when parameter /5 is 0; otherwise give the points with unit [degF].',
    'The door input is read as 1 = open; where the switch works the other way give the point with other words.',
    'operational_status tells defrosting from running; a unit that is switched off still counts as running.',
  ],
  settings: { max_registers: 1 },
  points: [
    { metric: 'temperature', unit: 'Cel', address: probe(403) },
    {
      metric: 'target_temperature',
      unit: 'Cel',
      address: { table: 'holding', address: 404, type: 'int16', scale: 0.1 },
    },
    { metric: 'temperature_zones.probe_2', unit: 'Cel', address: probe(412) },
    { metric: 'door_status', words: { false: 'closed', true: 'open' }, address: contact(43) },
    { metric: 'operational_status', words: { false: 'running', true: 'defrosting' }, address: contact(18) },
    { metric: 'additional.compressor_on', address: contact(7) },
    { metric: 'additional.fan_on', address: contact(13) },
    { metric: 'additional.probe_1_fault', address: contact(3) },
    { metric: 'additional.high_temperature_alarm', address: alarm(5) },
    { metric: 'additional.low_temperature_alarm', address: alarm(2) },
  ],
}
