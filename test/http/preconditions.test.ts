import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { soon } from '../setup/soon.ts'
import { freePort, modbusBody } from './configurations.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard' })
})
afterAll(() => rig.stop())

const add = async (route: string, body: object) => `${route}/${(await call('POST', route, { body })).body.id}`
const call = (method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE', url: string, options: object = {}) =>
  rig.call(method, `/api/v1/${url}`, options)
const tagOf = async (url: string) => String((await call('GET', url)).headers['etag'])
const ifMatch = (tag: string) => ({ headers: { 'if-match': tag } })

/** Everything that can be changed: where it is, two changes, and whether it can be deleted. */
const resources = [
  {
    name: 'a machine',
    url: () => add('equipment', { name: 'Oven', type: 'deck_oven' }),
    changes: [{ name: 'Oven 1' }, { name: 'Oven 2' }],
    isDeletable: true,
  },
  {
    name: 'an alert rule',
    url: () => add('alert-rules', { name: 'Silent', kind: 'no_data', severity: 'info' }),
    changes: [{ severity: 'warning' }, { severity: 'critical' }],
    isDeletable: true,
  },
  {
    name: 'a notification channel',
    url: () => add('notification-channels', { kind: 'webhook', url: 'https://hooks.example' }),
    changes: [{ enabled: false }, { enabled: true }],
    isDeletable: true,
  },
  {
    name: 'a batch',
    url: async () => add('batches', { name: 'Rolls', equipment_ids: [await rig.machine()] }),
    changes: [{ name: 'Buns' }, { name: 'Bread' }],
    isDeletable: false,
  },
] as const

describe.each(resources)('$name', ({ url: make, changes: [first, second], isDeletable }) => {
  it('has a tag that moves with each change, and with nothing else', async () => {
    const url = await make()
    const tag = await tagOf(url)
    expect(tag).toMatch(/^"[^"]+"$/)
    expect(await tagOf(url)).toBe(tag)
    const changed = await call('PATCH', url, { body: first })
    expect(changed.status).toBe(200)
    expect(changed.headers['etag']).not.toBe(tag)
    expect(await tagOf(url)).toBe(changed.headers['etag'])
    const added = await call('POST', url.split('/')[0] ?? '', { body: {} })
    expect(added.headers['etag']).toBeUndefined()
  })

  it('is changed only while it is as it was read', async () => {
    const url = await make()
    const tag = await tagOf(url)
    const { headers } = await call('PATCH', url, { body: first, ...ifMatch(tag) })
    const shown = (await call('GET', url)).body
    const stale = await call('PATCH', url, { body: second, ...ifMatch(tag) })
    expectProblem(stale, 'PRECONDITION_FAILED')
    if (isDeletable) expectProblem(await call('DELETE', url, ifMatch(tag)), 'PRECONDITION_FAILED')
    expect((await call('GET', url)).body).toEqual(shown)
    expect((await call('PATCH', url, { body: second, ...ifMatch(String(headers['etag'])) })).status).toBe(200)
    if (isDeletable) expect((await call('DELETE', url, ifMatch(await tagOf(url)))).status).toBe(204)
  })

  it('that many change at once by one tag is changed once', async () => {
    const url = await make()
    // Connections that are open already: while they are being opened the changes would take turns.
    await Promise.all(Array.from({ length: 10 }, () => rig.database.db.execute('select pg_sleep(0.1)')))
    const options = ifMatch(await tagOf(url))
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => call('PATCH', url, { body: index % 2 ? first : second, ...options })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 412)])
  })

  it('is not shown again to whom it is known', async () => {
    const url = await make()
    const tag = await tagOf(url)
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      for (const method of ['GET', 'HEAD'] as const) {
        const { status, text, headers } = await call(method, url, { headers: { 'if-none-match': known } })
        expect({ status, text, tag: headers['etag'] }).toEqual({ status: 304, text: '', tag })
        expect(headers['content-type']).toBeUndefined()
      }
    }
    expect((await call('GET', url, { headers: { 'if-none-match': '"x"' } })).status).toBe(200)
    await call('PATCH', url, { body: first })
    expect((await call('GET', url, { headers: { 'if-none-match': tag } })).status).toBe(200)
  })

  it('is told its tag when it is made', async () => {
    const url = await make()
    const [route = ''] = url.split('/')
    const { id: _, created_at: _c, updated_at: _u, recent_messages: _r, ...rest } = (await call('GET', url)).body
    const made = await call('POST', route, { body: forPost(route, rest) })
    expect(made.headers['etag']).toBe(await tagOf(`${route}/${made.body.id}`))
  })
})

