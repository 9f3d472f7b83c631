import { isIPv6 } from 'node:net'
import type { MqttTarget } from './schemas.ts'

interface AddressParts {
  readonly isSecure: boolean
  readonly host: string
  /** Where one stands in the address. */
  readonly port: number | undefined
}

/** Takes `broker.example`, `mqtts://broker.example:8884` or `[fd00::2]:1883` apart; the host is not checked. */
export function addressParts(endpoint: string): AddressParts {
  const [, scheme = 'mqtt', place = ''] = /^(?:(mqtts?):\/\/)?(.*?)\/?$/i.exec(endpoint) ?? []
  const isSecure = scheme.toLowerCase() === 'mqtts'
  if (isIPv6(place)) return { isSecure, host: place, port: undefined }
  const [, bracketed, name = '', port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(place) ?? []
  return { isSecure, host: bracketed ?? name, port: port === undefined ? undefined : Number(port) }
}

/** The port that is dialled: the one given, else the one in the address, else the registered one. */
export function portOf(endpoint: string, port: number): number {
  if (port !== 0) return port
  const parts = addressParts(endpoint)
  return parts.port ?? (parts.isSecure ? 8883 : 1883)
}

/** Machines at one broker with one account share a connection. Holds no secret but the user's name. */
export function linkKeyOf({ endpoint, port, credentials }: MqttTarget): string {
  const { isSecure, host } = addressParts(endpoint)
  const user = credentials.username === undefined ? '' : `#${encodeURIComponent(credentials.username)}`
  return `mqtt:${isSecure ? 'mqtts' : 'mqtt'}://${host.toLowerCase().replace(/\.$/, '')}:${port}${user}`
}
