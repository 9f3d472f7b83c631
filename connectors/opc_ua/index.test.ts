import { describe, expect, it } from 'vitest'
import { kit, parseTarget } from '#connector'
import { hostOf, urlOf } from '#protocol/opc-ua'
import define from './index.ts'

const connector = define(kit)
const point = { metric: 'temperature', node: 'i=2258' }

function targetOf(endpoint: string, port?: number, credentials: object = {}) {
  return parseTarget(connector, 'machine-1', {
    endpoint,
    ...(port === undefined ? {} : { port }),
    credentials,
    additional_config: { points: [point] },
  })
}

describe('the address', () => {
  it.each([
    ['10.0.4.30', undefined, 'opc.tcp://10.0.4.30:4840', '10.0.4.30'],
    ['Oven.local.', 4841, 'opc.tcp://oven.local:4841', 'Oven.local.'],
    ['opc.tcp://oven.local', undefined, 'opc.tcp://oven.local:4840', 'oven.local'],
    ['OPC.TCP://Oven:4850/Path/Sub', undefined, 'opc.tcp://oven:4850/Path/Sub', 'Oven'],
    ['opc.tcp://oven:4850/', 4850, 'opc.tcp://oven:4850', 'oven'],
    ['opc.tcp://[fd00::1]:4850/ua', undefined, 'opc.tcp://[fd00::1]:4850/ua', 'fd00::1'],
    ['fd00::1', undefined, 'opc.tcp://[fd00::1]:4840', 'fd00::1'],
  ])('%s with port %s is %s', (endpoint, port, url, host) => {
    const target = targetOf(endpoint, port)
    expect(urlOf(target)).toBe(url)
    expect(hostOf(target)).toBe(host)
  })

  it.each([
    'http://oven:4840',
    'opc.tcp://',
    'opc.tcp://user:secret@oven:4840',
    'opc.tcp://oven:4840/a?b',
    'opc.tcp://0x7f.1:4840',
    'opc.tcp://oven:port',
    'opc.tcp://ov en',
    'oven:4840',
    'oven/path',
    '',
  ])('%j is refused', (endpoint) => {
    expect(() => targetOf(endpoint)).toThrow('endpoint')
  })

  it.each([
    ['opc.tcp://oven:4840', 4841, 'port'],
    ['opc.tcp://oven:0', undefined, 'endpoint'],
    ['opc.tcp://oven:65536', undefined, 'endpoint'],
  ])('%s with port %s is refused', (endpoint, port, path) => {
    expect(() => targetOf(endpoint, port)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ path })] }),
    )
  })
})

describe('the link', () => {
  const keyOf = (endpoint: string, username?: string) =>
    connector.linkKey(targetOf(endpoint, undefined, username === undefined ? {} : { username }))

  it('is one for machines at one address with one user, however the address is written', () => {
    expect(keyOf('oven')).toBe(keyOf('opc.tcp://OVEN:4840/'))
    expect(keyOf('oven', 'anna')).toBe(keyOf('oven', 'anna'))
    expect(keyOf('oven', 'anna')).not.toBe(keyOf('oven', 'bert'))
    expect(keyOf('opc.tcp://oven/a')).not.toBe(keyOf('opc.tcp://oven/b'))
  })

  it('does not name the user', () => {
    expect(keyOf('oven', 'anna')).not.toContain('anna')
  })
})
