import type { ModbusProfile } from './modbus-profile.ts'

const float = (address: number) => ({ table: 'holding', address, type: 'float32' }) as const
const energy = (address: number) => ({ table: 'holding', address, type: 'int64' }) as const

export const schneiderIem3155: ModbusProfile = {
  id: 'schneider-iem3155',
  title: 'Schneider iEM3155 energy meter',
  manufacturer: 'Schneider Electric',
  model: 'iEM3155',
  source: 'Schneider Electric iEM3000 series user manual (DOCA0005); volkszaehler/mbmd meters/rs485/iem3000.go',
  notes: [
    'Addresses are one below the numbers in the manual: total power is its register 3060, imported energy 3204.',
    'Its serial line can be set to 9600, 19200 or 38400 baud and to any parity: the gateway must have the same.',
  ],
  points: [
    { metric: 'power_kw', unit: 'kW', address: float(0x0bf3) },
    { metric: 'energy_consumption_kwh', unit: 'W.h', address: energy(0x0c83) },
    { metric: 'additional.energy_export_kwh', unit: 'kW.h', address: { ...energy(0x0c87), scale: 0.001 } },
    { metric: 'additional.frequency_hz', unit: 'Hz', address: float(0x0c25) },
    { metric: 'additional.voltage_l1_v', unit: 'V', address: float(0x0bd3) },
    { metric: 'additional.voltage_l2_v', unit: 'V', address: float(0x0bd5) },
    { metric: 'additional.voltage_l3_v', unit: 'V', address: float(0x0bd7) },
    { metric: 'additional.current_l1_a', unit: 'A', address: float(0x0bb7) },
    { metric: 'additional.current_l2_a', unit: 'A', address: float(0x0bb9) },
    { metric: 'additional.current_l3_a', unit: 'A', address: float(0x0bbb) },
  ],
}
