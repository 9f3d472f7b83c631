import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export type Address = ipaddr.IPv4 | ipaddr.IPv6
export type Network = readonly [first: Address, prefixLength: number]

/** An address in its plain spelling (`10.0.4.17`, `fd00::1`); undefined for anything else, zone ids and octal parts included. */
export function parseAddress(text: string): Address | undefined {
  return isIP(text) === 0 || text.includes('%') ? undefined : ipaddr.parse(text)
}

/** `10.0.0.0/8`, `fd00::/8`; an address alone is a network of one. Undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const [, addressText = '', prefixText] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const first = parseAddress(addressText)
  if (!first) return undefined
  const bits = first.toByteArray().length * 8
  const prefixLength = prefixText === undefined ? bits : Number(prefixText)
  return prefixLength <= bits ? [first, prefixLength] : undefined
}

/** The first address that the network's prefix covers: `10.0.0.0` for `10.0.4.17/8`. */
export function firstOf([address, prefixLength]: Network): Address {
  const bytes = address.toByteArray().map((byte, index) => {
    const bitsKept = Math.min(8, Math.max(0, prefixLength - index * 8))
    return byte & (0xff << (8 - bitsKept)) & 0xff
  })
  return ipaddr.fromByteArray(bytes)
}

export function contains([first, prefixLength]: Network, address: Address): boolean {
  return first.kind() === address.kind() && address.match(first, prefixLength)
}

export function isWithin(inner: Network, outer: Network): boolean {
  return inner[1] >= outer[1] && contains(outer, inner[0])
}

export function network(text: string): Network {
  const parsed = parseNetwork(text)
  if (!parsed) throw new Error(`${text} is not a network`)
  return parsed
}

/** Where forms of IPv6 keep an IPv4 address, by prefix. */
const embeddings: readonly { prefix: Network; from: number; inverted?: true }[] = [
  // RFC 4291, 2.5.5: IPv4-compatible and IPv4-mapped
  { prefix: network('::/96'), from: 12 },
  { prefix: network('::ffff:0:0/96'), from: 12 },
  // RFC 2765, 2.1: IPv4-translated
  { prefix: network('::ffff:0:0:0/96'), from: 12 },
  // RFC 6052, 2.1: NAT64
  { prefix: network('64:ff9b::/96'), from: 12 },
  // RFC 3056, 2: 6to4
  { prefix: network('2002::/16'), from: 2 },
  // RFC 4380, 4: Teredo keeps the client's address inverted
  { prefix: network('2001::/32'), from: 12, inverted: true },
]
const unspecifiedAndLoopback = network('::/127')

/** The IPv4 address that an IPv6 address stands for (mapped, NAT64, 6to4, Teredo …), if it is of such a form. */
export function embeddedAddress(address: Address): Address | undefined {
  if (address.kind() === 'ipv4' || contains(unspecifiedAndLoopback, address)) return undefined
  const form = embeddings.find(({ prefix }) => contains(prefix, address))
  if (!form) return undefined
  const bytes = address.toByteArray().slice(form.from, form.from + 4)
  return ipaddr.fromByteArray(form.inverted ? bytes.map((byte) => byte ^ 0xff) : bytes)
}

/** Whether all of a network's addresses are of a form that stands for an IPv4 address. */
export function standsForIpv4(range: Network): boolean {
  return embeddedAddress(range[0]) !== undefined && embeddings.some(({ prefix }) => isWithin(range, prefix))
}

/** `10.0.4.17:502`, `[fd00::1]:502`. */
export function endpointText(address: Address, port: number): string {
  return address.kind() === 'ipv6' ? `[${address}]:${port}` : `${address}:${port}`
}
