import { network } from './network.ts'

/**
 * Networks that nothing lifts: no machine of a bakery lives there, and what does answer there hands out credentials or
 * reaches many at once. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries, the cloud vendors' documents.
 */
const networks = [
  { network: network('169.254.0.0/16'), what: 'link-local, where clouds serve their metadata' },
  { network: network('fe80::/10'), what: 'link-local' },
  { network: network('100.100.100.200/32'), what: 'the metadata address of Alibaba Cloud' },
  { network: network('168.63.129.16/32'), what: 'the host agent of Azure' },
  { network: network('fd00:ec2::/32'), what: 'the metadata network of AWS' },
  { network: network('fd20:ce::254/128'), what: 'the metadata address of Google Cloud' },
  { network: network('fd00:c1::a9fe:a9fe/128'), what: 'the metadata address of Oracle Cloud' },
  // 192.0.0.192, the older metadata address of Oracle Cloud, is in here.
  { network: network('192.0.0.0/24'), what: 'reserved for protocol assignments' },
  { network: network('0.0.0.0/8'), what: 'the unspecified network, which means this computer' },
  { network: network('::/128'), what: 'the unspecified address, which means this computer' },
  { network: network('224.0.0.0/4'), what: 'multicast' },
  { network: network('ff00::/8'), what: 'multicast' },
  { network: network('255.255.255.255/32'), what: 'broadcast' },
  { network: network('240.0.0.0/4'), what: 'reserved' },
  { network: network('fec0::/10'), what: 'the withdrawn site-local range' },
  { network: network('100::/64'), what: 'the discard-only range' },
  // RFC 8215: where the IPv4 address stands in it is a local choice, so it cannot be judged.
  { network: network('64:ff9b:1::/48'), what: 'the local NAT64 range' },
] as const

/**
 * Ports that nothing lifts: services of computers and their operators, never of equipment, that answer without a login,
 * run commands, or take a line of a foreign protocol for a command.
 */
const ports: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [23, 'Telnet'],
  [25, 'mail transfer'],
  [111, 'the RPC port mapper'],
  [135, 'Windows RPC'],
  [139, 'Windows file sharing'],
  [445, 'Windows file sharing'],
  [873, 'rsync'],
  [1433, 'SQL Server'],
  [1521, 'Oracle Database'],
  [2049, 'NFS'],
  [2375, 'Docker'],
  [2376, 'Docker'],
  [2377, 'Docker Swarm'],
  [2379, 'etcd'],
  [2380, 'etcd'],
  [3306, 'MySQL'],
  [3389, 'remote desktop'],
  [5432, 'PostgreSQL'],
  [5900, 'VNC'],
  [5985, 'Windows remote management'],
  [5986, 'Windows remote management'],
  [6379, 'Redis'],
  [6443, 'Kubernetes'],
  [9200, 'Elasticsearch'],
  [10250, 'Kubernetes'],
  [11211, 'memcached'],
  [27017, 'MongoDB'],
])

export const fixedDenyList = { networks, ports } as const
