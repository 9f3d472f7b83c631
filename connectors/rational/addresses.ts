import { hostOf, portOf as opcUaPortOf, parseEndpoint, urlOf } from '#protocol/opc-ua'

/** As the maker documents them (help.connectedcooking.com, "OPC UA Interface" and "REST API", 2026-11). */
export const documented = {
  opcUa: 'opc.tcp://app.connectedcooking.com:4840/OPCUA/ConnectedCooking',
  api: 'https://app.connectedcooking.com/api/public',
} as const
const documentedPort = 4840
const httpsPort = 443

/** Whether the address is one of ConnectedCooking's pages: it stands for the service, whatever path it names. */
export function isService(endpoint: string): boolean {
  const url = URL.parse(endpoint)
  return url?.protocol === 'https:' && /^([a-z0-9-]+\.)*connectedcooking\.com$/.test(url.hostname)
}

/** Whether it is the address of an OPC UA server. */
export function isServer(endpoint: string): boolean {
  return /^opc\.tcp:/i.test(endpoint) && parseEndpoint(endpoint) !== undefined
}

/** The port of the OPC UA server: that of an https:// address says nothing of it. */
export function portOf(endpoint: string, port: number): number {
  if (!isService(endpoint)) return opcUaPortOf(endpoint, port)
  return port === 0 || port === httpsPort ? documentedPort : port
}

interface Addressed {
  readonly endpoint: string
  readonly port: number
  readonly settings: { readonly opc_ua_endpoint?: string | undefined }
}

/** Where the OPC UA server is. */
export function liveAddress({ endpoint, port, settings }: Addressed) {
  const named = settings.opc_ua_endpoint
  const address =
    named === undefined
      ? { endpoint: isService(endpoint) ? documented.opcUa : endpoint, port }
      : { endpoint: named, port: opcUaPortOf(named, 0) }
  return { host: hostOf(address), port: address.port, url: urlOf(address) }
}