/** What was shown, as it may be sent. */
function forPost(route: string, record: Record<string, unknown>): object {
  if (route === 'equipment') return { name: record['name'], type: record['type'] }
  if (route === 'batches') return { name: record['name'], equipment_ids: record['equipment_ids'] }
  if (route === 'notification-channels') return { kind: 'webhook', url: 'https://hooks.example' }
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null))
}

describe('If-Match', () => {
  const change = async (header: (tag: string) => string) => {
    const url = await add('equipment', { name: 'Oven', type: 'deck_oven' })
    const tag = await tagOf(url)
    return call('PATCH', url, { body: { name: 'Oven 1' }, ...ifMatch(header(tag)) })
  }

  it.each([
    ['*', () => '*'],
    ['a list with the tag', (tag: string) => `"a", ${tag},"b"`],
    ['a list with empty places', (tag: string) => `, ,${tag} ,`],
    ['a weak tag before the tag', (tag: string) => `W/"a", ${tag}`],
  ])('that is %s holds', async (_name, header) => {
    expect((await change(header)).status).toBe(200)
  })

  it.each([
    ['another tag', () => '"a"'],
    ['the tag, but weak', (tag: string) => `W/${tag}`],
    ['an empty tag', () => '""'],
    ['a tag within another', (tag: string) => `"a${tag.slice(1)}`],
    ['a comma within a tag', (tag: string) => `"a,${tag.slice(1)}`],
  ])('that is %s does not hold', async (_name, header) => {
    expectProblem(await change(header), 'PRECONDITION_FAILED')
  })

  it.each([
    ['nothing', () => ''],
    ['a tag without quotes', (tag: string) => tag.slice(1, -1)],
    ['a tag with one quote', (tag: string) => tag.slice(1)],
    ['* among others', (tag: string) => `*, ${tag}`],
    ['a lower-case weak tag', (tag: string) => `w/${tag}`],
    ['two tags without a comma', (tag: string) => `${tag} ${tag}`],
    ['20,000 commas and no end', () => `${','.repeat(10_000)} "`],
  ])('that is %s is malformed', async (_name, header) => {
    expect(expectProblem(await change(header), 'REQUEST_MALFORMED')).toEqual(['If-Match'])
  })

  it('of what does not exist does not bring it into being', async () => {
    const url = `equipment/${crypto.randomUUID()}`
    expectProblem(await call('PATCH', url, { body: { name: 'x' }, ...ifMatch('*') }), 'NOT_FOUND')
    expectProblem(await call('DELETE', url, ifMatch('*')), 'NOT_FOUND')
  })

  it('counts also for a change that changes nothing', async () => {
    const url = await add('equipment', { name: 'Oven', type: 'deck_oven' })
    const rule = await add('alert-rules', { name: 'Silent', kind: 'no_data', severity: 'info' })
    for (const each of [url, rule]) {
      expectProblem(await call('PATCH', each, { body: {}, ...ifMatch('"a"') }), 'PRECONDITION_FAILED')
      expect((await call('PATCH', each, { body: {} })).headers['etag']).toBe(await tagOf(each))
    }
  })
})

