import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { limits } from '#core'
import { expectProblem } from './expect-problem.ts'
import { type CallOptions, type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig()
})
afterAll(() => rig.stop())

const machine = { name: 'Oven', type: 'deck_oven' }
const add = (options: CallOptions) => rig.call('POST', '/api/v1/equipment', options)
const withMetadata = (json: string) => `{"name":"Oven","type":"deck_oven","metadata":{"a":${json}}}`

describe('a body', () => {
  it.each([
    ['that is missing', {}],
    ['that is empty', { body: '' }],
    ['that is null', { body: 'null' }],
    ['that is an array', { body: '[]' }],
    ['that is a text', { body: '"x"' }],
    ['that is a number', { body: '5' }],
    ['that is truncated', { body: '{"name":"Oven",' }],
    ['with a byte order mark', { body: `\ufeff${JSON.stringify(machine)}` }],
    ['with a trailing comma', { body: '{"name":"Oven","type":"deck_oven",}' }],
    ['with a comment', { body: '{"name":"Oven"/**/,"type":"deck_oven"}' }],
    ['that is not UTF-8', { body: Buffer.from('{"name":"\xd6fen","type":"deck_oven"}', 'latin1') }],
    ['in UTF-16', { body: Buffer.from(JSON.stringify(machine), 'utf16le') }],
  ])('%s is malformed', async (_name, options) => {
    expectProblem(await add(options), 'REQUEST_MALFORMED')
  })

  it.each([
    ['a doubled name', '{"b":1,"b":2}', 'metadata.a.b'],
    ['NaN', 'NaN', 'metadata.a'],
    ['Infinity', 'Infinity', 'metadata.a'],
    ['1e400', '1e400', 'metadata.a'],
    ['1e-400', '1e-400', 'metadata.a'],
    ['2^53 + 1', '9007199254740993', 'metadata.a'],
    ['a number of 1000 digits', '7'.repeat(1_000), 'metadata.a'],
    ['__proto__', '{"__proto__":{"admin":true}}', 'metadata.a.__proto__'],
    ['constructor.prototype', '{"constructor":{"prototype":{"admin":true}}}', 'metadata.a.constructor'],
    ['half a surrogate pair', '"\\ud800"', 'metadata.a'],
    ['NUL', '"x\\u0000y"', 'metadata.a'],
  ])('with %s is malformed, and the place is named', async (_name, json, path) => {
    expect(expectProblem(await add({ body: withMetadata(json) }), 'REQUEST_MALFORMED')).toEqual([path])
  })

  it.each([
    ['200,000 arrays in each other', withMetadata('['.repeat(200_000) + ']'.repeat(200_000))],
    ['200,000 objects in each other', `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`],
    ['a name of nearly 1 MB', `{"${'k'.repeat(1_000_000)}":1}`],
    ['100,000 names', `{${Array.from({ length: 90_000 }, (_, index) => `"k${index}":1`).join(',')}}`],
  ])('with %s is malformed', async (_name, body) => {
    expectProblem(await add({ body }), 'REQUEST_MALFORMED')
  })

  it('with 10,000 faults is not answered at the same length', async () => {
    const unknown = Array.from({ length: 10_000 }, (_, index) => [`${'x'.repeat(80)}${index}`, 1])
    const answer = await add({ body: { ...machine, ...Object.fromEntries(unknown), ['y'.repeat(10_000)]: 1 } })
    expect(expectProblem(answer, 'REQUEST_MALFORMED')).toHaveLength(100)
    expect(answer.text.length).toBeLessThan(20_000)
    const long = await add({ body: { ...machine, ['y'.repeat(10_000)]: 1 } })
    expectProblem(long, 'REQUEST_MALFORMED')
    expect(long.text.length).toBeLessThan(2_000)
  })

  it('keeps -0 as 0', async () => {
    const { status, body } = await add({ body: withMetadata('-0') })
    expect({ status, metadata: body.metadata }).toEqual({ status: 201, metadata: { a: 0 } })
  })

  it('larger than the limit is too large', async () => {
    expectProblem(await add({ body: withMetadata(`"${'x'.repeat(limits.bodyBytesMax)}"`) }), 'BODY_TOO_LARGE')
  })

  it('of a million names is too large', async () => {
    const body = `{${Array.from({ length: 1_000_000 }, (_, index) => `"k${index}":1`).join(',')}}`
    expectProblem(await add({ body }), 'BODY_TOO_LARGE')
  })

  it('with 10,000 ids is refused without looking for them', async () => {
    const equipment_ids = Array.from({ length: 10_000 }, () => randomUUID())
    const answer = await rig.call('POST', '/api/v1/batches', { body: { name: 'Rolls', equipment_ids } })
    expect(expectProblem(answer, 'CONFIG_INVALID')).toEqual(['equipment_ids'])
  })

  it('with an unknown field is malformed, whatever the field is called', async () => {
    const fields = ['id', 'tenant_id', 'iot_credentials', 'firmware_version', 'supports_humidity', 'iot_enabled']
    for (const field of fields) {
      expect(expectProblem(await add({ body: { ...machine, [field]: 1 } }), 'REQUEST_MALFORMED')).toEqual([field])
    }
  })

  it('is never converted', async () => {
    for (const name of [5, true, null, ['Oven'], { text: 'Oven' }]) {
      expect(expectProblem(await add({ body: { ...machine, name } }), 'REQUEST_MALFORMED')).toEqual(['name'])
    }
  })
})

