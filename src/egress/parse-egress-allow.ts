import { fixedDenyList } from './fixed-deny-list.ts'
import { firstOf, isWithin, type Network, parseNetwork, standsForIpv4 } from './network.ts'
import type { EgressRule, PortRange } from './policy.ts'

/**
 * Reads EGRESS_ALLOW: entries `CIDR[:ports]` separated by commas; `ports` is a port, a range, or several of them joined
 * by `+`. An address alone is a network of one; without ports every port is meant. IPv6 with ports stands in brackets.
 *
 *     0.0.0.0/0:443                   any public address, HTTPS
 *     127.0.0.1                       this computer, every port
 *     100.64.0.0/10:502+4840+8000-8999
 *     [2001:db8:17::/48]:502
 *
 * Throws an Error that names the entry and says what is wrong with it.
 */
export function parseEgressAllow(text: string): EgressRule[] {
  if (text.trim() === '') return []
  return text.split(',').map((entry) => parseEntry(entry.trim()))
}

function parseEntry(entry: string): EgressRule {
  const refuse = (why: string) => new Error(`EGRESS_ALLOW: "${entry}" ${why}`)
  if (entry === '') throw new Error('EGRESS_ALLOW has an empty entry: separate entries by single commas')
  if (/^[\d+-]+$/.test(entry)) throw refuse('is not a network: several ports of one network are joined by +')
  const { networkText, portsText } = splitEntry(entry)
  const range = parseNetwork(networkText)
  if (!range) throw refuse('is not CIDR[:ports], for instance 10.0.0.0/8:502 or [fd00::/8]:502')
  const reason = rangeFault(range)
  if (reason !== undefined) throw refuse(reason)
  if (portsText === undefined) return { network: networkText }
  const ports = portsText.split('+').map(parsePorts)
  if (!ports.every((given) => given !== undefined)) {
    throw refuse('has wrong ports: write 502, 8000-8999 or 502+4840, between 1 and 65535')
  }
  return { network: networkText, ports }
}

function splitEntry(entry: string): { networkText: string; portsText: string | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(entry)
  if (bracketed) return { networkText: bracketed[1] ?? '', portsText: bracketed[2] }
  // An IPv6 network without brackets has no ports.
  const colon = entry.indexOf(':')
  if (colon < 0 || entry.indexOf(':', colon + 1) >= 0) return { networkText: entry, portsText: undefined }
  return { networkText: entry.slice(0, colon), portsText: entry.slice(colon + 1) }
}

/** What makes a well-formed network a rule that would do something else than it says. */
function rangeFault(range: Network): string | undefined {
  const [address, prefixLength] = range
  const first = firstOf(range)
  if (first.toString() !== address.toString()) return `starts inside its network: write ${first}/${prefixLength}`
  const denied = fixedDenyList.networks.find((entry) => isWithin(range, entry.network))
  if (denied) return `is ${denied.what}, which nothing lifts`
  return standsForIpv4(range)
    ? 'stands for IPv4 addresses, which are judged as such: write the IPv4 network'
    : undefined
}

function parsePorts(text: string): PortRange | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text)
  if (!match) return undefined
  const from = Number(match[1])
  const to = Number(match[2] ?? match[1])
  return from >= 1 && from <= to && to <= 65_535 ? { from, to } : undefined
}
