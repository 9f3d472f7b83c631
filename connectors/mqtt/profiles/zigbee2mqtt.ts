import type { MqttProfile } from './mqtt-profile.ts'

const state = (pointer: string) => ({ topic: 'zigbee2mqtt/{device}', pointer, timestamp_pointer: '/last_seen' })

export const zigbee2mqttClimate: MqttProfile = {
  id: 'zigbee2mqtt-climate',
  title: 'Zigbee temperature and humidity sensor',
  manufacturer: 'Zigbee2MQTT',
  model: 'any that tells temperature and humidity',
  source:
    'Zigbee2MQTT documentation, MQTT Topics and Messages (zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html)',
  notes: [
    'device is the friendly name; with another base topic than zigbee2mqtt give the points with topics of their own.',
    'Such sensors speak when something has changed, and once an hour: stale_after is a little more than two hours.',
    'With `last_seen` set in Zigbee2MQTT a value that the broker has kept is known to be fresh or old at once.',
  ],
  settings: {
    availability: { topic: 'zigbee2mqtt/{device}/availability', pointer: '/state', offline: ['offline'] },
    stale_after: 7_500,
  },
  points: [
    { metric: 'temperature', unit: 'Cel', address: state('/temperature') },
    { metric: 'humidity', unit: '%', address: state('/humidity') },
    { metric: 'additional.battery_percent', unit: '%', address: state('/battery') },
    { metric: 'additional.link_quality', address: state('/linkquality') },
  ],
}