describe('text', () => {
  it.each([
    ['right to left', '\u202eneVO'],
    ['zero width', 'O\u200bven\u2060'],
    ['homoglyphs', 'Оvеn'],
    ['emoji of several code points', '👩🏽‍🍳 🔥'],
    ['beyond the basic plane', '𠮷野家'],
    ['composed', 'Caf\u00e9'],
    ['decomposed', 'Cafe\u0301'],
    ['SQL', "'; drop table equipment; --"],
    ['HTML', '<img src=x onerror=alert(1)>'],
    ['a template', '{{7*7}} #{7*7} <%= 7*7 %>'],
    ['a formula', '=HYPERLINK("http://evil.example")'],
  ])('that is %s comes back as it was sent', async (_name, name) => {
    const { body } = await add({ body: { ...machine, name } })
    expect((await rig.call('GET', `/api/v1/equipment/${body.id}`)).body.name).toBe(name)
  })

  it.each([
    ['line breaks', 'Oven\r\nBcc: all@example'],
    ['a bell', 'Oven\u0007'],
    ['blanks only', '   '],
    ['nothing', ''],
    ['201 characters', 'x'.repeat(201)],
  ])('with %s is no name', async (_name, name) => {
    expect(expectProblem(await add({ body: { ...machine, name } }), 'CONFIG_INVALID')).toContain('name')
  })
})

describe('a media type', () => {
  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/json garbage'],
    ['application/json, text/plain'],
    ['application/json; charset=utf-16'],
    ['application/json; charset=utf-7'],
    ['application/json;charset=utf-8;charset=utf-16'],
    ['application/json; profile=x'],
    ['application/problem+json'],
    ['application/jsonp'],
    ['application\t/json'],
    ['x'],
  ])('%s is not supported', async (type) => {
    expectProblem(await add({ body: machine, headers: { 'content-type': type } }), 'MEDIA_TYPE_UNSUPPORTED')
  })

  it.each([
    ['application/json'],
    ['Application/JSON'],
    ['application/json; charset=utf-8'],
    ['application/json;charset="UTF-8"'],
  ])('%s is supported', async (type) => {
    expect((await add({ body: machine, headers: { 'content-type': type } })).status).toBe(201)
  })

  it('that is missing is not supported', async () => {
    const response = await rig.app.inject({
      method: 'POST',
      url: '/api/v1/equipment',
      headers: { authorization: `Bearer ${rig.adminKey}`, 'content-length': '2' },
      payload: Buffer.from('{}'),
    })
    expect(response.json()).toMatchObject({ code: 'MEDIA_TYPE_UNSUPPORTED' })
  })

  it.each([['gzip'], ['gzip, gzip'], ['br'], ['identity']])('encoded as %s is not supported', async (encoding) => {
    const bomb = gzipSync(Buffer.alloc(10_000_000))
    expectProblem(await add({ body: bomb, headers: { 'content-encoding': encoding } }), 'MEDIA_TYPE_UNSUPPORTED')
  })
})

