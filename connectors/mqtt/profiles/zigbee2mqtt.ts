import type { MqttProfile } from './mqtt-profile.ts'

const state = (pointer: string) => ({ topic: 'zigbee2mqtt/{device}', pointer, timestamp_pointer: '/last_seen' })
const source =
  'Zigbee2MQTT documentation, MQTT Topics and Messages (zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html)'
const notes = [
  'device is the friendly name; with another base topic than zigbee2mqtt give the points with topics of their own.',
  'Such sensors speak when something has changed, and once an hour: stale_after is a little more than two hours.',
  'With `last_seen` set in Zigbee2MQTT a value that the broker has kept is known to be fresh or old at once.',
]
const settings = {
  availability: { topic: 'zigbee2mqtt/{device}/availability', pointer: '/state', offline: ['offline'] },
  stale_after: 7_500,
}
const battery = [
  { metric: 'additional.battery_percent', unit: '%', address: state('/battery') },
  { metric: 'additional.link_quality', address: state('/linkquality') },
]

export const zigbee2mqttClimate: MqttProfile = {
  id: 'zigbee2mqtt-climate',
  title: 'Zigbee temperature and humidity sensor',
  manufacturer: 'Zigbee2MQTT',
  model: 'any that tells temperature and humidity',
  source,
  notes,
  settings,
  points: [
    { metric: 'temperature', unit: 'Cel', address: state('/temperature') },
    { metric: 'humidity', unit: '%', address: state('/humidity') },
    ...battery,
  ],
}

export const zigbee2mqttContact: MqttProfile = {
  id: 'zigbee2mqtt-contact',
  title: 'Zigbee contact of a door',
  manufacturer: 'Zigbee2MQTT',
  model: 'any that tells contact',
  source: `${source}, exposes: contact`,
  notes,
  settings,
  points: [{ metric: 'door_status', words: { true: 'closed', false: 'open' }, address: state('/contact') }, ...battery],
}

export const zigbee2mqttPlug: MqttProfile = {
  id: 'zigbee2mqtt-plug',
  title: 'Zigbee plug that measures',
  manufacturer: 'Zigbee2MQTT',
  model: 'any that tells power and energy',
  source: `${source}, exposes: power, energy, voltage, current, state`,
  notes,
  settings,
  points: [
    { metric: 'power_kw', unit: 'W', address: state('/power') },
    { metric: 'energy_consumption_kwh', unit: 'kW.h', address: state('/energy') },
    { metric: 'additional.voltage_v', unit: 'V', address: state('/voltage') },
    { metric: 'additional.current_a', unit: 'A', address: state('/current') },
    { metric: 'additional.switch', address: state('/state') },
    { metric: 'additional.link_quality', address: state('/linkquality') },
  ],
}
