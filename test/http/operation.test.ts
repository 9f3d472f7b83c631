import { inspect } from 'node:util'
import { Counter } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BakewireError, type Log } from '#core'
import { createHttpServer } from '#http'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

const lines: { level: string; fields: Record<string, unknown>; message: string }[] = []
const note = (level: string) => (fields: object, message: string) =>
  void lines.push({ level, fields: { ...fields }, message })
const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig({ log })
})
afterAll(() => rig.stop())

describe('health', () => {
  it('says that the process lives', async () => {
    expect(await rig.call('GET', '/health/live', { key: null })).toMatchObject({ status: 200, body: { live: true } })
  })

  it('says which part is not ready', async () => {
    const parts = { database: { state: 'down', detail: 'no answer' }, queue: { state: 'ok' } } as const
    rig.setReadiness({ ready: false, parts })
    expect(await rig.call('GET', '/health/ready', { key: null })).toMatchObject({
      status: 503,
      body: { ready: false, parts },
    })
    rig.setReadiness({ ready: true, parts: { database: { state: 'ok' } } })
    expect((await rig.call('GET', '/health/ready', { key: null })).status).toBe(200)
  })
})

it('shows the metrics that it was given', async () => {
  new Counter({ name: 'bakewire_polls_total', help: 'Polls.', registers: [rig.metrics] }).inc(3)
  const { status, text } = await rig.call('GET', '/metrics')
  expect({ status, text }).toEqual({ status: 200, text: expect.stringContaining('bakewire_polls_total 3') })
})

describe('the id of a request', () => {
  const idGiven = async (given: string) => {
    const headers = { 'x-request-id': given }
    const answer = await rig.call('GET', '/nothing/here', { headers })
    expect(answer.headers['x-request-id']).toBe(answer.body.request_id)
    return answer.body.request_id
  }

  it('is the one that the caller gave', async () => {
    expect(await idGiven('trace_0123-abcDEF')).toBe('trace_0123-abcDEF')
  })

  it.each(['short', 'a'.repeat(65), 'with a space', '{"level":60}', 'name@bakery.example', '../../etc/passwd'])(
    'is one of our own where that is %j',
    async (given) => {
      expect(await idGiven(given)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    },
  )
})

describe('connectors', () => {
  it('are listed with the form of their configuration', async () => {
    const { body } = await rig.call('GET', '/api/v1/connectors')
    expect(body.items.map((item: { id: string }) => item.id)).toEqual(expect.arrayContaining(['modbus', 'rest_api']))
    const rest = body.items.find((item: { id: string }) => item.id === 'rest_api')
    expect(rest).toMatchObject({ aliases: ['custom'], capabilities: ['read'] })
    expect(rest.configuration_schema.properties.credentials.properties.password).toMatchObject({
      'x-secret': true,
      writeOnly: true,
    })
    expect((await rig.call('GET', '/api/v1/connectors/rest_api')).body).toEqual(rest)
    expect((await rig.call('GET', '/api/v1/connectors/custom')).body).toEqual(rest)
  })

  it('are listed page by page', async () => {
    const first = (await rig.call('GET', '/api/v1/connectors?limit=1')).body
    const second = (await rig.call('GET', `/api/v1/connectors?limit=1&cursor=${first.next_cursor}`)).body
    expect([...first.items, ...second.items].map((item) => item.id)).toEqual(['modbus', 'mqtt'])
  })

  it.each(['telepathy', '__proto__', 'constructor', 'a'.repeat(200)])('do not include %s', async (id) => {
    expectProblem(await rig.call('GET', `/api/v1/connectors/${id}`), 'NOT_FOUND')
  })
})

describe('the log', () => {
  it('has one line for each request, without its address, key and body', async () => {
    lines.length = 0
    const id = await rig.machine()
    const { headers } = await rig.call('PATCH', `/api/v1/equipment/${id}`, { body: { name: 'pw-canary' } })
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'request',
        fields: {
          request_id: headers['x-request-id'],
          equipment_id: id,
          method: 'PATCH',
          route: '/api/v1/equipment/:id',
          status: 200,
          ms: expect.any(Number),
          caller: rig.adminKey.slice(0, 8),
        },
      },
    ])
    await rig.call('GET', '/api/v1/equipment?cursor=pw-canary', { key: 'pw-canary' })
    await rig.call('GET', '/pw-canary')
    expect(JSON.stringify(lines)).not.toContain('canary')
  })

  it.each([
    ['an error of a library', new Error('spool: EIO')],
    ['an error of ours', new BakewireError('INTERNAL', 'spool: EIO')],
  ])('says what an answer does not: why a request failed inside, by %s', async (_name, error) => {
    lines.length = 0
    const broken = await createHttpServer({ ...rig.dependencies, readiness: () => Promise.reject(error) })
    const response = await broken.inject('/health/ready')
    await broken.close()
    expect({ status: response.statusCode, code: response.json().code }).toEqual({ status: 500, code: 'INTERNAL' })
    expect(response.payload).not.toMatch(/EIO|spool/)
    const [line] = lines.filter(({ level }) => level === 'error')
    expect(line?.fields).toMatchObject({ request_id: response.json().request_id, code: 'INTERNAL' })
    expect(inspect(line?.fields)).toContain('spool: EIO')
  })

  it('notes a machine that does not answer without alarm and without a stack', async () => {
    lines.length = 0
    const failed = new BakewireError('UNREACHABLE', '10.0.0.9:502 refuses connections', { cause: new Error('ECONN') })
    const broken = await createHttpServer({ ...rig.dependencies, readiness: () => Promise.reject(failed) })
    const { request_id } = (await broken.inject('/health/ready')).json()
    await broken.close()
    const told = lines.filter(({ level }) => level === 'error' || level === 'warn')
    expect(told).toEqual([{ level: 'warn', fields: { request_id, code: 'UNREACHABLE' }, message: failed.message }])
  })

  it('of a database that is away is a problem to retry', async () => {
    const other = await startHttpRig()
    await other.database.close()
    expectProblem(await other.call('GET', '/api/v1/equipment'), 'UNAVAILABLE')
    expect((await other.call('GET', '/health/live', { key: null })).status).toBe(200)
    await other.stop()
  })
})
