import type { ModbusAddressInput } from '../address.ts'
import type { ModbusProfile } from './modbus-profile.ts'

const float = (address: number): ModbusAddressInput => ({
  table: 'input',
  address,
  type: 'float32',
  word_order: 'CDAB',
})

export const shellyPro3EmModbus: ModbusProfile = {
  id: 'shelly-pro-3em-modbus',
  title: 'Shelly Pro 3EM energy meter by Modbus',
  manufacturer: 'Shelly',
  model: 'Pro 3EM, triphase profile',
  source: 'Shelly API documentation, Gen2 devices, EM and EMData (Modbus registers); register 31000 there is 1000 here',
  notes: [
    'Modbus TCP is off until it is enabled (Modbus.SetConfig, or the web page of the meter); by MQTT the profile is `shelly-pro-3em`.',
    'Numbers have their low register first, as the maker shows it; some firmware was seen the other way round: where the voltages are not between 180 and 260 V, give the points anew with word_order ABCD.',
    'In the monophase profile the registers are others.',
  ],
  points: [
    { metric: 'power_kw', unit: 'W', address: float(1_013) },
    { metric: 'energy_consumption_kwh', unit: 'W.h', address: float(1_162) },
    { metric: 'additional.apparent_power_va', unit: 'V.A', address: float(1_015) },
    { metric: 'additional.current_a', unit: 'A', address: float(1_011) },
    { metric: 'additional.voltage_l1_v', unit: 'V', address: float(1_020) },
    { metric: 'additional.voltage_l2_v', unit: 'V', address: float(1_040) },
    { metric: 'additional.voltage_l3_v', unit: 'V', address: float(1_060) },
    { metric: 'additional.current_l1_a', unit: 'A', address: float(1_022) },
    { metric: 'additional.current_l2_a', unit: 'A', address: float(1_042) },
    { metric: 'additional.current_l3_a', unit: 'A', address: float(1_062) },
    { metric: 'additional.frequency_hz', unit: 'Hz', address: float(1_033) },
  ],
}
