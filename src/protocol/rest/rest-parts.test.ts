import { describe, expect, it } from 'vitest'
import { type BakewireError, type Configuration, parseTarget } from '#connector'
import { makeCertificate } from '#protocol/tls'
import { checkTarget } from './check-target.ts'
import { connector } from './machine-fixture.ts'
import { linkKeyOf, originOf, pathOf, secretsGoTo } from './request-parts.ts'
import type { RestTarget } from './schemas.ts'

const points = [{ metric: 'temperature', pointer: '/temp' }]

function parse(configuration: Partial<Configuration>, equipmentId = 'oven-1'): RestTarget {
  return parseTarget(connector, equipmentId, {
    endpoint: 'http://10.0.4.17',
    ...configuration,
    additional_config: { points, ...(configuration.additional_config as object) },
  }) as RestTarget
}

function faultsOf(configuration: Partial<Configuration>): readonly object[] {
  try {
    parse(configuration)
    return []
  } catch (error) {
    return (error as BakewireError).errors
  }
}

const client = (changes: Partial<Configuration>): Partial<Configuration> => ({
  credentials: { client_id: 'c', client_secret: 's' },
  additional_config: { token_url: 'https://login.example/token' },
  ...changes,
})

describe('where a request goes', () => {
  it.each<[endpoint: string, port: number | undefined, origin: string, linkKey: string]>([
    ['https://oven.example', undefined, 'https://oven.example', 'https://oven.example:443'],
    ['http://oven.example', undefined, 'http://oven.example', 'http://oven.example:80'],
    ['https://oven.example', 443, 'https://oven.example', 'https://oven.example:443'],
    ['https://oven.example', 8443, 'https://oven.example:8443', 'https://oven.example:8443'],
    ['http://10.0.4.17:8080', undefined, 'http://10.0.4.17:8080', 'http://10.0.4.17:8080'],
    ['http://10.0.4.17:8080', 8080, 'http://10.0.4.17:8080', 'http://10.0.4.17:8080'],
    ['http://10.0.4.17:8080/', undefined, 'http://10.0.4.17:8080', 'http://10.0.4.17:8080'],
    ['http://10.0.4.17', 443, 'http://10.0.4.17:443', 'http://10.0.4.17:443'],
    ['https://OVEN.example./base', undefined, 'https://oven.example.', 'https://oven.example:443'],
    ['http://[fd00::17]:8080', undefined, 'http://[fd00::17]:8080', 'http://[fd00::17]:8080'],
    ['http://[fd00::17]', 8080, 'http://[fd00::17]:8080', 'http://[fd00::17]:8080'],
    ['http://[fd00::17]', undefined, 'http://[fd00::17]', 'http://[fd00::17]:80'],
  ])('%s with port %s', (endpoint, port, origin, linkKey) => {
    const target = parse({ endpoint, ...(port === undefined ? {} : { port }) })
    expect(originOf(target).origin).toBe(origin)
    expect(linkKeyOf('rest', target)).toBe(`rest:${linkKey}`)
  })

  it.each<[endpoint: string, dataPath: string | undefined, path: string]>([
    ['https://oven.example', undefined, '/api/v1/equipment/oven-1/data'],
    ['https://oven.example/', undefined, '/api/v1/equipment/oven-1/data'],
    ['https://oven.example/base', undefined, '/base/api/v1/equipment/oven-1/data'],
    ['https://oven.example/base/', '/x', '/base/x'],
    ['https://oven.example', '/', '/'],
    ['https://oven.example', '/read?id={equipment_id}&x=1', '/read?id=oven-1&x=1'],
    ['https://oven.example', '/öfen/{equipment_id}', '/%C3%B6fen/oven-1'],
    ['https://oven.example', '/a/../b', '/b'],
    ['https://oven.example//evil.example', '/x', '//evil.example/x'],
  ])('%s and %s', (endpoint, dataPath, path) => {
    const target = parse({ endpoint, additional_config: dataPath === undefined ? {} : { data_endpoint: dataPath } })
    expect(pathOf(target, 'data')).toBe(path)
  })

  it('never lets an equipment id leave its place in the path', () => {
    const target = parse({ additional_config: { data_endpoint: '/e/{equipment_id}/data' } }, '../x?y#z/ü')
    expect(pathOf(target, 'data')).toBe('/e/..%2Fx%3Fy%23z%2F%C3%BC/data')
  })

  it('fills in settings that a connector has added, each in its place', () => {
    const target = parse({})
    const settings = { ...target.settings, data_endpoint: '/v2/{serial}/{deck}/{equipment_id}', deck: 2 }
    const own = { ...target, settings: { ...settings, serial: 'BM/7 ü' } }
    expect([pathOf(own, 'data'), checkTarget(own)]).toEqual(['/v2/BM%2F7%20%C3%BC/2/oven-1', []])
    const message = 'holds a placeholder in braces that nothing replaces'
    expect(checkTarget({ ...target, settings })).toEqual([{ path: 'additional_config.data_endpoint', message }])
  })

  it('asks for the status document below the same address', () => {
    const additional_config = { status_endpoint: '/api/{equipment_id}/status?full=1' }
    const target = parse({ endpoint: 'https://oven.example/base/', additional_config }, 'öfen/1')
    expect(pathOf(target, 'status')).toBe('/base/api/%C3%B6fen%2F1/status?full=1')
  })

  it('keeps users apart in the link key, and shows no other secret', () => {
    const credentials = { username: 'bäcker#1', password: 'p', token: 't', api_key: 'k' }
    expect(linkKeyOf('rest', parse({ credentials }))).toBe('rest:http://10.0.4.17:80#b%C3%A4cker%231')
  })

  it('keeps the accounts of OAuth clients apart, and from users of the same name', () => {
    const credentials = { client_id: 'bäcker', client_secret: 's' }
    const target = parse({ credentials, additional_config: { token_url: 'https://login.example/token' } })
    expect(linkKeyOf('rest', target)).toBe('rest:http://10.0.4.17:80#client%3Ab%C3%A4cker')
  })

  it.each([
    ['https://login.example/token', ['https://login.example']],
    ['https://login.example:8443/token', ['https://login.example:8443']],
    ['http://10.0.4.17:80/token', []],
    [undefined, []],
  ])('with tokens from %s sends secrets to %j besides', (token_url, places) => {
    const credentials = token_url === undefined ? {} : { client_id: 'c', client_secret: 's' }
    const additional_config = token_url === undefined ? {} : { token_url }
    expect(secretsGoTo(parse({ credentials, additional_config }))).toEqual(places)
  })
})

