/** The port of OPC UA over TCP (IANA: opcua-tcp). */
const standardPort = 4840

export interface OpcUaEndpoint {
  /** Without brackets. */
  readonly host: string
  readonly port: number | undefined
  /** `/path` or nothing. */
  readonly path: string
}

/** `opc.tcp://host:port/path`, or the host alone; undefined where it is neither. */
export function parseEndpoint(text: string): OpcUaEndpoint | undefined {
  const match = /^opc\.tcp:\/\/(\[[^\]]+\]|[^:/?#@\s[\]]+)(?::(\d{1,5}))?(\/[^?#\s\\]*)?$/i.exec(text)
  if (!match) return /[/?#@\s[\]]/.test(text) ? undefined : { host: text, port: undefined, path: '' }
  const [, host = '', port, path = ''] = match
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? undefined : Number(port),
    path: path === '/' ? '' : path,
  }
}

/** The port that is dialled: the one given, else the one in the address, else the standard one. */
export function portOf(endpoint: string, port: number): number {
  return port === 0 ? (parseEndpoint(endpoint)?.port ?? standardPort) : port
}

interface Address {
  readonly endpoint: string
  readonly port: number
}

export function hostOf({ endpoint }: Address): string {
  return parseEndpoint(endpoint)?.host ?? endpoint
}

/** As the server is told it: with the port that is dialled. */
export function urlOf({ endpoint, port }: Address): string {
  const { host, path } = parseEndpoint(endpoint) ?? { host: endpoint, path: '' }
  const name = host.toLowerCase().replace(/\.$/, '')
  return `opc.tcp://${name.includes(':') ? `[${name}]` : name}:${port}${path}`
}
