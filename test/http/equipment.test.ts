import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type Answer, type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig()
})
afterAll(() => rig.stop())

const full = {
  name: 'Deck oven 1',
  type: 'deck_oven',
  site: 'Main street',
  location: 'Ground floor',
  manufacturer: 'Wachtel',
  model: 'Infra',
  serial_number: 'W-1',
  installed_on: '2024-02-29',
  metadata: { decks: 4, inventory: { code: 'A-1', tags: ['hot', null, true] } },
}

const add = (body: object) => rig.call('POST', '/api/v1/equipment', { body })

describe('a machine', () => {
  it('comes back as it was added', async () => {
    const added = await add(full)
    expect(added.status).toBe(201)
    expect(added.headers['location']).toBe(`/api/v1/equipment/${added.body.id}`)
    expect(added.body).toMatchObject({
      ...full,
      iot_enabled: false,
      iot_protocol: null,
      iot_connection_status: 'unconfigured',
      iot_connection_error: null,
      iot_last_connected: null,
      supports_realtime: true,
      poll_interval_seconds: 30,
      firmware_version: null,
      temperature_zones: 0,
      supports_humidity: false,
      supports_energy_monitoring: false,
      supports_remote_control: false,
    })
    expect(added.body).not.toHaveProperty('iot_credentials')
    expect((await rig.call('GET', `/api/v1/equipment/${added.body.id}`)).body).toEqual(added.body)
  })

  it('needs no more than a name and a type', async () => {
    const { status, body } = await add({ name: 'Mixer', type: 'mixer' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ site: null, installed_on: null, metadata: {} })
  })

  it.each([
    ['no name', { name: undefined }, 'REQUEST_MALFORMED', 'name'],
    ['no type', { type: undefined }, 'REQUEST_MALFORMED', 'type'],
    ['an unknown type', { type: 'toaster' }, 'CONFIG_INVALID', 'type'],
    ['a site of 201 characters', { site: 'x'.repeat(201) }, 'CONFIG_INVALID', 'site'],
    ['a day that does not exist', { installed_on: '2025-02-29' }, 'CONFIG_INVALID', 'installed_on'],
    ['a day in another form', { installed_on: '29.02.2024' }, 'CONFIG_INVALID', 'installed_on'],
    ['a time instead of a day', { installed_on: '2024-02-29T00:00:00Z' }, 'CONFIG_INVALID', 'installed_on'],
    ['the year 0', { installed_on: '0000-01-01' }, 'CONFIG_INVALID', 'installed_on'],
    ['metadata that are a list', { metadata: [] }, 'REQUEST_MALFORMED', 'metadata'],
    ['metadata of more than 16 KB', { metadata: { a: 'x'.repeat(16_385) } }, 'CONFIG_INVALID', 'metadata'],
    [
      'metadata of more than 16 KB in few characters',
      { metadata: { a: '€'.repeat(5_500) } },
      'CONFIG_INVALID',
      'metadata',
    ],
  ] as const)('with %s is refused', async (_name, change, code, path) => {
    expect(expectProblem(await add({ ...full, ...change }), code)).toContain(path)
  })

  it('is told every fault at once', async () => {
    const paths = expectProblem(
      await add({ name: '', type: 'x', installed_on: 'y', colour: 'red' }),
      'REQUEST_MALFORMED',
    )
    expect(new Set(paths)).toEqual(new Set(['name', 'type', 'installed_on', 'colour']))
  })

  it('is changed field by field', async () => {
    const { body: before } = await add(full)
    const change = { name: 'Deck oven 2', location: null, metadata: {} }
    const { status, body } = await rig.call('PATCH', `/api/v1/equipment/${before.id}`, { body: change })
    expect(status).toBe(200)
    expect(body).toEqual({ ...before, ...change, updated_at: body.updated_at })
    expect(body.updated_at > before.updated_at).toBe(true)
  })

  it('stays as it is when nothing is to change', async () => {
    const { body: before } = await add(full)
    expect((await rig.call('PATCH', `/api/v1/equipment/${before.id}`, { body: {} })).body).toEqual(before)
  })

  it.each([
    ['a name to null', { name: null }, 'REQUEST_MALFORMED', 'name'],
    ['what is derived', { temperature_zones: 3 }, 'REQUEST_MALFORMED', 'temperature_zones'],
    ['its connection', { iot_protocol: 'modbus' }, 'REQUEST_MALFORMED', 'iot_protocol'],
    ['a switch to a text', { iot_enabled: 'true' }, 'REQUEST_MALFORMED', 'iot_enabled'],
  ] as const)('refuses a change of %s', async (_name, body, code, path) => {
    const id = await rig.machine()
    expect(expectProblem(await rig.call('PATCH', `/api/v1/equipment/${id}`, { body }), code)).toEqual([path])
  })

  it('cannot be polled before it is configured', async () => {
    const id = await rig.machine()
    expectProblem(await rig.call('PATCH', `/api/v1/equipment/${id}`, { body: { iot_enabled: true } }), 'CONFLICT')
    const { body } = await rig.call('PATCH', `/api/v1/equipment/${id}`, { body: { iot_enabled: false } })
    expect(body).toMatchObject({ iot_enabled: false, iot_connection_status: 'unconfigured' })
  })

  it('is gone once deleted', async () => {
    const url = `/api/v1/equipment/${await rig.machine()}`
    const { status, text } = await rig.call('DELETE', url)
    expect({ status, text }).toEqual({ status: 204, text: '' })
    for (const method of ['GET', 'DELETE'] as const) expectProblem(await rig.call(method, url), 'NOT_FOUND')
    expectProblem(await rig.call('PATCH', url, { body: { name: 'x' } }), 'NOT_FOUND')
  })
})

