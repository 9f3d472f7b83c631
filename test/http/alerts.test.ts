import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAlertChangeStore } from '#store'
import { expectProblem } from './expect-problem.ts'
import { type Answer, type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
let equipmentId: string
beforeAll(async () => {
  rig = await startHttpRig()
})
beforeEach(async () => {
  await rig.database.bulk`delete from equipment`
  equipmentId = await rig.machine('Cold room 2')
})
afterAll(() => rig.stop())

const tooWarm = {
  name: 'Too warm',
  kind: 'threshold',
  metric: 'temperature',
  above: 8,
  hysteresis: 0.5,
  for_seconds: 600,
  severity: 'critical',
}
const addRule = (body: object) => rig.call('POST', '/api/v1/alert-rules', { body })
const list = (query = '') => rig.call('GET', `/api/v1/equipment/iot-alerts${query}`)
const act = (id: string, verb: string, options = {}) => rig.call('POST', `/api/v1/alerts/${id}/${verb}`, options)

/** Raises an alert as the engine does; gives its id. */
async function raise(rule: object = {}, at = new Date()): Promise<string> {
  const { body } = await addRule({ ...tooWarm, ...rule })
  const [row] = await rig.database.bulk`select revision from alert_rules where id = ${body.id}`
  const text = { title: 'Cold room 2: temperature 9.4 °C', message: 'Above 8 °C for 10 min' }
  await createAlertChangeStore(rig.database).apply({
    kind: 'raised',
    equipmentId,
    ruleId: body.id,
    ruleRevision: Number(row?.['revision']),
    at,
    texts: { en: text, es: text, de: text, fr: text },
    type: 'temperature_deviation',
    metric: 'temperature',
    value: 9.4,
    threshold: 8,
    severity: body.severity,
    state: { phase: 'firing', since: at, side: 'above' },
  })
  const { body: alerts } = await list('?limit=500')
  return alerts.items.find((item: { rule_id: string }) => item.rule_id === body.id).id
}

describe('alerts', () => {
  it('are shown with a link to pass on', async () => {
    const id = await raise()
    const { body } = await rig.call('GET', `/api/v1/alerts/${id}`)
    expect(body).toMatchObject({
      id,
      equipment_id: equipmentId,
      equipment_name: 'Cold room 2',
      type: 'temperature_deviation',
      severity: 'critical',
      status: 'active',
      title: 'Cold room 2: temperature 9.4 °C',
      metric: 'temperature',
      value: 9.4,
      threshold: 8,
      acknowledged_at: null,
      acknowledged_by: null,
      resolved_at: null,
      occurrences: 1,
      automated_response: null,
    })
    expect(body.link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/a\/[A-Za-z0-9_-]+$/)
    expect(body.backlink_url).toContain(`&link=${encodeURIComponent(body.link)}`)
    const { history, ...listed } = body
    expect(history).toMatchObject([{ kind: 'raised', by: null, note: null }])
    expect((await list()).body).toEqual({ items: [listed], next_cursor: null })
  })

  it('are acknowledged once, in the name of the key', async () => {
    const { body: key } = await rig.call('POST', '/api/v1/api-keys', { body: { name: 'Night shift', access: 'write' } })
    const id = await raise()
    const first = await act(id, 'acknowledge', { key: key.key, body: { note: 'On my way' } })
    expect(first.body).toMatchObject({
      status: 'acknowledged',
      acknowledged_by: 'Night shift',
      history: [
        { kind: 'raised', by: null, note: null },
        { kind: 'acknowledged', by: 'Night shift', note: 'On my way' },
      ],
    })
    expect((await act(id, 'acknowledge')).body.acknowledged_by).toBe('Night shift')
    const transitions = await rig.database
      .bulk`select kind, by, note from alert_transitions where alert_id = ${id} order by id`
    expect(transitions.slice(1)).toEqual([{ kind: 'acknowledged', by: 'Night shift', note: 'On my way' }])
  })

  it('acknowledged twice at the same moment are so once', async () => {
    const id = await raise()
    const answers = await Promise.all([act(id, 'acknowledge'), act(id, 'acknowledge')])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const [count] = await rig.database
      .bulk`select count(*)::int as n from alert_transitions where alert_id = ${id} and kind = 'acknowledged'`
    expect(count?.['n']).toBe(1)
  })

  it('are resolved, after which they cannot be acknowledged', async () => {
    const id = await raise()
    const { body } = await act(id, 'resolve', { body: {} })
    expect(body).toMatchObject({ status: 'resolved', resolved_at: expect.any(String) })
    expect((await act(id, 'resolve')).status).toBe(200)
    expectProblem(await act(id, 'acknowledge'), 'CONFLICT')
  })

  it.each([
    ['an unknown field', { reason: 'x' }, 'REQUEST_MALFORMED', 'reason'],
    ['a note that is no text', { note: 5 }, 'REQUEST_MALFORMED', 'note'],
    ['a note of 1001 characters', { note: 'x'.repeat(1_001) }, 'CONFIG_INVALID', 'note'],
  ] as const)('are not acknowledged with %s', async (_name, body, code, path) => {
    expect(expectProblem(await act(await raise(), 'acknowledge', { body }), code)).toEqual([path])
  })

  it('that do not exist are not found', async () => {
    const id = crypto.randomUUID()
    expectProblem(await rig.call('GET', `/api/v1/alerts/${id}`), 'NOT_FOUND')
    for (const verb of ['acknowledge', 'resolve']) expectProblem(await act(id, verb), 'NOT_FOUND')
    expectProblem(await act(await raise(), 'forget'), 'NOT_FOUND')
  })

  it('are listed by status, severity, type and machine', async () => {
    const [active, acknowledged, resolved] = [await raise(), await raise({ severity: 'info' }), await raise()]
    await act(acknowledged, 'acknowledge')
    await act(resolved, 'resolve')
    const ids = async (query: string) => (await list(query)).body.items.map((item: { id: string }) => item.id).sort()
    expect(await ids('')).toEqual([active, acknowledged].sort())
    expect(await ids('?status=resolved')).toEqual([resolved])
    expect(await ids('?status=active,resolved')).toEqual([active, resolved].sort())
    expect(await ids('?severity=info')).toEqual([acknowledged])
    expect(await ids('?type=door_open')).toEqual([])
    expect(await ids(`?equipment_id=${equipmentId}`)).toHaveLength(2)
    expect(await ids(`?equipment_id=${crypto.randomUUID()}`)).toEqual([])
  })

  it.each([
    ['status=open', 'status'],
    ['status=', 'status'],
    ['severity=fatal', 'severity'],
    ['equipment_id=1', 'equipment_id'],
  ])('are not listed by %s', async (query, field) => {
    expect(expectProblem(await list(`?${query}`), 'CONFIG_INVALID')[0]).toMatch(new RegExp(`^${field}`))
  })

  it('are listed page by page, newest first', async () => {
    const start = Date.now() - 60_000
    const raised: string[] = []
    for (let index = 0; index < 5; index += 1) raised.unshift(await raise({}, new Date(start + index)))
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body }: Answer = await list(`?limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...body.items.map((item: { id: string }) => item.id))
      cursor = body.next_cursor
    }
    expect(seen).toEqual(raised)
  })
})

describe('pages', () => {
  it('of an alert open by the link of the alert, without a key', async () => {
    const { body } = await rig.call('GET', `/api/v1/alerts/${await raise()}`)
    const path = new URL(body.link).pathname
    const page = await rig.call('GET', path, { key: null })
    expect(page.status).toBe(200)
    expect(page.text).toContain('9.4')
    expect(page.headers['content-security-policy']).toMatch(/style-src 'sha256-/)
    expect((await rig.call('GET', `${path}x`, { key: null })).status).toBe(404)
    const { pathname, search } = new URL(body.backlink_url)
    const landing = await rig.call('GET', pathname + search, { key: null })
    expect(landing.text).toContain(`href="${body.link}"`)
  })

  it('of an alert open with a key as password of any user', async () => {
    const url = `/alerts/${await raise()}`
    const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}` })
    expect((await rig.call('GET', url, { key: null })).status).toBe(401)
    expect((await rig.call('GET', url, { key: null, headers: basic('wrong') })).status).toBe(401)
    expect((await rig.call('GET', url, { key: null, headers: basic(rig.adminKey) })).status).toBe(200)
  })
})

