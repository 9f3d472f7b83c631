import { describe, expect, it } from 'vitest'
import { parseTarget } from '#connector'
import { documented, liveAddress } from './addresses.ts'
import { connector } from './link-fixture.ts'
import type { RationalTarget } from './schemas.ts'

const credentials = { username: 'baker@example.com', password: 'p' }
const client = { client_id: 'c', client_secret: 's' }
const token_url = 'https://login.example/token'

function targetOf(endpoint: string, given: { port?: number; credentials?: object; settings?: object } = {}) {
  return parseTarget(connector, 'machine-1', {
    endpoint,
    ...(given.port === undefined ? {} : { port: given.port }),
    credentials: { ...credentials, ...given.credentials },
    additional_config: { unit_id: '4711', ...given.settings },
  }) as RationalTarget
}

const guide = 'https://www.connectedcooking.com/api/v1'

describe('the addresses', () => {
  it('are the documented ones for the configuration of the bakery guide', () => {
    const target = targetOf(guide, { settings: { timeout: 15 } })
    expect(liveAddress(target)).toEqual({ host: 'app.connectedcooking.com', port: 4840, url: documented.opcUa })
    expect(target.settings.api_endpoint).toBe('https://app.connectedcooking.com/api/public')
    expect(target).toMatchObject({ port: 4840, timeoutMs: 15_000, settings: { unit_id: '4711' } })
  })

  it.each([
    [guide, 443, {}, documented.opcUa],
    ['https://connectedcooking.com', 0, {}, documented.opcUa],
    [documented.opcUa, 0, {}, documented.opcUa],
    ['opc.tcp://10.0.4.9/x', 4850, {}, 'opc.tcp://10.0.4.9:4850/x'],
    [guide, 0, { opc_ua_endpoint: 'opc.tcp://relay.example:4850/x' }, 'opc.tcp://relay.example:4850/x'],
    [documented.opcUa, 0, { opc_ua_endpoint: 'opc.tcp://relay.example' }, 'opc.tcp://relay.example:4840'],
  ])('%s with port %s and %j is %s', (endpoint, port, settings, url) => {
    expect(liveAddress(targetOf(endpoint, { port, settings })).url).toBe(url)
  })

  it.each([
    ['https://connectedcooking.com.example', {}, 'endpoint'],
    ['https://example/connectedcooking.com', {}, 'endpoint'],
    ['http://www.connectedcooking.com', {}, 'endpoint'],
    ['app.connectedcooking.com', {}, 'endpoint'],
    [guide, { port: 502 }, 'port'],
    ['opc.tcp://a:4840', { port: 4841 }, 'port'],
    ['opc.tcp://a:70000', {}, 'endpoint'],
    [guide, { settings: { opc_ua_endpoint: 'https://a' } }, 'additional_config.opc_ua_endpoint'],
    [
      guide,
      { credentials: client, settings: { token_url, api_endpoint: 'https://api.example:0/x' } },
      'additional_config.api_endpoint',
    ],
    [
      guide,
      { credentials: client, settings: { token_url: 'http://login.example/token' } },
      'additional_config.token_url',
    ],
    [guide, { credentials: { client_id: 'c' }, settings: { token_url } }, 'credentials.client_id'],
    [guide, { settings: { token_url } }, 'additional_config.token_url'],
  ])('%s with %j is refused', (endpoint, given, path) => {
    const refusal = expect.objectContaining({ errors: [expect.objectContaining({ path })] })
    expect(() => targetOf(endpoint, given)).toThrow(refusal)
  })
})

describe('the link', () => {
  const keyOf = (...given: Parameters<typeof targetOf>) => connector.linkKey(targetOf(...given))

  it('is one for all units of an account, whatever address was entered', () => {
    const key = keyOf(guide)
    expect(keyOf(documented.opcUa, { settings: { unit_id: '4712' } })).toBe(key)
    expect(keyOf(guide, { credentials: { ...client }, settings: { token_url } })).toBe(key)
    expect(keyOf(guide, { credentials: { username: 'other@example.com' } })).not.toBe(key)
    expect(key).not.toContain('baker')
  })

  it('is told by everything but the unit', () => {
    const settings = connector.linkSettings(targetOf(guide))
    expect(settings).toEqual(connector.linkSettings(targetOf(guide, { settings: { unit_id: '4712' } })))
    expect(settings).not.toEqual(connector.linkSettings(targetOf(guide, { settings: { batches_every: 60 } })))
  })

  it('sends secrets of the client to the API and its token address only, and tells where', () => {
    const origins = ['https://app.connectedcooking.com', 'https://login.example']
    expect(connector.secretsGoTo(targetOf(guide))).toEqual([])
    expect(connector.secretsGoTo(targetOf(guide, { credentials: client, settings: { token_url } }))).toEqual(origins)
    const relay = 'opc.tcp://relay.example:4840'
    expect(connector.secretsGoTo(targetOf(guide, { settings: { opc_ua_endpoint: relay } }))).toEqual([relay])
  })
})
