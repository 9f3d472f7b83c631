import type { MqttProfile } from './mqtt-profile.ts'

const source =
  'Tasmota documentation, MQTT and Power Monitoring (tasmota.github.io/docs/MQTT): default FullTopic, tele/…/SENSOR and LWT'
const notes = [
  'device is the `Topic` of the Tasmota; with another FullTopic than %prefix%/%topic%/ give the points with topics of their own.',
  'A Tasmota tells its values every 300 s (`TelePeriod`), so the first may be that late; with a longer one set stale_after.',
  'Its time is local and without zone, and is not read.',
]
/** Twice the usual TelePeriod and some. */
const settings = { availability: { topic: 'tele/{device}/LWT', offline: ['Offline'] }, stale_after: 700 }

const sensor = (pointer: string) => ({ topic: 'tele/{device}/SENSOR', pointer })

export const tasmotaEnergy: MqttProfile = {
  id: 'tasmota-energy',
  title: 'Tasmota plug or meter with power monitoring',
  manufacturer: 'Tasmota',
  model: 'any with ENERGY in its sensor message, one phase',
  source,
  notes,
  settings,
  points: [
    { metric: 'power_kw', unit: 'W', address: sensor('/ENERGY/Power') },
    { metric: 'energy_consumption_kwh', unit: 'kW.h', address: sensor('/ENERGY/Total') },
    { metric: 'additional.apparent_power_va', unit: 'V.A', address: sensor('/ENERGY/ApparentPower') },
    { metric: 'additional.power_factor', address: sensor('/ENERGY/Factor') },
    { metric: 'additional.voltage_v', unit: 'V', address: sensor('/ENERGY/Voltage') },
    { metric: 'additional.current_a', unit: 'A', address: sensor('/ENERGY/Current') },
  ],
}

export const tasmotaDs18b20: MqttProfile = {
  id: 'tasmota-ds18b20',
  title: 'Tasmota with a DS18B20 temperature sensor',
  manufacturer: 'Tasmota',
  model: 'any with one DS18B20',
  source,
  notes: [
    ...notes,
    '85 °C is what the sensor gives after power-up and is left out. °C or °F is taken from the message.',
  ],
  settings,
  points: [
    {
      metric: 'temperature',
      address: { ...sensor('/DS18B20/Temperature'), unit_pointer: '/TempUnit', invalid: [85] },
    },
  ],
}
