import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, restBody } from './configurations.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
let id: string
const get = (path: string) => rig.call('GET', `/api/v1/${path}`)
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard' })
  id = await rig.machine()
})
afterAll(() => rig.stop())

describe('words of another release', () => {
  it('of a machine are shown as what they are nearest to, and hide no other machine', async () => {
    await rig.database.bulk`
      update equipment set type = 'replicator', iot_connection_status = 'entangled',
        iot_connection_error = '{"code": "WARP_LOST", "message": "m"}' where id = ${id}`
    const shown = {
      type: 'other',
      iot_connection_status: 'error',
      iot_connection_error: { code: 'INTERNAL', message: 'm' },
    }
    expect((await get(`equipment/${id}`)).body).toMatchObject(shown)
    expect((await get('equipment')).body.items).toMatchObject([shown])
    expect((await get(`equipment/${id}/realtime-data`)).body).toMatchObject({ connection_status: 'error', stale: true })
  })

  it('of a reading are unknown', async () => {
    const words = { operational_status: 'pondering', cycle_stage: 'baking', door_status: 'ajar' }
    const reading = {
      equipmentId: id,
      readingTime: Date.now(),
      sourceTime: null,
      zones: null,
      additional: null,
      quality: null,
    }
    await rig.readings.write([{ ...reading, values: words }])
    const shown = { operational_status: 'unknown', cycle_stage: 'baking', door_status: 'unknown' }
    expect((await get(`equipment/${id}/realtime-data`)).body).toMatchObject(shown)
    expect((await get(`equipment/${id}/sensor-history`)).body.readings).toMatchObject([shown])
  })

  it('of a connection log and of an alert are errors, and critical', async () => {
    await rig.database.bulk`
      insert into equipment_connection_logs (equipment_id, event_type, connection_status, error_code)
      values (${id}, 'entangled', 'entangled', 'WARP_LOST')`
    expect((await get(`equipment/${id}/connection-logs`)).body.items).toMatchObject([
      { event_type: 'error', connection_status: 'error', error_code: 'INTERNAL' },
    ])
    await rig.database.bulk`
      insert into equipment_iot_alerts (equipment_id, type, severity, title, message, raised_at, last_raised_at)
      values (${id}, 'x', 'apocalyptic', 'T', 'M', now(), now())`
    expect((await get('equipment/iot-alerts')).body.items).toMatchObject([{ severity: 'critical' }])
  })
})

describe('rules and channels of another release', () => {
  it('are not shown where their kind is unknown, and hide no others', async () => {
    const insert = rig.database.bulk
    await insert`
      insert into alert_rules (name, kind, severity, equipment_type, revision, metric, above) values
        ('Newer', 'entropy', 'warning', null, 1, null, null),
        ('Known', 'threshold', 'apocalyptic', 'replicator', 2, 'temperature', 8)`
    await insert`
      insert into notification_channels (name, kind, url, secret, severities, language) values
        ('Newer', 'telepathy', 'x', '', '{critical}', 'en'),
        ('Known', 'webhook', 'https://hooks.example/x', '', '{critical,apocalyptic}', 'tlh')`
    const rules = (await get('alert-rules')).body.items
    expect(rules).toMatchObject([{ name: 'Known', severity: 'critical', equipment_type: 'other' }])
    const channels = (await get('notification-channels')).body.items
    expect(channels).toMatchObject([{ name: 'Known', severities: ['critical'], language: 'en' }])
    for (const table of ['alert_rules', 'notification_channels']) {
      const [row] = await insert`select id from ${insert(table)} where name = 'Newer'`
      expectProblem(await get(`${table.replace('_', '-')}/${row?.['id']}`), 'NOT_FOUND')
    }
  })
})

describe('a secret that cannot be opened', () => {
  const unreadable = [
    ['is cut off', (sealed: Buffer) => sealed.subarray(0, 20)],
    ['is empty', () => Buffer.alloc(0)],
    [
      'was made with an unknown key',
      (sealed: Buffer) => Buffer.concat([sealed.subarray(0, 2), Buffer.from('zz'), sealed.subarray(4)]),
    ],
    ['has a form of the future', (sealed: Buffer) => Buffer.concat([Buffer.from([9]), sealed.subarray(1)])],
  ] as const

  it.each(unreadable)('because it %s is asked for again, and can be given again', async (_name, damage) => {
    const machine = await rig.machine()
    const body = restBody(await freePort(), { poll_interval_seconds: 3_600 })
    const url = `/api/v1/equipment/${machine}`
    await rig.call('POST', `${url}/iot-config`, { body })
    const [row] = await rig.database.bulk`select iot_credentials from equipment where id = ${machine}`
    await rig.database.bulk`
      update equipment set iot_credentials = ${damage(row?.['iot_credentials'])} where id = ${machine}`
    expectProblem(await rig.call('GET', `${url}/iot-config`), 'SECRET_REQUIRED')
    expectProblem(await rig.call('POST', `${url}/test-connection`), 'SECRET_REQUIRED')
    const masked = { ...body, credentials: { username: '***', password: '***' } }
    expectProblem(await rig.call('POST', `${url}/iot-config`, { body: masked }), 'SECRET_REQUIRED')
    expect((await rig.call('GET', url)).status).toBe(200)
    expect((await rig.call('PATCH', url, { body: { name: 'Oven 2' } })).status).toBe(200)
    expect((await rig.call('POST', `${url}/iot-config`, { body })).status).toBe(200)
    expect((await rig.call('GET', `${url}/iot-config`)).status).toBe(200)
  })
})
