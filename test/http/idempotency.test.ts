import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createHttpServer } from '#http'
import { soon } from '../setup/soon.ts'
import { expectProblem } from './expect-problem.ts'
import { type Answer, type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
let oven: string
let key = ''
beforeAll(async () => {
  rig = await startHttpRig()
  oven = await rig.machine()
})
beforeEach(() => {
  key = crypto.randomUUID()
})
afterAll(() => rig.stop())

const machine = { name: 'Oven', type: 'deck_oven', metadata: { a: 1, b: 2 } }
const send = (route: string, body: object, headers: Record<string, string> = { 'idempotency-key': key }) =>
  rig.call('POST', `/api/v1/${route}`, { body, headers })
const count = async (table: string) =>
  Number((await rig.database.bulk`select count(*) from ${rig.database.bulk(table)}`)[0]?.['count'])
const replayed = ({ headers }: Answer) => headers['idempotency-replayed']

const creations = [
  ['equipment', 'equipment', () => machine],
  ['batches', 'batches', () => ({ name: 'Rolls', equipment_ids: [oven] })],
  ['alert-rules', 'alert_rules', () => ({ name: 'Silent', kind: 'no_data', severity: 'info' })],
  ['notification-channels', 'notification_channels', () => ({ kind: 'webhook', url: 'https://hooks.example' })],
  ['api-keys', 'api_keys', () => ({ name: 'Dashboard' })],
] as const

describe('a POST with an Idempotency-Key', () => {
  it.each(creations)('to %s makes one thing and gives its answer again', async (route, table, body) => {
    const [before, audited] = [await count(table), await count('audit_log')]
    const first = await send(route, body())
    expect([first.status, replayed(first)]).toEqual([201, undefined])
    const again = await send(route, body())
    expect([again.status, replayed(again)]).toEqual([201, 'true'])
    expect(again.body).toEqual(first.body)
    for (const name of ['location', 'etag']) expect(again.headers[name]).toEqual(first.headers[name])
    expect(await count(table)).toBe(before + 1)
    expect(await count('audit_log')).toBe(audited + 1)
  })

  it('is what every POST takes that makes something or steers a machine, and no other', () => {
    const paths: Record<string, Record<string, { parameters?: { name: string }[]; responses: object }>> = rig.openapi
      .paths
    const posts = Object.entries(paths).flatMap(([path, { post }]) => (post ? [{ path, ...post }] : []))
    const takes = posts.filter(({ parameters = [] }) => parameters.some(({ name }) => name === 'Idempotency-Key'))
    const steers = '/api/v1/equipment/{id}/commands'
    expect(takes.map(({ path }) => path)).toEqual(
      posts.filter(({ path, responses }) => '201' in responses || path === steers).map(({ path }) => path),
    )
    expect(takes.map(({ path }) => path).sort()).toEqual(
      expect.arrayContaining(creations.map(([route]) => `/api/v1/${route}`).sort()),
    )
  })

  it.each([
    ['the same in another order', { metadata: { b: 2, a: 1 }, type: 'deck_oven', name: 'Oven' }, 201],
    ['another name', { ...machine, name: 'Other' }, 422],
    ['one field less', { name: 'Oven', type: 'deck_oven' }, 422],
    ['another value inside', { ...machine, metadata: { a: 2, b: 2 } }, 422],
  ] as const)('and a body that says %s', async (_name, body, status) => {
    await send('equipment', machine)
    const before = await count('equipment')
    const answer = await send('equipment', body)
    expect(answer.status).toBe(status)
    if (status === 422) expectProblem(answer, 'KEY_REUSED')
    expect(await count('equipment')).toBe(before)
  })

  it('is another request on another route and with another API key', async () => {
    const { body: other } = await send('api-keys', { name: 'Other', access: 'admin' }, {})
    const made = [
      await send('equipment', machine),
      await send('alert-rules', { name: 'Silent', kind: 'no_data', severity: 'info' }),
      await rig.call('POST', '/api/v1/equipment', {
        body: machine,
        key: other.key,
        headers: { 'idempotency-key': key },
      }),
    ]
    expect(made.map((answer) => [answer.status, replayed(answer)])).toEqual(made.map(() => [201, undefined]))
    expect(made[2]?.body.id).not.toBe(made[0]?.body.id)
  })

  it('that was refused is refused again, whatever has become possible meanwhile', async () => {
    const id = crypto.randomUUID()
    const body = { id, name: 'Rolls', equipment_ids: [oven] }
    await send('batches', body, {})
    expectProblem(await send('batches', body), 'CONFLICT')
    await rig.database.bulk`delete from batches where id = ${id}`
    const again = await send('batches', body)
    expectProblem(again, 'CONFLICT')
    expect(replayed(again)).toBe('true')
    expect((await send('batches', body, {})).status).toBe(201)
  })

  it('whose body was refused may be sent with a better one', async () => {
    expectProblem(await send('equipment', { ...machine, type: 'toaster' }), 'CONFIG_INVALID')
    expect((await send('equipment', machine)).status).toBe(201)
  })

  it('that failed inside made nothing, and may be sent again', async () => {
    const sql = rig.database.bulk
    const before = await count('equipment')
    await sql`alter table audit_log add constraint never check (action <> 'equipment.created') not valid`
    expectProblem(await send('equipment', machine), 'INTERNAL')
    expect(await count('equipment')).toBe(before)
    await sql`alter table audit_log drop constraint never`
    const again = await send('equipment', machine)
    expect([again.status, replayed(again)]).toEqual([201, undefined])
    expect(await count('equipment')).toBe(before + 1)
  })

  it('after a day is a new request', async () => {
    const { body } = await send('equipment', machine)
    await rig.database.bulk`update idempotency_keys set created_at = now() - interval '25 hours' where key = ${key}`
    const again = await send('equipment', { ...machine, name: 'A day later' })
    expect([again.status, replayed(again)]).toEqual([201, undefined])
    expect(again.body.id).not.toBe(body.id)
    expect(replayed(await send('equipment', { ...machine, name: 'A day later' }))).toBe('true')
  })
})

describe('two requests with one key', () => {
  it('at the same time, at two servers, make one thing', async () => {
    const other = await createHttpServer(rig.dependencies)
    onTestFinished(() => other.close())
    // Connections that are open already: while they are being opened the requests would take turns.
    await Promise.all(Array.from({ length: 10 }, () => rig.database.db.execute('select pg_sleep(0.1)')))
    const before = await count('equipment')
    const headers = { authorization: `Bearer ${rig.adminKey}`, 'idempotency-key': key }
    const sent = Array.from({ length: 12 }, (_, index) =>
      (index % 2 === 0 ? rig.app : other).inject({
        method: 'POST',
        url: '/api/v1/equipment',
        headers,
        payload: machine,
      }),
    )
    const statuses = (await Promise.all(sent)).map(({ statusCode }) => statusCode)
    expect(new Set(statuses)).not.toContain(500)
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true)
    expect(await count('equipment')).toBe(before + 1)
    expect(replayed(await send('equipment', machine))).toBe('true')
  })

  it('are told to wait while the first is under way, and it is lost with the connection that makes it', async () => {
    const sql = rig.database.bulk
    const before = await count('equipment')
    const blocker = await sql.reserve()
    await blocker`begin`
    await blocker`lock table audit_log in access exclusive mode`
    const first = send('equipment', machine)
    const waiting = () => sql`
      select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into "audit_log"%'`
    await expect.poll(async () => (await waiting()).length, soon).toBe(1)
    const meanwhile = await send('equipment', machine)
    expectProblem(meanwhile, 'IN_PROGRESS')
    expect(meanwhile.headers['retry-after']).toBe('1')
    for (const { pid } of await waiting()) await sql`select pg_terminate_backend(${pid})`
    expectProblem(await first, 'UNAVAILABLE')
    await blocker`rollback`
    blocker.release()
    expect(await count('equipment')).toBe(before)
    expect((await send('equipment', machine)).status).toBe(201)
    expect(await count('equipment')).toBe(before + 1)
  })
})

