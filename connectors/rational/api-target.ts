import type { Kit } from '#connector'
import { type RestTarget, restParts } from '#protocol/rest'
import type { RationalTarget } from './schemas.ts'

/** The REST API of an account as a target of the shared parts: its logins, quotas and waits are theirs. */
export function apiTargetOf(kit: Kit, { credentials, settings, timeoutMs }: RationalTarget): RestTarget {
  const parts = restParts(kit, 'rational')
  const { api_endpoint, token_url, scope, token_auth, ca, requests_per_minute, requests_per_day } = settings
  const { client_id, client_secret } = credentials
  return {
    equipmentId: 'account',
    endpoint: api_endpoint,
    port: parts.portOf(api_endpoint, 0),
    credentials: { client_id, client_secret },
    settings: {
      ...parts.settings.parse({}),
      token_url,
      scope,
      token_auth,
      ca,
      requests_per_minute,
      requests_per_day,
    },
    timeoutMs,
    points: [],
  }
}
