import type { Kit } from '#connector'
import { linkKeyOf, portOf } from './address-parts.ts'
import { browseTarget } from './browse-target.ts'
import { checkTarget } from './check-target.ts'
import { createConnections } from './connections.ts'
import { profiles } from './profiles/index.ts'
import { type MqttLink, readTarget } from './read-target.ts'
import { mqttSchemas } from './schemas.ts'
import { subscribeTarget } from './subscribe-target.ts'
import { writeTarget } from './write-target.ts'

/** A read costs the broker one small packet; those that wait for a first message must not hold up the others. */
const readsAtOnce = 1_000

export default (kit: Kit) =>
  kit.defineConnector({
    id: 'mqtt',
    title: 'MQTT',
    source:
      'OASIS MQTT 3.1.1 (ISO/IEC 20922) and MQTT 5.0, RFC 8259 (JSON), RFC 6901 (JSON pointer), Eclipse Sparkplug B 3.0',
    ...mqttSchemas(kit),
    portOf,
    check: checkTarget,
    timeoutSecondsDefault: 10,
    profiles,
    linkKey: linkKeyOf,
    linkSettings: ({ settings }) => ({
      version: settings.version,
      qos: settings.qos,
      rebirth: settings.rebirth,
      verify_ssl: settings.verify_ssl,
      ca: settings.ca ?? null,
      client_certificate: settings.client_certificate ?? null,
    }),
    readsAtOnce,
    stages: ['secure', 'trusted', 'login'],

    async open(target, tools): Promise<MqttLink> {
      const connections = createConnections(tools)
      try {
        await connections.of(target, tools.signal)
      } catch (error) {
        await connections.close()
        throw error
      }
      return { connections, clock: tools.clock }
    },
    close: ({ connections }) => connections.close(),
    read: readTarget,
    subscribe: subscribeTarget,
    write: writeTarget,
    browse: browseTarget,
  })
