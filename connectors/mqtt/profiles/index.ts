import { shellyPro3Em, shellySwitch } from './shelly.ts'
import { tasmotaDs18b20, tasmotaEnergy } from './tasmota.ts'
import { zigbee2mqttClimate, zigbee2mqttContact, zigbee2mqttPlug } from './zigbee2mqtt.ts'

/** Machines whose topics are known. */
export const profiles = [
  shellyPro3Em,
  shellySwitch,
  tasmotaEnergy,
  tasmotaDs18b20,
  zigbee2mqttClimate,
  zigbee2mqttContact,
  zigbee2mqttPlug,
]
