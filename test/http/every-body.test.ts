import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig()
})
afterAll(() => rig.stop())

describe('every route that takes a body', () => {
  const routes = () =>
    rig.app.routeTable
      .filter(({ method, url }) => (method === 'POST' || method === 'PATCH') && url.startsWith('/api/'))
      .map(({ method, url }) => ({ method: method as 'POST' | 'PATCH', url: url.replace(':id', randomUUID()) }))

  it('refuses what is no JSON object, before it looks for anything', async () => {
    expect(routes().length).toBeGreaterThan(10)
    for (const { method, url } of routes()) {
      for (const body of ['null', '[]', '"x"', '1', '{', '{"a":1,"a":1}', '{"__proto__":1}', '{"a":"\\u0000"}']) {
        expectProblem(await rig.call(method, url, { body }), 'REQUEST_MALFORMED')
      }
      expectProblem(
        await rig.call(method, url, { body: '{}', headers: { 'content-type': 'text/plain' } }),
        'MEDIA_TYPE_UNSUPPORTED',
      )
    }
  })

  it('answers whatever JSON it is sent with a problem and never fails', async () => {
    const names = [
      'name',
      'type',
      'kind',
      'metric',
      'protocol',
      'endpoint',
      'port',
      'url',
      'secret',
      'access',
      'note',
      'above',
      'severity',
      'expires_at',
      'equipment_id',
    ]
    const words = fc.constantFrom(
      'deck_oven',
      'modbus',
      'rest_api',
      'threshold',
      'state',
      'temperature',
      'webhook',
      '***',
      'read',
      '2026-02-30T00:00:00Z',
      '',
    )
    const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), words, fc.double(), fc.string({ unit: 'binary' }))
    const bodies = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), anything, { minKeys: 1, maxKeys: 6 })
    await fc.assert(
      fc.asyncProperty(fc.nat(), bodies, async (pick, body) => {
        const all = routes()
        const route = all[pick % all.length]
        if (!route) return
        const { status, text } = await rig.call(route.method, route.url, { body: JSON.stringify(body) })
        expect(status, `${route.method} ${route.url} ${JSON.stringify(body)} ${text}`).toBeLessThan(500)
      }),
      { numRuns: 400 },
    )
  })
})
