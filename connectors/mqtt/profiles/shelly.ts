import type { MqttProfile } from './mqtt-profile.ts'

const source =
  'Shelly Gen2 device API, components MQTT, EM, EMData and Switch (shelly-api-docs.shelly.cloud); evcc-io/evcc meter/shelly/gen2.go'
const notes = [
  'device is the MQTT prefix of the Shelly (`topic_prefix`), without one its id, such as shellypro3em-a0b1c2d3e4f5.',
  'On the Shelly, MQTT and "Generic status update over MQTT" (`status_ntf`) must be on.',
]
const settings = { availability: { topic: '{device}/online', offline: ['false'] } }

const em = (pointer: string) => ({ topic: '{device}/status/em:0', pointer })
const emData = (pointer: string) => ({ topic: '{device}/status/emdata:0', pointer })
const relay = (pointer: string) => ({ topic: '{device}/status/switch:0', pointer })

/** Its answer goes to bakewire/rpc, where nobody listens: the status tells whether it was done. */
const switchSet = {
  command_topic: '{device}/rpc',
  command: { id: 1, src: 'bakewire', method: 'Switch.Set', params: { id: 0, on: '{value}' } },
}

export const shellyPro3Em: MqttProfile = {
  id: 'shelly-pro-3em',
  title: 'Shelly Pro 3EM energy meter',
  manufacturer: 'Shelly',
  model: 'Pro 3EM, triphase profile',
  source,
  notes: [...notes, 'energy_consumption_kwh is the sum of the three phases (emdata:0), told about once a minute.'],
  settings,
  points: [
    { metric: 'power_kw', unit: 'W', address: em('/total_act_power') },
    { metric: 'energy_consumption_kwh', unit: 'W.h', address: emData('/total_act') },
    { metric: 'additional.energy_export_wh', unit: 'W.h', address: emData('/total_act_ret') },
    { metric: 'additional.apparent_power_va', unit: 'V.A', address: em('/total_aprt_power') },
    { metric: 'additional.current_a', unit: 'A', address: em('/total_current') },
    { metric: 'additional.voltage_l1_v', unit: 'V', address: em('/a_voltage') },
    { metric: 'additional.voltage_l2_v', unit: 'V', address: em('/b_voltage') },
    { metric: 'additional.voltage_l3_v', unit: 'V', address: em('/c_voltage') },
    { metric: 'additional.current_l1_a', unit: 'A', address: em('/a_current') },
    { metric: 'additional.current_l2_a', unit: 'A', address: em('/b_current') },
    { metric: 'additional.current_l3_a', unit: 'A', address: em('/c_current') },
    { metric: 'additional.frequency_hz', unit: 'Hz', address: em('/a_freq') },
  ],
}

export const shellySwitch: MqttProfile = {
  id: 'shelly-switch',
  title: 'Shelly switch with power meter',
  manufacturer: 'Shelly',
  model: 'Plus and Pro 1PM, Plug S Gen2 and later (channel 0)',
  source,
  notes: [...notes, 'For another channel than 0 give the points with topic {device}/status/switch:1.'],
  settings,
  points: [
    { metric: 'power_kw', unit: 'W', address: relay('/apower') },
    { metric: 'energy_consumption_kwh', unit: 'W.h', address: relay('/aenergy/total') },
    { metric: 'additional.switched_on', address: { ...relay('/output'), ...switchSet } },
    { metric: 'additional.voltage_v', unit: 'V', address: relay('/voltage') },
    { metric: 'additional.current_a', unit: 'A', address: relay('/current') },
  ],
}
