import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '#core'
import { type AlertLinks, createAlertLinks, deriveLinkKey } from '#link'
import { createAlertChangeStore, createAlertRuleStore, createAlertStore, createReadingStore } from '#store'
import { type AlertFixture, openAlertFixture } from '../../store/alert-fixture.ts'
import { registerPages } from './register-pages.ts'

const publicUrl = 'https://bakery.example'
const nobody = () => undefined
const hostile = '</title><script>alert(1)</script>"\'&'

describe('registerPages', () => {
  let fixture: AlertFixture
  let app: FastifyInstance
  let links: AlertLinks
  let alerts: ReturnType<typeof createAlertStore>
  let alertId: string
  let path: string
  let now = Date.now()

  beforeAll(async () => {
    fixture = await openAlertFixture()
    alerts = createAlertStore(fixture.database, nobody)
    links = createAlertLinks({
      publicUrl,
      backlinkBaseUrl: `${publicUrl}/backlink.html`,
      linkKey: deriveLinkKey(Buffer.alloc(32, 1)),
      clock: { now: () => now },
    })
    app = Fastify()
    registerPages(app, {
      alerts,
      equipment: fixture.equipment,
      readings: createReadingStore(fixture.database),
      links,
      publicUrl,
      authenticate: async (key) => key === 'bw_valid',
      clock: { now: () => now },
      log: silentLog,
    })
    await app.ready()
    alertId = await raise()
    path = new URL(links.linkOf({ id: alertId, title: '', message: '' }).link).pathname
  })
  afterAll(async () => {
    await app.close()
    await fixture.close()
  })

  async function raise(): Promise<string> {
    const room = await fixture.addEquipment({ name: `Cold room ${hostile}` })
    await fixture.storeReading(room.id, new Date(now))
    const rules = createAlertRuleStore(fixture.database, nobody)
    const rule = await rules.create({
      name: hostile,
      kind: 'threshold',
      metric: 'temperature',
      above: 3,
      severity: 'critical',
    })
    const text = { title: `${room.name}: ${hostile}`, message: `${room.name}: temperature 4 °C, above 3 °C` }
    const at = new Date(now)
    await createAlertChangeStore(fixture.database).apply({
      kind: 'raised',
      equipmentId: room.id,
      ruleId: rule.id,
      ruleRevision: rule.revision,
      at,
      type: 'temperature_deviation',
      severity: 'critical',
      metric: 'temperature',
      value: 4,
      threshold: 3,
      texts: { en: text, es: text, de: text, fr: text },
      state: { phase: 'firing', since: at, side: 'above' },
    })
    const [alert] = (await alerts.list({ limit: 1 })).items
    return alert?.id ?? ''
  }
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })
  const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` })

  it('opens an alert by its token, with everything escaped and nothing from elsewhere', async () => {
    const { statusCode, body, headers } = await get(path)
    expect(statusCode).toBe(200)
    expect(body).toContain('Temperature 4 °C, above 3 °C')
    expect(body).toContain('Critical')
    expect(body).not.toContain('<script')
    expect(body).not.toMatch(/ (?:src|on\w+)=/)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-[\w+/]{43}=';/),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'x-content-type-options': 'nosniff',
    })
  })

  it('changes nothing, however often it is fetched', async () => {
    const before = await alerts.get(alertId)
    for (let count = 0; count < 100; count += 1) await get(path)
    expect(await alerts.get(alertId)).toEqual(before)
    expect(await fixture.transitions(alertId)).toEqual(['raised'])
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      expect((await app.inject({ method, url: path })).statusCode).toBe(404)
    }
  })

  it('gives one and the same page for whatever it does not open', async () => {
    const token = path.slice('/a/'.length)
    const unknown = new URL(links.linkOf({ id: '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111', title: '', message: '' }).link)
    const closed = await raise()
    await alerts.resolve(closed, { by: 'Ana' })
    const closedPath = new URL(links.linkOf({ id: closed, title: '', message: '' }).link).pathname
    expect((await get(closedPath)).statusCode).toBe(200)
    await fixture.rows(
      `update equipment_iot_alerts set resolved_at = now() - interval '25 hours' where id = '${closed}'`,
    )
    const paths = [
      '/a/',
      '/a/x',
      `/a/${token.slice(0, -1)}`,
      `/a/${token}.`,
      `/a/${token}/`,
      `/a/${token.toUpperCase()}`,
      `/a/${'x'.repeat(5000)}`,
      `/a/..%2f..%2fbacklink.html`,
      `/a/${alertId}`,
      unknown.pathname,
      closedPath,
    ]
    const answers = await Promise.all(paths.map((wrong) => get(wrong)))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(paths.map(() => 404))
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(new Set(answers.map(({ headers }) => headers['content-security-policy'])).size).toBe(1)
  })

  it('opens nothing any more when the token is too old', async () => {
    const wasNow = now
    now += 9 * 86_400_000
    expect((await get(path)).statusCode).toBe(404)
    now = wasNow
  })

  it('opens any alert with an API key as the password, whatever the user', async () => {
    const { statusCode, body } = await get(`/alerts/${alertId}`, basic('ana:bw_valid'))
    expect(statusCode).toBe(200)
    expect(body).toContain('Temperature 4 °C')
    expect((await get(`/alerts/${alertId}`, basic(':bw_valid'))).statusCode).toBe(200)
  })

  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['a wrong key', basic('ana:bw_wrong')],
    ['no password', basic('bw_valid')],
    ['a bearer key', { authorization: 'Bearer bw_valid' }],
    ['no base64', { authorization: 'Basic ***' }],
  ])('asks for a key when there is %s, before it tells whether there is an alert', async (_name, headers) => {
    const [known, unknown] = [await get(`/alerts/${alertId}`, headers), await get('/alerts/x', headers)]
    expect(known.statusCode).toBe(401)
    expect(known.headers['www-authenticate']).toBe('Basic realm="Bakewire", charset="UTF-8"')
    expect(unknown.body).toBe(known.body)
  })

  it.each(['x', '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111', 'null', "'; drop table equipment; --"])(
    'finds no alert %j',
    async (id) => {
      const { statusCode, body } = await get(`/alerts/${encodeURIComponent(id)}`, basic('ana:bw_valid'))
      expect(statusCode).toBe(404)
      expect(body).toBe((await get('/a/x')).body)
    },
  )

  it('leads from a backlink to the alert', async () => {
    const { backlink_url, link } = links.linkOf({ id: alertId, title: `Room ${hostile}`, message: 'too warm' })
    const { pathname, search } = new URL(backlink_url)
    const { statusCode, body, headers } = await get(pathname + search)
    expect(statusCode).toBe(200)
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(body).toContain(`<a class="button" href="${link}" rel="noreferrer">Open</a>`)
    expect(body).toContain('too warm')
    expect(body).not.toContain('<script')
  })

  it.each([
    '/backlink.html?title=Win&link=https%3A%2F%2Fevil.example%2F',
    '/backlink.html?title=Win&link=javascript%3Aalert(1)',
    '/backlink.html?title=Win&link=https://bakery.example/a&link=https://evil.example/',
    '/backlink.html?title=Win',
    '/backlink.html?',
    '/backlink.html',
    `/backlink.html?title=${'x'.repeat(5000)}&description=%00%0a&link=%20`,
  ])('shows no link for %s', async (url) => {
    const { statusCode, body } = await get(url)
    expect(statusCode).toBe(200)
    expect(body).not.toContain('href')
    expect(body).toMatch(/no link with this message|not offered/)
  })

  it('never says a host that the request names', async () => {
    const spoofed = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
    for (const url of [path, '/backlink.html', '/a/x']) expect((await get(url, spoofed)).body).not.toContain('evil')
  })

  it('has a page for the time when the database does not answer', async () => {
    const broken = Fastify()
    const refuse = async () => {
      throw new Error('secret detail')
    }
    registerPages(broken, {
      alerts: { get: refuse },
      equipment: { get: refuse },
      readings: { latest: refuse },
      links,
      publicUrl,
      authenticate: async () => true,
      clock: { now: () => now },
      log: silentLog,
    })
    const { statusCode, body, headers } = await broken.inject({ url: path })
    expect(statusCode).toBe(503)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(body).toContain('Try again in a minute')
    expect(body).not.toContain('secret')
    await broken.close()
  })
})
