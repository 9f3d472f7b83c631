import type { ModbusProfile } from './modbus-profile.ts'

const long = (address: number, scale: number) =>
  ({ table: 'input', address, type: 'int32', word_order: 'CDAB', scale }) as const
const short = (address: number, scale: number) => ({ table: 'input', address, type: 'int16', scale }) as const

export const carloGavazziEm24: ModbusProfile = {
  id: 'carlo-gavazzi-em24',
  title: 'Carlo Gavazzi EM24 energy meter',
  manufacturer: 'Carlo Gavazzi',
  model: 'EM24',
  source: 'Carlo Gavazzi EM24 serial protocol; volkszaehler/mbmd meters/rs485/carlogavazzi-em24.go',
  notes: ['Numbers of two registers have their low register first.'],
  points: [
    { metric: 'power_kw', unit: 'W', address: long(0x28, 0.1) },
    { metric: 'energy_consumption_kwh', unit: 'kW.h', address: long(0x42, 0.1) },
    { metric: 'additional.energy_export_kwh', unit: 'kW.h', address: long(0x5c, 0.1) },
    { metric: 'additional.frequency_hz', unit: 'Hz', address: short(0x37, 0.1) },
    { metric: 'additional.power_factor', address: short(0x35, 0.001) },
    { metric: 'additional.voltage_l1_v', unit: 'V', address: long(0x00, 0.1) },
    { metric: 'additional.voltage_l2_v', unit: 'V', address: long(0x02, 0.1) },
    { metric: 'additional.voltage_l3_v', unit: 'V', address: long(0x04, 0.1) },
    { metric: 'additional.current_l1_a', unit: 'A', address: long(0x0c, 0.001) },
    { metric: 'additional.current_l2_a', unit: 'A', address: long(0x0e, 0.001) },
    { metric: 'additional.current_l3_a', unit: 'A', address: long(0x10, 0.001) },
  ],
}
