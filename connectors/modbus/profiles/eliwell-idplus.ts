import type { ModbusAddressInput } from '../address.ts'
import type { ModbusProfile } from './modbus-profile.ts'

/** What the controller gives for a probe that is broken or missing. */
const probeError = -0x8000

const probe = (address: number): ModbusAddressInput => ({
  table: 'holding',
  address,
  type: 'int16',
  scale: 0.1,
  invalid: [probeError],
})
const contact = (address: number) => ({ table: 'discrete', address }) as const

export const eliwellIdplus: ModbusProfile = {
  id: 'eliwell-idplus',
  title: 'Eliwell IDPlus 9xx refrigeration controller',
  manufacturer: 'Eliwell',
  model: 'IDPlus 902, 961, 971, 974, 978',
  source: 'wirenboard/wb-mqtt-serial templates/config-eliwell-idplus-9xx-wb-ref.json',
  notes: [
    'The controller answers single reads only: max_registers is 1.',
    'Probes 2 and 3 (20297, 20299) are not in every controller and are left out: add them as zones where they are.',
    'The door contact is read as 1 = open; where the switch works the other way give the point with other words.',
    'operational_status tells defrosting from running; additional.standby tells a unit in standby.',
  ],
  settings: { max_registers: 1 },
  points: [
    { metric: 'temperature', unit: 'Cel', address: probe(20_295) },
    {
      metric: 'target_temperature',
      unit: 'Cel',
      address: { table: 'holding', address: 24_128, type: 'int16', scale: 0.1 },
    },
    { metric: 'door_status', words: { false: 'closed', true: 'open' }, address: contact(2027) },
    { metric: 'operational_status', words: { false: 'running', true: 'defrosting' }, address: contact(1949) },
    { metric: 'additional.standby', address: contact(1913) },
    { metric: 'additional.compressor_on', address: contact(1947) },
    { metric: 'additional.fan_on', address: contact(1967) },
    { metric: 'additional.probe_1_fault', address: contact(1865) },
    { metric: 'additional.high_temperature_alarm', address: contact(1869) },
    { metric: 'additional.low_temperature_alarm', address: contact(1870) },
    { metric: 'additional.door_alarm', address: contact(1871) },
    { metric: 'additional.haccp_alarm', address: contact(1873) },
  ],
}
