import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
let id: string
beforeAll(async () => {
  rig = await startHttpRig()
  id = await rig.machine()
  await fill()
})
afterAll(() => rig.stop())

/** Of everything that is listed more than fits on one page, several at one and the same moment. */
async function fill(): Promise<void> {
  const sql = rig.database.bulk
  for (const name of ['One', 'Two', 'Three']) {
    await rig.machine(name)
    await rig.call('POST', '/api/v1/batches', { body: { name, equipment_ids: [id] } })
    await rig.call('POST', '/api/v1/alert-rules', { body: { name, kind: 'no_data', severity: 'info' } })
    await rig.call('POST', '/api/v1/notification-channels', { body: { kind: 'webhook', url: 'https://hooks.example' } })
    await rig.call('POST', '/api/v1/api-keys', { body: { name } })
  }
  for (const table of ['equipment', 'batches', 'alert_rules', 'notification_channels', 'api_keys']) {
    await sql`update ${sql(table)} set created_at = date_trunc('milliseconds', now())`
  }
  await sql`
    insert into equipment_iot_alerts (equipment_id, type, severity, title, message, raised_at, last_raised_at)
    select ${id}, 'connection_lost', 'info', 'T', 'M', date_trunc('milliseconds', now()), now() from generate_series(1, 4)`
  await sql`
    insert into equipment_connection_logs (equipment_id, event_type, connection_status)
    select ${id}, 'connected', 'connected' from generate_series(1, 4)`
  const reading = {
    equipmentId: id,
    sourceTime: null,
    values: { temperature: 4 },
    zones: null,
    additional: null,
    quality: null,
  }
  await rig.readings.write([1, 2, 3, 4].map((ago) => ({ ...reading, readingTime: Date.now() - ago * 1_000 })))
}

interface Parameter {
  readonly name: string
  readonly schema: { readonly maximum?: number }
}

interface Schema {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, object>>
}

interface List {
  readonly path: string
  readonly max: number
}

/** Every operation that is asked for with a cursor. */
function lists(): List[] {
  const operations = Object.entries(rig.openapi.paths) as [string, { get?: { parameters?: Parameter[] } }][]
  return operations.flatMap(([path, { get }]) => {
    const named = (name: string) => get?.parameters?.find((parameter) => parameter.name === name)
    return named('cursor') ? [{ path, max: named('limit')?.schema.maximum ?? 0 }] : []
  })
}

const ask = (path: string, query: Record<string, string | number>) =>
  rig.call('GET', `${path.replace('{id}', id)}?${new URLSearchParams(query as Record<string, string>)}`)
/** An age grows from one answer to the next. */
const itemsOf = (body: Record<string, unknown>) =>
  ((body['items'] ?? body['readings']) as Record<string, unknown>[]).map(({ age_seconds: _, ...item }) => item)

/** What lists have rows of here; another one may be empty. */
const filled = [
  '/api/v1/alert-rules',
  '/api/v1/api-keys',
  '/api/v1/audit-log',
  '/api/v1/batches',
  '/api/v1/connectors',
  '/api/v1/equipment',
  '/api/v1/equipment/iot-alerts',
  '/api/v1/equipment/{id}/connection-logs',
  '/api/v1/equipment/{id}/sensor-history',
  '/api/v1/notification-channels',
  '/api/v1/realtime-data',
]

describe('every list', () => {
  it('is among those with pages', () => {
    const { paths, components } = rig.openapi
    const resolved = ({ $ref, ...schema }: Schema): Schema =>
      $ref ? components.schemas[$ref.split('/').at(-1) ?? ''] : schema
    const listing = Object.keys(paths).filter((path) => {
      const schema = paths[path].get?.responses?.['200']?.content?.['application/json']?.schema
      return Object.hasOwn((schema && resolved(schema).properties) ?? {}, 'items')
    })
    const paged = lists().map(({ path }) => path)
    expect(paged).toEqual(expect.arrayContaining(listing))
    expect(paged).toEqual(expect.arrayContaining(filled))
  })

  it('is given item by item, none twice and none left out', async () => {
    for (const { path, max } of lists()) {
      // The window of a history would move on with the clock.
      const window = path.endsWith('/sensor-history') ? { end: new Date().toISOString() } : {}
      const whole = itemsOf((await ask(path, { limit: max, ...window })).body)
      const single: unknown[] = []
      let cursor: string | null | undefined
      do {
        const { body } = await ask(path, { limit: 1, ...window, ...(cursor ? { cursor } : {}) })
        expect(itemsOf(body).length, path).toBeLessThanOrEqual(1)
        single.push(...itemsOf(body))
        cursor = body.next_cursor
      } while (cursor && single.length <= whole.length)
      expect(single, path).toEqual(whole)
      if (filled.includes(path)) expect(whole.length, path).toBeGreaterThan(1)
    }
  })

  it('refuses limits that are none', async () => {
    for (const { path, max } of lists()) {
      for (const limit of [-1, 0, max + 1]) {
        expect(expectProblem(await ask(path, { limit }), 'CONFIG_INVALID'), path).toEqual(['limit'])
      }
      expect(max, path).toBe(path.endsWith('/sensor-history') ? 10_000 : 500)
    }
  })

  it('refuses the cursors of all others', async () => {
    const cursors = new Map<string, string>()
    for (const { path } of lists()) {
      const { body } = await ask(path, { limit: 1 })
      if (body.next_cursor) cursors.set(path, body.next_cursor)
    }
    expect([...cursors.keys()]).toEqual(expect.arrayContaining(filled))
    for (const { path } of lists()) {
      for (const [origin, cursor] of cursors) {
        const answer = await ask(path, { cursor })
        if (origin === path) expect(answer.status, path).toBe(200)
        else expect(expectProblem(answer, 'REQUEST_MALFORMED'), `${path} ${origin}`).toEqual(['cursor'])
      }
    }
  })
})