describe('an address', () => {
  it.each([
    ['..%2f', '/api/v1/equipment/..%2f..%2fapi-keys'],
    ['NUL', '/api/v1/equipment/%00'],
    ['two slashes', '//api/v1/equipment'],
    ['two slashes inside', '/api/v1//equipment'],
    ['a trailing slash', '/api/v1/equipment/'],
    ['a backslash', '/api/v1/equipment/%5c..%5c'],
    ['a semicolon', '/api/v1/equipment;a=b'],
    ['an id of 10 KB', `/api/v1/equipment/${'a'.repeat(10_000)}`],
    ['an id that is a word', '/api/v1/equipment/none'],
    ['an id in braces', `/api/v1/equipment/%7B${randomUUID()}%7D`],
    ['an id without dashes', `/api/v1/equipment/${randomUUID().replaceAll('-', '')}`],
    ['an id and more', `/api/v1/equipment/${randomUUID()}'`],
    ['a broken percent sign', '/api/v1/equipment/%'],
    ['bytes that are no UTF-8', '/api/v1/equipment/%ff'],
    ['another case', '/API/v1/equipment'],
    ['nothing known', '/api/v2/equipment'],
  ])('with %s leads nowhere', async (_name, url) => {
    expectProblem(await rig.call('GET', url), 'NOT_FOUND')
  })

  it('with an unknown id and one with an impossible id answer the same', async () => {
    const [unknown, impossible] = await Promise.all(
      [randomUUID(), '1'].map((id) => rig.call('GET', `/api/v1/equipment/${id}`)),
    )
    expect({ ...unknown?.body, request_id: '' }).toEqual({ ...impossible?.body, request_id: '' })
  })

  it('takes an id in upper case', async () => {
    const id = await rig.machine()
    expect((await rig.call('GET', `/api/v1/equipment/${id.toUpperCase()}`)).body.id).toBe(id)
    expect((await rig.call('GET', `/api/v1/equipment/${id.toUpperCase()}/realtime-data`)).body.equipment_id).toBe(id)
  })

  it.each(['PUT', 'OPTIONS', 'DELETE'] as const)(
    'with the method %s that it does not have leads nowhere',
    async (method) => {
      expectProblem(await rig.call(method, '/api/v1/equipment'), 'NOT_FOUND')
    },
  )

  it('is not changed by headers that claim another host, address or method', async () => {
    const id = await rig.machine()
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-for': '127.0.0.1',
      'x-original-url': '/health/live',
      'x-http-method-override': 'DELETE',
    }
    const { status, text } = await rig.call('GET', `/api/v1/equipment/${id}`, { headers })
    expect(status).toBe(200)
    expect(text).not.toContain('evil.example')
    expect((await rig.call('GET', `/api/v1/equipment/${id}`)).status).toBe(200)
    expectProblem(await rig.call('GET', '/api/v1/equipment', { headers, key: null }), 'UNAUTHENTICATED')
  })
})

describe('a query', () => {
  it.each([
    ['a repeated parameter', 'limit=1&limit=2', 'limit'],
    ['a parameter in brackets', 'limit[]=1', 'limit[]'],
    ['a nested parameter', 'limit[a]=1', 'limit[a]'],
    ['an unknown parameter', 'sort=name', 'sort'],
    ['a word for a number', 'limit=abc', 'limit'],
    ['nothing for a number', 'limit=', 'limit'],
    ['a fraction', 'limit=1.5', 'limit'],
    ['an exponent', 'limit=1e1', 'limit'],
    ['hexadecimal', 'limit=0x10', 'limit'],
    ['a blank', 'limit=+1', 'limit'],
    ['NUL', 'cursor=%00', 'cursor'],
    ['no UTF-8', 'cursor=%ff', 'cursor'],
  ])('with %s is malformed', async (_name, query, path) => {
    expect(expectProblem(await rig.call('GET', `/api/v1/equipment?${query}`), 'REQUEST_MALFORMED')).toEqual([path])
  })

  it.each([['0'], ['-1'], ['501'], ['1000000000']])('with limit %s is refused', async (limit) => {
    expect(expectProblem(await rig.call('GET', `/api/v1/equipment?limit=${limit}`), 'CONFIG_INVALID')).toEqual([
      'limit',
    ])
  })

  it.each([
    ['no base64', '%2F%2F%2F'],
    ['no JSON', Buffer.from('x').toString('base64url')],
    ['another shape', Buffer.from('{"a":1}').toString('base64url')],
    ['an id that is none', Buffer.from('[1,"a"]').toString('base64url')],
    ['an id of another kind', Buffer.from('[1,"123"]').toString('base64url')],
    ['SQL', Buffer.from('[1,"\'; drop table equipment"]').toString('base64url')],
    ['a time beyond all calendars', Buffer.from(`[8640000000000000,"${randomUUID()}"]`).toString('base64url')],
    ['a negative time', Buffer.from(`[-1,"${randomUUID()}"]`).toString('base64url')],
  ])('with a cursor that holds %s is malformed', async (_name, cursor) => {
    const lists = [
      'equipment',
      'equipment/iot-alerts',
      'alert-rules',
      'notification-channels',
      'api-keys',
      'connectors',
    ]
    for (const list of lists) {
      expectProblem(await rig.call('GET', `/api/v1/${list}?cursor=${cursor}`), 'REQUEST_MALFORMED')
    }
  })

  it('of 10,000 parameters does no harm', async () => {
    const query = Array.from({ length: 10_000 }, (_, index) => `p${index}`).join('&')
    expectProblem(await rig.call('GET', `/api/v1/equipment?${query}`), 'REQUEST_MALFORMED')
  })

  it('is refused where there is none to give', async () => {
    expectProblem(await rig.call('GET', `/api/v1/equipment/${randomUUID()}?admin=true`), 'REQUEST_MALFORMED')
    expectProblem(await rig.call('POST', '/api/v1/equipment?dry_run=true', { body: machine }), 'REQUEST_MALFORMED')
  })
})
