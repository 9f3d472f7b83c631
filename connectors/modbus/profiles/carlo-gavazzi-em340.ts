import type { ModbusAddressInput } from '../address.ts'
import type { ModbusProfile } from './modbus-profile.ts'

/** What the meter gives when a measured value overflows. */
const overflow = 0x7fffffff

const long = (address: number, scale: number): ModbusAddressInput => ({
  table: 'input',
  address,
  type: 'int32',
  word_order: 'CDAB',
  scale,
  invalid: [overflow],
})
const short = (address: number, scale: number) => ({ table: 'input', address, type: 'int16', scale }) as const

export const carloGavazziEm340: ModbusProfile = {
  id: 'carlo-gavazzi-em340',
  title: 'Carlo Gavazzi EM340 and ET340 energy meter',
  manufacturer: 'Carlo Gavazzi',
  model: 'EM340, ET340',
  source:
    'Carlo Gavazzi EM330/EM340/ET330/ET340 communication protocol, version 2 revision 17; volkszaehler/mbmd meters/rs485/carlogavazzi-ex3x0.go',
  notes: [
    'The meter gives at most 50 registers in one answer.',
    'Numbers of two registers have their low register first; 0x7FFFFFFF means that a value overflows.',
  ],
  settings: { max_registers: 50 },
  points: [
    { metric: 'power_kw', unit: 'W', address: long(0x28, 0.1) },
    { metric: 'energy_consumption_kwh', unit: 'kW.h', address: long(0x34, 0.1) },
    { metric: 'additional.energy_export_kwh', unit: 'kW.h', address: long(0x4e, 0.1) },
    { metric: 'additional.frequency_hz', unit: 'Hz', address: short(0x33, 0.1) },
    { metric: 'additional.power_factor', address: short(0x31, 0.001) },
    { metric: 'additional.voltage_l1_v', unit: 'V', address: long(0x00, 0.1) },
    { metric: 'additional.voltage_l2_v', unit: 'V', address: long(0x02, 0.1) },
    { metric: 'additional.voltage_l3_v', unit: 'V', address: long(0x04, 0.1) },
    { metric: 'additional.current_l1_a', unit: 'A', address: long(0x0c, 0.001) },
    { metric: 'additional.current_l2_a', unit: 'A', address: long(0x0e, 0.001) },
    { metric: 'additional.current_l3_a', unit: 'A', address: long(0x10, 0.001) },
  ],
}