describe('alert rules', () => {
  it.each([
    ['threshold', { ...tooWarm, below: 1 }, {}],
    [
      'state',
      {
        name: 'Door',
        kind: 'state',
        equipment_type: 'cold_room',
        metric: 'door_status',
        equals: 'open',
        for_seconds: 180,
        severity: 'warning',
      },
      { above: null, hysteresis: null },
    ],
    ['no_data', { name: 'Silent', kind: 'no_data', severity: 'critical' }, { for_seconds: 900, metric: null }],
  ])('of kind %s come back as they were added', async (_kind, body, filled) => {
    const added = await addRule(body)
    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({ ...body, enabled: true, ...filled })
    expect(added.headers['location']).toBe(`/api/v1/alert-rules/${added.body.id}`)
    expect((await rig.call('GET', `/api/v1/alert-rules/${added.body.id}`)).body).toEqual(added.body)
    const { body: all } = await rig.call('GET', '/api/v1/alert-rules?limit=500')
    expect(all.items).toContainEqual(added.body)
  })

  it.each([
    ['an unknown kind', { kind: 'telepathy' }, 'kind'],
    ['no limit', { above: undefined }, 'above'],
    ['an unknown field', { limit: 8 }, 'limit'],
    ['a machine that does not exist', { equipment_id: crypto.randomUUID() }, 'equipment_id'],
    ['a delay of two days', { for_seconds: 172_800 }, 'for_seconds'],
    ['a limit that is a text', { above: '8' }, 'above'],
    ['a metric that is none', { metric: 'colour' }, 'metric'],
  ])('with %s are refused', async (_name, changes, path) => {
    expect(expectProblem(await addRule({ ...tooWarm, ...changes }), 'REQUEST_MALFORMED', 'CONFIG_INVALID')).toContain(
      path,
    )
  })

  it('are changed field by field, and null takes one away', async () => {
    const { body: rule } = await addRule({ ...tooWarm, below: 1, equipment_id: equipmentId })
    const url = `/api/v1/alert-rules/${rule.id}`
    const { body } = await rig.call('PATCH', url, {
      body: { below: null, equipment_id: null, above: 9, enabled: false },
    })
    expect(body).toMatchObject({
      name: 'Too warm',
      above: 9,
      below: null,
      hysteresis: 0.5,
      equipment_id: null,
      enabled: false,
    })
    expect((await rig.call('PATCH', url, { body: {} })).body).toEqual(body)
    expect(expectProblem(await rig.call('PATCH', url, { body: { above: null } }), 'CONFIG_INVALID')).toEqual(['above'])
    expect(expectProblem(await rig.call('PATCH', url, { body: { kind: 'no_data' } }), 'REQUEST_MALFORMED')).toContain(
      'above',
    )
    const silent = { kind: 'no_data', metric: null, above: null, hysteresis: null }
    expect((await rig.call('PATCH', url, { body: silent })).body).toMatchObject({
      kind: 'no_data',
      metric: null,
      above: null,
    })
  })

  it('that are deleted resolve their alerts and are gone', async () => {
    const alertId = await raise()
    const { body: alert } = await rig.call('GET', `/api/v1/alerts/${alertId}`)
    const url = `/api/v1/alert-rules/${alert.rule_id}`
    expect((await rig.call('DELETE', url)).status).toBe(204)
    expect((await rig.call('GET', `/api/v1/alerts/${alertId}`)).body).toMatchObject({
      status: 'resolved',
      rule_id: null,
    })
    for (const method of ['GET', 'DELETE'] as const) expectProblem(await rig.call(method, url), 'NOT_FOUND')
    expectProblem(await rig.call('PATCH', url, { body: { above: 1 } }), 'NOT_FOUND')
  })
})
