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

/** Machines at one origin share connections, unless they log in as different users. Holds no secret but a user's or client's name. */
export function linkKeyOf(connectorId: string, target: RestTarget): string {
  const { protocol, hostname } = new URL(target.endpoint)
  const { username, client_id } = target.credentials
  // A user's name has no colon.
  const name = client_id === undefined ? username : `client:${client_id}`
  const user = name === undefined ? '' : `#${encodeURIComponent(name)}`
  return `${connectorId}:${protocol}//${hostname.replace(/\.$/, '')}:${target.port}${user}`
}

/** Path and query of one of a machine's documents, percent-encoded as in a browser's address line. */
export function pathOf(target: RestTarget, document: DocumentName): string {
  const { origin, pathname } = new URL(target.endpoint)
  const base = pathname.replace(/\/+$/, '')
  const { status_endpoint: status = '/', data_endpoint: data } = target.settings
  const url = new URL(`${origin}${base}${filledIn(document === 'status' ? status : data, target)}`)
  return url.pathname + url.search
}

/** A configured path with the machine's id in the place of `{equipment_id}`, and in that of `{name}` the setting of that name. */
export function filledIn(path: string, { equipmentId, settings }: RestTarget): string {
  const known = new Map<string, unknown>([...Object.entries(settings), ['equipment_id', equipmentId]])
  return path.replace(/\{(\w+)\}/g, (placeholder, name) => {
    const value = known.get(name)
    return typeof value === 'string' || typeof value === 'number' ? encodeURIComponent(value) : placeholder
  })
}

/** The headers of a request: `authorization` where there is one, and the API key. */
export function headersOf(
  { credentials, settings }: RestTarget,
  authorization: string | undefined,
): Record<string, string> {
  const { api_key: apiKey } = credentials
  return {
    accept: 'application/json',
    ...(authorization === undefined ? {} : { authorization }),
    ...(apiKey === undefined ? {} : { [settings.api_key_header.toLowerCase()]: apiKey }),
  }
}

/** Who else than the machine is sent secrets. */
export function secretsGoTo(target: RestTarget): string[] {
  const { token_url: tokenUrl } = target.settings
  const origin = tokenUrl === undefined ? undefined : new URL(tokenUrl).origin
  return origin === undefined || origin === originOf(target).origin ? [] : [origin]
}
