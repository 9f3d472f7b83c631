import { fixedDenyList } from './fixed-deny-list.ts'
import {
  type Address,
  contains,
  embeddedAddress,
  endpointText,
  isWithin,
  network,
  parseAddress,
  parseNetwork,
} from './network.ts'

export interface PortRange {
  /** Both inclusive. */
  readonly from: number
  readonly to: number
}

/** What the operator adds to the private networks. */
export interface EgressRule {
  /** `10.0.0.0/8`, `fd00::/8`. */
  readonly network: string
  /** Absent: every port. */
  readonly ports?: readonly PortRange[]
}

export interface EgressPolicy {
  readonly allow: readonly EgressRule[]
  /** Bakewire's own database, queue and API, by address. */
  readonly denied: readonly { readonly address: string; readonly port: number }[]
  /** Addresses of this computer's interfaces. */
  readonly ownAddresses: readonly string[]
}

export type Decision = 'allowed' | { readonly refused: string }

// 100.64.0.0/10 (RFC 6598) is not among them: it is the carrier's or an overlay's network, not the bakery's. A rule lifts it.
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].map(network)
const loopbackNetworks = ['127.0.0.0/8', '::1/128'].map(network)

/**
 * Whether this address may be dialled on this port. An IPv6 address that stands for an IPv4 address is judged as that.
 * `refused` names the address and says what to do, for instance
 * `127.0.0.1:502 is loopback: add 127.0.0.1/32:502 to EGRESS_ALLOW`.
 */
export function decide(text: string, port: number, policy: EgressPolicy): Decision {
  const given = parseAddress(text)
  if (!given) return { refused: `${text} is not a plain IP address` }
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return { refused: `${port} is not a port` }
  const address = embeddedAddress(given) ?? given
  const where = endpointText(address, port)

  const never = fixedRefusal(address, port) ?? ownEndpointRefusal(address, port, policy)
  if (never !== undefined) return { refused: `${where} is ${never}: it is never dialled` }
  if (privateNetworks.some((range) => contains(range, address))) return 'allowed'
  if (policy.allow.some((rule) => lifts(rule, address, port))) return 'allowed'
  const what = isLoopback(address) ? 'loopback' : 'outside the private networks'
  return { refused: `${where} is ${what}: add ${ruleText(address, port)} to EGRESS_ALLOW` }
}

function isLoopback(address: Address): boolean {
  return loopbackNetworks.some((range) => contains(range, address))
}

function fixedRefusal(address: Address, port: number): string | undefined {
  const denied = fixedDenyList.networks.find((entry) => contains(entry.network, address))
  if (denied) return denied.what
  const service = fixedDenyList.ports.get(port)
  return service === undefined ? undefined : `the port of ${service}`
}

/** A service on this computer answers on each of its addresses, so all of them stand for one another. */
function ownEndpointRefusal(address: Address, port: number, policy: EgressPolicy): string | undefined {
  const own = policy.ownAddresses.map(plain)
  const isLocal = (candidate: Address) =>
    isLoopback(candidate) || isUnspecified(candidate) || own.includes(candidate.toString())
  const isOwn = policy.denied.some((endpoint) => {
    if (endpoint.port !== port) return false
    const denied = parseAddress(plain(endpoint.address))
    return denied !== undefined && (denied.toString() === address.toString() || (isLocal(denied) && isLocal(address)))
  })
  return isOwn ? "Bakewire's own database, queue or API" : undefined
}

function isUnspecified(address: Address): boolean {
  return address.toByteArray().every((byte) => byte === 0)
}

function plain(text: string): string {
  const address = parseAddress(text.replace(/%.*$/, ''))
  return address ? (embeddedAddress(address) ?? address).toString() : text
}

/** Loopback is lifted only by a rule that names loopback itself: `0.0.0.0/0:443` opens the internet, not this computer. */
function lifts(rule: EgressRule, address: Address, port: number): boolean {
  const range = parseNetwork(rule.network)
  if (!range || !contains(range, address)) return false
  if (isLoopback(address) && !loopbackNetworks.some((loopback) => isWithin(range, loopback))) return false
  return rule.ports === undefined || rule.ports.some(({ from, to }) => from <= port && port <= to)
}

function ruleText(address: Address, port: number): string {
  return address.kind() === 'ipv6' ? `[${address}/128]:${port}` : `${address}/32:${port}`
}
