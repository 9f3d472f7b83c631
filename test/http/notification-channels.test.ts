import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig()
})
afterAll(() => rig.stop())

describe('notification channels', () => {
  const url = '/api/v1/notification-channels'
  const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
  const webhook = {
    kind: 'webhook',
    url: 'https://hooks.example/bakery/T0KEN',
    secret,
    severities: ['critical'],
    language: 'es',
  }

  it('come back as they were added, without the secret', async () => {
    const added = await rig.call('POST', url, { body: webhook })
    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({ ...webhook, secret: '***', name: 'hooks.example', enabled: true })
    expect((await rig.call('GET', `${url}/${added.body.id}`)).body).toEqual(added.body)
    expect((await rig.call('GET', `${url}?limit=500`)).body.items).toContainEqual(added.body)
  })

  it('show a secret that was made for them once', async () => {
    const { body } = await rig.call('POST', url, { body: { kind: 'webhook', url: 'https://hooks.example' } })
    expect(body.secret).toMatch(/^whsec_/)
    expect(body).toMatchObject({ severities: ['info', 'warning', 'critical'], language: 'en' })
    expect((await rig.call('GET', `${url}/${body.id}`)).text).not.toContain(body.secret)
  })

  it('keep their secret when its mask is sent back, but not for another server', async () => {
    const { body } = await rig.call('POST', url, { body: webhook })
    const change = (fields: object) => rig.call('PATCH', `${url}/${body.id}`, { body: fields })
    const kept = await change({ secret: '***', url: 'https://hooks.example/other', enabled: false })
    expect(kept.body).toMatchObject({ url: 'https://hooks.example/other', enabled: false, secret: '***' })
    expect(expectProblem(await change({ secret: '***', url: 'https://evil.example' }), 'SECRET_REQUIRED')).toEqual([
      'secret',
    ])
    expectProblem(await change({ url: 'https://evil.example' }), 'SECRET_REQUIRED')
    expect((await change({ url: 'https://other.example', secret })).body.url).toBe('https://other.example')
  })

  it.each([
    ['another kind', { kind: 'pigeon' }, 'kind'],
    ['an address without a scheme', { url: 'hooks.example' }, 'url'],
    ['an address with a user', { url: 'https://a:b@hooks.example' }, 'url'],
    ['a file', { url: 'file:///etc/passwd' }, 'url'],
    ['a short secret', { secret: 'whsec_c2hvcnQ=' }, 'secret'],
    ['no severity', { severities: [] }, 'severities'],
    ['an unknown language', { language: 'tlh' }, 'language'],
    ['an unknown field', { method: 'GET' }, 'method'],
  ])('with %s are refused', async (_name, changes, path) => {
    const answer = await rig.call('POST', url, { body: { ...webhook, ...changes } })
    expect(expectProblem(answer, 'REQUEST_MALFORMED', 'CONFIG_INVALID')).toContain(path)
  })

  it('are gone once deleted', async () => {
    const { body } = await rig.call('POST', url, { body: webhook })
    expect((await rig.call('DELETE', `${url}/${body.id}`)).status).toBe(204)
    for (const method of ['GET', 'DELETE'] as const)
      expectProblem(await rig.call(method, `${url}/${body.id}`), 'NOT_FOUND')
    expectProblem(await rig.call('PATCH', `${url}/${body.id}`, { body: { enabled: true } }), 'NOT_FOUND')
  })

  it('leave no secret in the audit log, neither theirs nor that in a path', async () => {
    const { body } = await rig.call('POST', url, { body: webhook })
    await rig.call('PATCH', `${url}/${body.id}`, { body: { secret } })
    await rig.call('DELETE', `${url}/${body.id}`)
    const rows = await rig.database.bulk`select action, detail from audit_log where subject_id = ${body.id} order by id`
    expect(rows.map(({ action }) => action)).toEqual(
      ['created', 'changed', 'deleted'].map((verb) => `notification_channel.${verb}`),
    )
    expect(JSON.stringify(rows)).not.toMatch(/whsec|T0KEN/)
  })
})
