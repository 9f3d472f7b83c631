import type { ModbusProfile } from './modbus-profile.ts'

const float = (address: number) => ({ table: 'input', address, type: 'float32' }) as const

export const eastronSdm630: ModbusProfile = {
  id: 'eastron-sdm630',
  title: 'Eastron SDM630 energy meter',
  manufacturer: 'Eastron',
  model: 'SDM630 Modbus',
  source: 'Eastron SDM630 Modbus protocol; the same map in volkszaehler/mbmd meters/rs485/sdm.go',
  notes: ['energy_consumption_kwh is the imported energy (register 30073).'],
  points: [
    { metric: 'power_kw', unit: 'W', address: float(0x34) },
    { metric: 'energy_consumption_kwh', unit: 'kW.h', address: float(0x48) },
    { metric: 'additional.energy_export_kwh', unit: 'kW.h', address: float(0x4a) },
    { metric: 'additional.frequency_hz', unit: 'Hz', address: float(0x46) },
    { metric: 'additional.power_factor', address: float(0x3e) },
    { metric: 'additional.voltage_l1_v', unit: 'V', address: float(0x00) },
    { metric: 'additional.voltage_l2_v', unit: 'V', address: float(0x02) },
    { metric: 'additional.voltage_l3_v', unit: 'V', address: float(0x04) },
    { metric: 'additional.current_l1_a', unit: 'A', address: float(0x06) },
    { metric: 'additional.current_l2_a', unit: 'A', address: float(0x08) },
    { metric: 'additional.current_l3_a', unit: 'A', address: float(0x0a) },
  ],
}
