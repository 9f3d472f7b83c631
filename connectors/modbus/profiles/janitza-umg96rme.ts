import type { ModbusProfile } from './modbus-profile.ts'

const float = (address: number) => ({ table: 'holding', address, type: 'float32' }) as const

export const janitzaUmg96rme: ModbusProfile = {
  id: 'janitza-umg96rme',
  title: 'Janitza UMG 96RM-E power analyser',
  manufacturer: 'Janitza',
  model: 'UMG 96RM-E',
  source: 'OpenEMS io.openems.edge.meter.janitza, MeterJanitzaUmg96rmeImpl',
  notes: [
    'energy_consumption_kwh is register 19068, the energy drawn; where the current transformers are mounted the other way round it counts at 19076.',
  ],
  points: [
    { metric: 'power_kw', unit: 'W', address: float(19_026) },
    { metric: 'energy_consumption_kwh', unit: 'W.h', address: float(19_068) },
    { metric: 'additional.energy_export_kwh', unit: 'kW.h', address: { ...float(19_076), scale: 0.001 } },
    { metric: 'additional.frequency_hz', unit: 'Hz', address: float(19_050) },
    { metric: 'additional.voltage_l1_v', unit: 'V', address: float(19_000) },
    { metric: 'additional.voltage_l2_v', unit: 'V', address: float(19_002) },
    { metric: 'additional.voltage_l3_v', unit: 'V', address: float(19_004) },
    { metric: 'additional.current_l1_a', unit: 'A', address: float(19_012) },
    { metric: 'additional.current_l2_a', unit: 'A', address: float(19_014) },
    { metric: 'additional.current_l3_a', unit: 'A', address: float(19_016) },
  ],
}