describe('the list of machines', () => {
  it('is given page by page, none twice and none left out', async () => {
    const other = await startHttpRig()
    const names = Array.from({ length: 7 }, (_, index) => `Machine ${index}`)
    for (const name of names) await other.machine(name)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null && seen.length < 20) {
      const { body }: Answer = await other.call('GET', `/api/v1/equipment?limit=3${cursor && `&cursor=${cursor}`}`)
      seen.push(...body.items.map((item: { name: string }) => item.name))
      cursor = body.next_cursor
    }
    expect(seen.sort()).toEqual(names)
    await other.stop()
  })
})

describe('the audit log', () => {
  it('says who changed what, under the id of the request', async () => {
    const { body } = await rig.call('POST', '/api/v1/api-keys', { body: { name: 'Gateway', access: 'write' } })
    const created = await rig.call('POST', '/api/v1/equipment', { key: body.key, body: full })
    const { id } = created.body
    await rig.call('PATCH', `/api/v1/equipment/${id}`, { key: body.key, body: { name: 'Oven 9' } })
    await rig.call('DELETE', `/api/v1/equipment/${id}`, { key: body.key })
    const rows = await rig.database.bulk`select * from audit_log where subject_id = ${id} order by id`
    expect(rows.map(({ action, detail }) => [action, detail])).toEqual([
      ['equipment.created', { name: full.name, type: full.type }],
      ['equipment.changed', { name: 'Oven 9' }],
      ['equipment.deleted', { name: 'Oven 9' }],
    ])
    expect(new Set(rows.map(({ actor }) => actor))).toEqual(new Set([`Gateway (${body.prefix}…)`]))
    expect(rows[0]?.['request_id']).toBe(created.headers['x-request-id'])
  })

  it('says nothing of what was refused', async () => {
    const count = async () => (await rig.database.bulk`select count(*)::int as n from audit_log`)[0]?.['n']
    const before = await count()
    await add({ name: 'x', type: 'toaster' })
    await rig.call('DELETE', `/api/v1/equipment/${crypto.randomUUID()}`)
    expect(await count()).toBe(before)
  })
})