describe('what is refused', () => {
  const { cert } = makeCertificate({ name: 'CA' })

  it.each<[Partial<Configuration>, path: string]>([
    [{ endpoint: 'ftp://oven.example' }, 'endpoint'],
    [{ endpoint: 'oven.example' }, 'endpoint'],
    [{ endpoint: 'https://user@oven.example' }, 'endpoint'],
    [{ endpoint: 'http://0x7f.1' }, 'endpoint'],
    [{ endpoint: 'http://oven.example:0' }, 'endpoint'],
    [{ endpoint: 'http://10.0.4.17:8080', port: 80 }, 'port'],
    [{ endpoint: 'https://oven.example:443', port: 8443 }, 'port'],
    [{ endpoint: 'http://[fd00::17]:8080', port: 80 }, 'port'],
    [{ port: 65_536 }, 'port'],
    [{ port: -1 }, 'port'],
    [{ credentials: { token: 'a b' } }, 'credentials.token'],
    [{ credentials: { token: 'a\r\nx: y' } }, 'credentials.token'],
    [{ credentials: { api_key: 'a\nb' } }, 'credentials.api_key'],
    [{ credentials: { api_key: ' a' } }, 'credentials.api_key'],
    [{ credentials: { api_key: 'ä' } }, 'credentials.api_key'],
    [{ credentials: { username: 'a:b' } }, 'credentials.username'],
    [{ credentials: { username: 'a', password: 'b\u0000' } }, 'credentials.password'],
    [{ credentials: { password: 'b' } }, 'credentials.password'],
    [{ credentials: { client_secret: 'b' } }, 'credentials.client_secret'],
    [{ credentials: { refresh_token: 'b' } }, 'credentials.refresh_token'],
    [{ additional_config: { token_url: 'https://login.example' } }, 'additional_config.token_url'],
    [{ additional_config: { scope: 'read' } }, 'additional_config.scope'],
    [{ credentials: { client_id: 'c', client_secret: 's' } }, 'additional_config.token_url'],
    [client({ credentials: { client_id: 'c' } }), 'credentials.client_id'],
    [client({ credentials: { client_id: 'c', client_secret: 's', token: 't' } }), 'credentials.token'],
    [client({ credentials: { client_id: 'c', client_secret: 's', username: 'u' } }), 'credentials.username'],
    [client({ credentials: { client_id: 'c', refresh_token: 'a b' } }), 'credentials.refresh_token'],
    [client({ additional_config: { token_url: 'https://u:p@login.example' } }), 'additional_config.token_url'],
    [client({ additional_config: { token_url: 'https://login.example/?x=1' } }), 'additional_config.token_url'],
    [
      client({ endpoint: 'https://oven.example', additional_config: { token_url: 'http://login.example' } }),
      'additional_config.token_url',
    ],
    [client({ additional_config: { token_url: 'https://login.example', scope: 'a  b' } }), 'additional_config.scope'],
    [
      client({ additional_config: { token_url: 'https://login.example', token_auth: 'x' } }),
      'additional_config.token_auth',
    ],
    [{ additional_config: { auth: 'digest' } }, 'additional_config.auth'],
    [{ credentials: { username: 'u', token: 't' }, additional_config: { auth: 'digest' } }, 'credentials.token'],
    [{ additional_config: { requests_per_minute: 0 } }, 'additional_config.requests_per_minute'],
    [{ additional_config: { requests_per_day: 1.5 } }, 'additional_config.requests_per_day'],
    [{ additional_config: { api_key_header: 'X Key' } }, 'additional_config.api_key_header'],
    [{ additional_config: { api_key_header: 'X-Key: a\r\n' } }, 'additional_config.api_key_header'],
    [{ additional_config: { api_key_header: 'Host' } }, 'additional_config.api_key_header'],
    [{ additional_config: { api_key_header: 'content-length' } }, 'additional_config.api_key_header'],
    [{ additional_config: { data_endpoint: 'status' } }, 'additional_config.data_endpoint'],
    [{ additional_config: { data_endpoint: '//evil.example/x' } }, 'additional_config.data_endpoint'],
    [{ additional_config: { data_endpoint: '/x HTTP/1.1\r\nHost: evil' } }, 'additional_config.data_endpoint'],
    [{ additional_config: { data_endpoint: '/{equipmentId}' } }, 'additional_config.data_endpoint'],
    [{ additional_config: { status_endpoint: 'status' } }, 'additional_config.status_endpoint'],
    [{ additional_config: { status_endpoint: '/{id}' } }, 'additional_config.status_endpoint'],
    [{ additional_config: { points: [{ ...points[0], from: 'status' }] } }, 'additional_config.points[0].from'],
    [
      {
        additional_config: {
          points: [{ ...points[0], from: 'status' }],
          status_endpoint: '/status',
          timestamp_pointer: '/time',
        },
      },
      'additional_config.timestamp_pointer',
    ],
    [{ additional_config: { timestamp_pointer: 'time' } }, 'additional_config.timestamp_pointer'],
    [{ additional_config: { frozen_after: -1 } }, 'additional_config.frozen_after'],
    [{ additional_config: { points: [{ ...points[0], from: 'meta' }] } }, 'additional_config.points[0].from'],
    [{ additional_config: { ca: cert } }, 'additional_config.ca'],
    [{ endpoint: 'https://oven.example', additional_config: { ca: 'no PEM' } }, 'additional_config.ca'],
    [{ endpoint: 'https://oven.example', additional_config: { ca: cert.replace('M', '!') } }, 'additional_config.ca'],
    [{ endpoint: 'https://oven.example', additional_config: { ca: cert, verify_ssl: false } }, 'additional_config.ca'],
  ])('%j', (configuration, path) => {
    expect(faultsOf(configuration)).toEqual([expect.objectContaining({ path })])
  })

  it('takes several certificates as ca, with text between them', () => {
    const ca = `Bakery\n${cert}\nVendor\n${makeCertificate({ name: 'Other' }).cert}`
    expect(faultsOf({ endpoint: 'https://oven.example', additional_config: { ca } })).toEqual([])
  })
})

it('wants all machines on one link to trust the same certificates', () => {
  const { cert: ca } = makeCertificate({ name: 'CA' })
  const secure = parse({ endpoint: 'https://oven.example', additional_config: { ca } })
  expect(connector.linkSettings(secure)).toMatchObject({ verify_ssl: true, ca })
  expect(connector.linkSettings(parse({}))).toMatchObject({ verify_ssl: true, ca: null })
})
