import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ensureAdminKey } from '#http'
import { guardRoutes } from '../../src/http/guard-routes.ts'
import { soon } from '../setup/soon.ts'
import { expectProblem } from './expect-problem.ts'
import { type Answer, type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
const keys: Record<string, string> = {}
beforeAll(async () => {
  rig = await startHttpRig()
  for (const access of ['read', 'write', 'admin'] as const) {
    keys[access] = (await rig.call('POST', '/api/v1/api-keys', { body: { name: `A ${access} key`, access } })).body.key
  }
})
afterAll(() => rig.stop())

const levels = ['none', 'unknown', 'read', 'write', 'admin'] as const
const keyOf = { none: () => null, unknown: () => `bw_${'A'.repeat(43)}` } as Record<string, () => string | null>

async function refusal(
  method: string,
  url: string,
  level: string,
): Promise<'UNAUTHENTICATED' | 'FORBIDDEN' | 'allowed'> {
  const key = keyOf[level] ? keyOf[level]() : (keys[level] ?? '')
  // A body or a query that is refused after access is decided, so that nothing is changed, and no stream begins.
  const options = method === 'POST' || method === 'PATCH' ? { key, body: '[]' } : { key }
  const address = url
    .replace(':id', randomUUID())
    .replace(':fingerprint', 'f'.repeat(64))
    .replace('*', 'index.css')
    .replace(/\/stream$/, '/stream?refused=1')
  const answer = await rig.call(method as 'GET', address, options)
  // The page of an alert asks for a password by itself, with a challenge of its own.
  const isOurs = String(answer.headers['www-authenticate'] ?? 'Bearer').startsWith('Bearer')
  const code = isOurs ? { 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN' }[answer.status] : 'allowed'
  return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' ? code : 'allowed'
}

describe('access', () => {
  it('of every route is as listed', async () => {
    const lines = rig.app.routeTable.map(({ method, url, access }) => `${access.padEnd(6)} ${method.padEnd(6)} ${url}`)
    await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot('routes.txt')
  })

  it('is decided alike for every route and level', async () => {
    for (const { method, url, access } of rig.app.routeTable) {
      for (const level of levels) {
        const isKnown = level !== 'none' && level !== 'unknown'
        const suffices = isKnown && levels.indexOf(level) >= levels.indexOf(access as (typeof levels)[number])
        const expected = access === 'public' || suffices ? 'allowed' : isKnown ? 'FORBIDDEN' : 'UNAUTHENTICATED'
        expect(await refusal(method, url, level), `${method} ${url} with ${level}`).toBe(expected)
      }
    }
  })

  it('needs a word of every route, or the server does not start', async () => {
    const app = Fastify()
    guardRoutes(app, { callerOf: async () => undefined, authorize: async () => Promise.reject(new Error('refused')) })
    app.get('/forgotten', async () => 'secret')
    await expect(app.ready()).rejects.toThrow('the route GET /forgotten does not say which access it needs')
    await app.close()
  })

  it('to metrics needs no key where they are public', async () => {
    const open = await startHttpRig({ metricsAccess: 'public' })
    const { status, headers } = await open.call('GET', '/metrics', { key: null })
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: expect.stringContaining('text/plain'),
    })
    await open.stop()
  })
})

describe('a refusal', () => {
  const shape = ({ status, headers, body }: Answer) => ({
    status,
    names: Object.keys(headers).sort(),
    challenge: headers['www-authenticate'],
    body: { ...body, request_id: '' },
  })

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['another scheme', 'Basic YWRtaW46YWRtaW4='],
    ['no key', 'Bearer '],
    ['a key of another form', 'Bearer admin'],
    ['two keys', 'Bearer a b'],
    ['a key of 10 KB', `Bearer ${'x'.repeat(10_000)}`],
    ['bytes beyond ASCII', 'Bearer \u00e9'],
    ['a key that was never made', `Bearer bw_${'A'.repeat(43)}`],
    ['a prefix of a key', () => `Bearer ${keys['admin']?.slice(0, -1)}`],
    ['a key with something behind it', () => `Bearer ${keys['admin']}x`],
    ['a key in another case', () => `Bearer ${keys['admin']?.toUpperCase()}`],
  ])('of %s looks like every other', async (_name, given) => {
    const header = typeof given === 'function' ? given() : given
    const headers = header === undefined ? {} : { authorization: header }
    const answer = await rig.call('GET', '/api/v1/equipment', { key: null, headers })
    expectProblem(answer, 'UNAUTHENTICATED')
    expect(shape(answer)).toEqual(shape(await rig.call('GET', '/api/v1/equipment', { key: null })))
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="Bakewire"')
  })

  it('comes before anything is said of the body or the address', async () => {
    const options = { key: null, body: '{"a":1,"a":2}', headers: { 'content-type': 'text/plain' } }
    expectProblem(await rig.call('POST', '/api/v1/equipment/1/iot-config?x', options), 'UNAUTHENTICATED')
  })
})

