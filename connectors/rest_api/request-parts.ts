import type { DocumentName, RestTarget } from './schemas.ts'

/** The port that stands in an address itself, undefined where none does. A URL object would hide the standard ones. */
export function portInEndpoint(endpoint: string): number | undefined {
  const port = /^https?:\/\/(?:\[[^\]]*\]|[^/:]*):(\d+)(?:\/|$)/i.exec(endpoint)?.[1]
  return port === undefined ? undefined : Number(port)
}

/** Scheme, host and port of a machine. */
export function originOf({ endpoint, port }: Pick<RestTarget, 'endpoint' | 'port'>): URL {
  const origin = new URL(new URL(endpoint).origin)
  origin.port = String(port)
  return origin
}

/** The port that is dialled: the one given, else the one in the address, else the scheme's. */
export function portOf(endpoint: string, port: number): number {
  if (port !== 0) return port
  return portInEndpoint(endpoint) ?? (/^https:/i.test(endpoint) ? 443 : 80)
}

/** Machines at one origin share connections, unless they log in as different users. Holds no secret but the user's name. */
export function linkKeyOf(target: RestTarget): string {
  const { protocol, hostname } = new URL(target.endpoint)
  const { username } = target.credentials
  const user = username === undefined ? '' : `#${encodeURIComponent(username)}`
  return `rest_api:${protocol}//${hostname.replace(/\.$/, '')}:${target.port}${user}`
}

/** Path and query of one of a machine's documents, percent-encoded as in a browser's address line. */
export function pathOf({ endpoint, equipmentId, settings }: RestTarget, document: DocumentName): string {
  const { origin, pathname } = new URL(endpoint)
  const base = pathname.replace(/\/+$/, '')
  const configured = document === 'status' ? (settings.status_endpoint ?? '/') : settings.data_endpoint
  const path = configured.replaceAll('{equipment_id}', encodeURIComponent(equipmentId))
  const url = new URL(`${origin}${base}${path}`)
  return url.pathname + url.search
}

/** The headers that log in: all credentials that are given, except that a bearer token replaces user name and password. */
export function headersOf({ credentials, settings }: RestTarget): Record<string, string> {
  const { token, api_key: apiKey, username, password = '' } = credentials
  const basic = username === undefined ? undefined : Buffer.from(`${username}:${password}`).toString('base64')
  return {
    accept: 'application/json',
    ...(basic === undefined ? {} : { authorization: `Basic ${basic}` }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(apiKey === undefined ? {} : { [settings.api_key_header.toLowerCase()]: apiKey }),
  }
}