describe('If-None-Match', () => {
  it('that cannot be read is malformed', async () => {
    const url = await add('equipment', { name: 'Oven', type: 'deck_oven' })
    const answer = await call('GET', url, { headers: { 'if-none-match': 'a' } })
    expect(expectProblem(answer, 'REQUEST_MALFORMED')).toEqual(['If-None-Match'])
  })

  it('is passed over by what has no tag', async () => {
    expect((await call('GET', 'equipment', { headers: { 'if-none-match': '*' } })).status).toBe(200)
  })
})

describe('the configuration of a machine', () => {
  const setUp = async () => {
    const id = await rig.machine()
    const body = modbusBody(await freePort(), { poll_interval_seconds: 3_600 })
    const configure = (headers: object, changes: object = {}) =>
      call('POST', `equipment/${id}/iot-config`, { body: { ...body, ...changes }, headers })
    return { machine: `equipment/${id}`, url: `equipment/${id}/iot-config`, id, configure }
  }

  it('has the tag that its POST told, and is replaced and forgotten only as it was read', async () => {
    const { url, configure } = await setUp()
    const stored = await configure({})
    const tag = String(stored.headers['etag'])
    expect(await tagOf(url)).toBe(tag)
    const changed = await configure({ 'if-match': tag }, { poll_interval_seconds: 1_800 })
    expect(changed.status).toBe(200)
    expect(changed.headers['etag']).not.toBe(tag)
    expectProblem(await configure({ 'if-match': tag }), 'PRECONDITION_FAILED')
    expectProblem(await call('DELETE', url, ifMatch(tag)), 'PRECONDITION_FAILED')
    expect((await call('GET', url)).body.poll_interval_seconds).toBe(1_800)
    expect((await call('GET', url, { headers: { 'if-none-match': changed.headers['etag'] } })).status).toBe(304)
    expect((await call('DELETE', url, ifMatch(String(changed.headers['etag'])))).status).toBe(204)
  })

  it('that is not there matches nothing, and If-None-Match: * stores only the first', async () => {
    const { url, machine, configure } = await setUp()
    expectProblem(await configure({ 'if-match': '*' }), 'PRECONDITION_FAILED')
    expectProblem(await configure({ 'if-match': await tagOf(machine) }), 'PRECONDITION_FAILED')
    expectProblem(await call('GET', url), 'NOT_FOUND')
    expect((await configure({ 'if-none-match': '*' })).status).toBe(200)
    expectProblem(await configure({ 'if-none-match': '*' }), 'PRECONDITION_FAILED')
    expect((await configure({ 'if-match': '*' })).status).toBe(200)
  })

  it('that is stored by two at once by one tag is stored once', async () => {
    const { configure } = await setUp()
    const tag = String((await configure({})).headers['etag'])
    const answers = await Promise.all(
      [1_000, 2_000].map((seconds) => configure({ 'if-match': tag }, { poll_interval_seconds: seconds })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
  })

  it('keeps its tag whatever becomes of the connection', async () => {
    const { id, machine, url, configure } = await setUp()
    const tag = String((await configure({})).headers['etag'])
    const status = async () => (await call('GET', machine)).body.iot_connection_status
    await expect.poll(status, soon).toBe('disconnected')
    await rig.database.bulk`update equipment set iot_last_connected = now() where id = ${id}`
    expect([await tagOf(machine), await tagOf(url)]).toEqual([tag, tag])
  })
})

it('a batch has another tag once one of its machines is gone', async () => {
  const [kept, gone] = [await rig.machine(), await rig.machine()]
  const url = await add('batches', { name: 'Rolls', equipment_ids: [kept, gone] })
  const tag = await tagOf(url)
  await call('DELETE', `equipment/${gone}`)
  expect(await tagOf(url)).not.toBe(tag)
  expectProblem(await call('PATCH', url, { body: { name: 'Buns' }, ...ifMatch(tag) }), 'PRECONDITION_FAILED')
})