describe('an API key', () => {
  const make = async (body: object) => (await rig.call('POST', '/api/v1/api-keys', { body })).body

  it('is shown once, and kept only as a hash', async () => {
    const made = await make({ name: 'Dashboard' })
    expect(made).toMatchObject({ name: 'Dashboard', access: 'read', last_used_at: null, expires_at: null })
    expect(made.key).toMatch(/^bw_[A-Za-z0-9_-]{43}$/)
    expect(made.key.startsWith(made.prefix)).toBe(true)
    const list = await rig.call('GET', '/api/v1/api-keys')
    expect(list.text).not.toContain(made.key)
    expect(list.body.items.map((item: { id: string }) => item.id)).toContain(made.id)
    const stored = await rig.database
      .bulk`select encode(hash, 'escape') || to_json(api_keys)::text as row from api_keys`
    expect(JSON.stringify(stored)).not.toContain(made.key.slice(10))
  })

  it('opens nothing any more once it was revoked', async () => {
    const { id, key } = await make({ name: 'Short-lived' })
    expect((await rig.call('GET', '/api/v1/equipment', { key })).status).toBe(200)
    expect((await rig.call('DELETE', `/api/v1/api-keys/${id}`)).status).toBe(204)
    const isRefused = async () => expectProblem(await rig.call('GET', '/api/v1/equipment', { key }), 'UNAUTHENTICATED')
    await vi.waitFor(isRefused, soon)
    expectProblem(await rig.call('DELETE', `/api/v1/api-keys/${id}`), 'NOT_FOUND')
  })

  it('opens nothing after it expired', async () => {
    const expires_at = new Date(Date.now() + 300).toISOString()
    const { key } = await make({ name: 'For a moment', expires_at })
    expect((await rig.call('GET', '/api/v1/equipment', { key })).status).toBe(200)
    const isRefused = async () => expectProblem(await rig.call('GET', '/api/v1/equipment', { key }), 'UNAUTHENTICATED')
    await vi.waitFor(isRefused, soon)
  })

  it('tells when it was last used', async () => {
    const { id, key } = await make({ name: 'Used' })
    await rig.call('GET', '/api/v1/equipment', { key })
    const { body } = await rig.call('GET', '/api/v1/api-keys?limit=500')
    const used = body.items.find((item: { id: string }) => item.id === id)
    expect(Date.now() - Date.parse(used.last_used_at)).toBeLessThan(60_000)
  })

  it.each([
    ['without a name', {}, 'REQUEST_MALFORMED', 'name'],
    ['of an unknown access', { name: 'x', access: 'root' }, 'CONFIG_INVALID', 'access'],
    ['that brings its own key', { name: 'x', key: 'mine' }, 'REQUEST_MALFORMED', 'key'],
    ['that has expired already', { name: 'x', expires_at: '2020-01-01T00:00:00Z' }, 'CONFIG_INVALID', 'expires_at'],
    ['that expires at no real time', { name: 'x', expires_at: '2027-02-29T00:00:00Z' }, 'CONFIG_INVALID', 'expires_at'],
    [
      'that expires somewhere on Earth',
      { name: 'x', expires_at: '2027-01-01T00:00:00' },
      'CONFIG_INVALID',
      'expires_at',
    ],
  ] as const)('%s is refused', async (_name, body, code, path) => {
    expect(expectProblem(await rig.call('POST', '/api/v1/api-keys', { body }), code)).toContain(path)
  })

  it('that is the last admin key stays', async () => {
    const other = await startHttpRig()
    const [only] = (await other.call('GET', '/api/v1/api-keys')).body.items
    expectProblem(await other.call('DELETE', `/api/v1/api-keys/${only.id}`), 'CONFLICT')
    await other.call('POST', '/api/v1/api-keys', { body: { name: 'Second', access: 'admin' } })
    expect((await other.call('DELETE', `/api/v1/api-keys/${only.id}`)).status).toBe(204)
    await other.stop()
  })

  it('is listed page by page, none twice and none left out', async () => {
    const other = await startHttpRig()
    for (let index = 0; index < 6; index += 1) {
      await other.call('POST', '/api/v1/api-keys', { body: { name: `Key ${index}` } })
    }
    const names: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body }: Answer = await other.call('GET', `/api/v1/api-keys?limit=2${cursor && `&cursor=${cursor}`}`)
      names.push(...body.items.map((item: { name: string }) => item.name))
      cursor = body.next_cursor
    }
    expect(names.sort()).toEqual(['First admin key', ...Array.from({ length: 6 }, (_, index) => `Key ${index}`)])
    await other.stop()
  })
})

describe('ensureAdminKey', () => {
  const given = 'correct-horse-battery-staple-0123456789'
  const opens = async (key: string) => (await rig.call('GET', '/api/v1/api-keys', { key })).status === 200

  it('makes a key on the very first start only', async () => {
    expect(rig.adminKey).toMatch(/^bw_/)
    expect(await ensureAdminKey(rig.apiKeys, undefined)).toBeUndefined()
  })

  it('makes one key when several processes start at once', async () => {
    const other = await startHttpRig()
    await other.database.bulk`delete from api_keys`
    const made = await Promise.all(Array.from({ length: 5 }, () => ensureAdminKey(other.apiKeys, undefined)))
    expect(made.filter((key) => key !== undefined)).toHaveLength(1)
    await other.stop()
  })

  it('takes a given key, on every start, in the place of the one given before', async () => {
    expect(await ensureAdminKey(rig.apiKeys, given)).toBeUndefined()
    await ensureAdminKey(rig.apiKeys, given)
    expect(await opens(given)).toBe(true)
    await ensureAdminKey(rig.apiKeys, `${given}-new`)
    expect(await opens(`${given}-new`)).toBe(true)
    await vi.waitFor(async () => expect(await opens(given)).toBe(false), soon)
  })
})