describe('the key itself', () => {
  it.each([
    ['quoted', () => `"${key}"`],
    ['plain', () => key],
  ])('may come %s', async (_name, form) => {
    await send('equipment', machine)
    expect(replayed(await send('equipment', machine, { 'idempotency-key': form() }))).toBe('true')
  })

  it('may have 255 characters, and quotes inside quotes', async () => {
    expect((await send('equipment', machine, { 'idempotency-key': key.padEnd(255, '~') })).status).toBe(201)
    expect((await send('equipment', machine, { 'idempotency-key': `"${key}\\"\\\\"` })).status).toBe(201)
    expect(replayed(await send('equipment', machine, { 'idempotency-key': `${key}"\\` }))).toBe('true')
  })

  it.each([
    ['nothing', ''],
    ['empty quotes', '""'],
    ['256 characters', 'x'.repeat(256)],
    ['256 characters in quotes', `"${'x'.repeat(256)}"`],
    ['a blank', 'a b'],
    ['two keys', 'a, b'],
    ['a letter beyond ASCII', 'caf\u00e9'],
    ['an open quote', '"abc'],
    ['a parameter', '"abc";x=1'],
  ])('is refused with %s', async (_name, given) => {
    const answer = await send('equipment', machine, { 'idempotency-key': given })
    expect(expectProblem(answer, 'REQUEST_MALFORMED')).toEqual(['Idempotency-Key'])
  })
})

describe('a kept answer', () => {
  it('is nowhere in clear, and shows its secret to nobody else', async () => {
    const body = { name: 'Gateway', access: 'write' }
    const made = await send('api-keys', body)
    const [row] = await rig.database
      .bulk`select answer, idempotency_keys::text from idempotency_keys where key = ${key}`
    expect(row?.['answer'].toString('latin1')).not.toContain(made.body.key)
    expect(row?.['answer'].toString('latin1')).not.toContain('Gateway')
    const { body: other } = await send('api-keys', { name: 'Other', access: 'admin' }, {})
    const theirs = await rig.call('POST', '/api/v1/api-keys', {
      body,
      key: other.key,
      headers: { 'idempotency-key': key },
    })
    expect(theirs.text).not.toContain(made.body.key)
  })

  it('that is copied to another key is not given', async () => {
    await send('api-keys', { name: 'Gateway' })
    const stolen = crypto.randomUUID()
    await rig.database.bulk`
      insert into idempotency_keys select caller, route, ${stolen}, answer from idempotency_keys where key = ${key}`
    expectProblem(await send('api-keys', { name: 'Gateway' }, { 'idempotency-key': stolen }), 'CONFLICT')
  })
})
