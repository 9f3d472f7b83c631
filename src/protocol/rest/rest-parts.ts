import type { Kit, LinkTools } from '#connector'
import { openHttpClient } from '#protocol/http'
import { createAccessTokens } from './access-tokens.ts'
import { checkTarget } from './check-target.ts'
import { createDigestLogin } from './digest-login.ts'
import { createDocumentPlaces } from './document-places.ts'
import type { RestLink } from './get-document.ts'
import { createQuota } from './quota.ts'
import { readTarget } from './read-target.ts'
import { linkKeyOf, originOf, portOf, secretsGoTo } from './request-parts.ts'
import { type RestPreset, type RestTarget, restSchemas, withPreset } from './schemas.ts'
import { createWatchTime } from './watch-time.ts'

/** Keep-alive connections to one machine or cloud: enough for a fleet behind one cloud, few enough for a small machine. */
const readsAtOnce = 4

/** The documents that the parts follow. */
export const restSource =
  'RFC 9110 (HTTP semantics), RFC 9112 (HTTP/1.1), RFC 8259 (JSON), RFC 6901 (JSON pointer), RFC 7616 (digest), RFC 6749 (OAuth 2.0)'

/**
 * What a connector of JSON over HTTP is made of; a vendor's connector gives its own points to it. `id`: the connector's;
 * `preset`: what its machines have where the user says nothing.
 */
export const restParts = (kit: Kit, id: string, preset: RestPreset = {}) => ({
  ...withPreset(restSchemas(kit), preset),
  portOf,
  check: checkTarget,
  timeoutSecondsDefault: 10,
  linkKey: (target: RestTarget) => linkKeyOf(id, target),
  secretsGoTo,
  linkSettings: ({ settings }: RestTarget) => ({
    verify_ssl: settings.verify_ssl,
    ca: settings.ca ?? null,
    token_url: settings.token_url ?? null,
    scope: settings.scope ?? null,
    token_auth: settings.token_auth,
    requests_per_minute: settings.requests_per_minute ?? null,
    requests_per_day: settings.requests_per_day ?? null,
  }),
  readsAtOnce,
  stages: ['secure', 'trusted', 'login'] as const,

  async open(target: RestTarget, tools: LinkTools): Promise<RestLink> {
    const { dial, signal, clock, reached } = tools
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
    return {
      client,
      clock,
      reached,
      tokens: createAccessTokens(tools),
      digest: createDigestLogin(),
      quota: createQuota(target, tools),
      watchTime: createWatchTime(clock),
      places: createDocumentPlaces(),
      restingStatus: new WeakMap(),
    }
  },

  async close({ client, tokens, quota }: RestLink) {
    await Promise.all([quota?.close(), tokens.settled(), client.close()])
  },
  read: readTarget,
})
