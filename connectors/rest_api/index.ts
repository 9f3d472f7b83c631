import type { Kit } from '#connector'
import { openHttpClient } from '#protocol/http'
import { checkTarget } from './check-target.ts'
import type { RestLink } from './get-document.ts'
import { readTarget } from './read-target.ts'
import { linkKeyOf, originOf, portOf } from './request-parts.ts'
import { restSchemas } from './schemas.ts'
import { createWatchTime } from './watch-time.ts'

/** Keep-alive connections to one machine or cloud: enough for a fleet behind one cloud, few enough for a small machine. */
const readsAtOnce = 4

export default (kit: Kit) =>
  kit.defineConnector({
    id: 'rest_api',
    aliases: ['custom'],
    title: 'REST API (JSON over HTTP)',
    source: 'RFC 9110 (HTTP semantics), RFC 9112 (HTTP/1.1), RFC 8259 (JSON), RFC 6901 (JSON pointer)',
    ...restSchemas(kit),
    portOf,
    check: checkTarget,
    timeoutSecondsDefault: 10,
    describesItself: true,
    linkKey: linkKeyOf,
    linkSettings: ({ settings: { verify_ssl, ca } }) => ({ verify_ssl, ca: ca ?? null }),
    readsAtOnce,
    stages: ['secure', 'trusted', 'login'],

    async open(target, { dial, signal, clock, reached }): Promise<RestLink> {
      const { verify_ssl: verify, ca } = target.settings
      const client = await openHttpClient({
        dial,
        origin: originOf(target),
        tls: { verify, ca },
        connections: readsAtOnce,
        handshakeTimeoutMs: target.timeoutMs,
        signal,
        reached,
      })
      return { client, clock, reached, watchTime: createWatchTime(clock), restingStatus: new WeakMap() }
    },

    close: ({ client }) => client.close(),
    read: readTarget,
  })
