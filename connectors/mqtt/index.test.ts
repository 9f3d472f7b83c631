import { describe, expect, it } from 'vitest'
import type { BakewireError, Configuration } from '#connector'
import { parseTarget } from '#connector'
import { makeCertificate } from '#protocol/tls'
import { addressParts } from './address-parts.ts'
import { connector } from './link-fixture.ts'

const points = [{ metric: 'temperature', topic: 'oven/temp' }]

function parse(configuration: Partial<Configuration>) {
  return parseTarget(connector, 'oven-1', {
    endpoint: 'broker.example',
    ...configuration,
    additional_config: { points, ...(configuration.additional_config as object) },
  })
}

function faultsOf(configuration: Partial<Configuration>): readonly object[] {
  try {
    parse(configuration)
    return []
  } catch (error) {
    return (error as BakewireError).errors
  }
}

describe('where a broker is', () => {
  it.each<[endpoint: string, port: number | undefined, host: string, linkKey: string]>([
    ['broker.example', undefined, 'broker.example', 'mqtt://broker.example:1883'],
    ['BROKER.example.', 1884, 'BROKER.example.', 'mqtt://broker.example:1884'],
    ['10.0.4.2', undefined, '10.0.4.2', 'mqtt://10.0.4.2:1883'],
    ['10.0.4.2:1884', undefined, '10.0.4.2', 'mqtt://10.0.4.2:1884'],
    ['mqtt://10.0.4.2', undefined, '10.0.4.2', 'mqtt://10.0.4.2:1883'],
    ['mqtt://10.0.4.2:1884/', 1884, '10.0.4.2', 'mqtt://10.0.4.2:1884'],
    ['mqtts://broker.example', undefined, 'broker.example', 'mqtts://broker.example:8883'],
    ['MQTTS://broker.example:443', undefined, 'broker.example', 'mqtts://broker.example:443'],
    ['fd00::2', undefined, 'fd00::2', 'mqtt://fd00::2:1883'],
    ['mqtts://[fd00::2]:8884', undefined, 'fd00::2', 'mqtts://fd00::2:8884'],
  ])('%s with port %s', (endpoint, port, host, linkKey) => {
    const target = parse({ endpoint, ...(port === undefined ? {} : { port }) })
    expect(addressParts(endpoint).host).toBe(host)
    expect(connector.linkKey(target)).toBe(`mqtt:${linkKey}`)
  })

  it.each([
    '',
    'mqtt://',
    'http://broker.example',
    'ws://broker.example',
    'mqtt://user:secret@broker.example',
    'mqtt://broker.example/topic',
    'broker.example:123456',
    '2130706433',
    '0x7f.1',
    'fe80::1%eth0',
    '[fd00::2',
    'a b',
  ])('%j is no address', (endpoint) => {
    expect(faultsOf({ endpoint })).toEqual([
      {
        path: 'endpoint',
        message: 'must be a host, mqtt://host or mqtts://host, with the port behind it where it has one',
      },
    ])
  })

  it('a port that contradicts the address is refused, as is one that does not exist', () => {
    expect(faultsOf({ endpoint: 'broker.example:1884', port: 1883 })).toMatchObject([{ path: 'port' }])
    expect(faultsOf({ endpoint: 'broker.example:0' })).toMatchObject([{ path: 'endpoint' }])
    expect(faultsOf({ endpoint: 'broker.example:70000' })).not.toEqual([])
  })
})

it('a link is told apart by user, not by password', () => {
  const key = (credentials: object) => connector.linkKey(parse({ credentials }))
  expect(key({ username: 'a#b', password: 'one' })).toBe('mqtt:mqtt://broker.example:1883#a%23b')
  expect(key({ username: 'a#b', password: 'two' })).toBe(key({ username: 'a#b', password: 'one' }))
})

describe('client certificates', () => {
  const endpoint = 'mqtts://broker.example'
  const own = makeCertificate({ name: 'bakewire' })
  const other = makeCertificate({ name: 'other' })
  const given = (certificate: string | undefined, key: string | undefined) =>
    faultsOf({ endpoint, credentials: { client_key: key }, additional_config: { client_certificate: certificate } })

  it.each([
    ['both', own.cert, own.key, []],
    ['no key', own.cert, undefined, ['additional_config.client_certificate']],
    ['no certificate', undefined, own.key, ['credentials.client_key']],
    ['the key of another', own.cert, other.key, ['credentials.client_key']],
    ['no PEM', 'certificate', own.key, ['additional_config.client_certificate']],
  ])('%s', (_name, certificate, key, paths) => {
    expect(given(certificate, key)).toMatchObject(paths.map((path) => ({ path })))
  })

  it('an authority must be certificates, and has no use where nothing is checked', () => {
    expect(faultsOf({ endpoint, additional_config: { ca: own.cert } })).toEqual([])
    expect(faultsOf({ endpoint, additional_config: { ca: own.key } })).toMatchObject([{ path: 'additional_config.ca' }])
    expect(faultsOf({ endpoint, additional_config: { ca: own.cert, verify_ssl: false } })).toMatchObject([
      { path: 'additional_config.ca' },
    ])
  })
})
