import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAlertChangeStore, createCertificateStore, createSecretBox } from '#store'
import { type ModbusSimulator, startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { type Example, examplePage, shownAnswer } from './example-page.ts'
import { type HttpRig, listen, startHttpRig } from './http-rig.ts'

let rig: HttpRig
let origin: string
let machine: ModbusSimulator
const examples: Example[] = []
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard' })
  const { host, port } = await listen(rig.app)
  origin = `http://${host}:${port}`
  machine = await startModbusSimulator({ units: { 1: { holding: { 0: [1855], 1: [650] } } } })
})
afterAll(async () => {
  await rig.stop()
  await machine.stop()
})

/** Makes the call and notes it; gives what was answered. */
async function call(
  operation: string,
  { url = '', body, expected = 200 }: { url?: string; body?: object; expected?: number } = {},
) {
  const [method = '', path = ''] = operation.split(' ')
  const address = url === '' ? path : url
  const response = await fetch(`${origin}${address}`, {
    method,
    headers: {
      authorization: `Bearer ${rig.adminKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const type = response.headers.get('content-type') ?? ''
  const text = type.startsWith('text/event-stream') ? await firstEvent(response) : await response.text()
  expect(response.status, `${operation}: ${text}`).toBe(expected)
  const { summary } = rig.openapi.paths[path][method.toLowerCase()]
  examples.push({ operation, summary, url: address, body, status: response.status, answer: shownAnswer(text, type) })
  return /json/.test(type) && text !== '' ? JSON.parse(text) : undefined
}

async function firstEvent(response: Response): Promise<string> {
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    const end = text.indexOf('\n\n', text.indexOf('data: '))
    if (text.includes('data: ') && end !== -1) return text.slice(0, end)
  }
  return text
}

const point = (metric: string, address: number) => ({ metric, table: 'holding', address, type: 'int16', scale: 0.1 })

describe('examples', () => {
  it('of every operation are those in openapi/examples.md', async () => {
    const oven = await call('POST /api/v1/equipment', {
      body: { name: 'Deck oven 1', type: 'deck_oven' },
      expected: 201,
    })
    const at = (rest = '') => `/api/v1/equipment/${oven.id}${rest}`
    const configuration = {
      protocol: 'modbus',
      endpoint: machine.host,
      port: machine.port,
      poll_interval_seconds: 5,
      additional_config: { points: [point('temperature', 0), point('humidity', 1)] },
    }
    await call('POST /api/v1/equipment/{id}/test-connection', { url: at('/test-connection'), body: configuration })
    await call('POST /api/v1/equipment/{id}/iot-config', { url: at('/iot-config'), body: configuration })
    await hasConnected(oven.id)
    await steering(at('/commands'))
    await call('GET /api/v1/equipment/{id}/iot-config', { url: at('/iot-config') })
    await call('GET /api/v1/equipment')
    await call('GET /api/v1/equipment/{id}', { url: at() })
    await call('PATCH /api/v1/equipment/{id}', { url: at(), body: { location: 'Bakehouse' } })
    await storeReadings(oven.id)
    await call('GET /api/v1/equipment/{id}/realtime-data', { url: at('/realtime-data?fresh=true') })
    await call('GET /api/v1/realtime-data')
    const span = 'start=2026-11-20T04:00:00Z&end=2026-11-20T05:00:00Z'
    await call('GET /api/v1/equipment/{id}/sensor-history', {
      url: at(`/sensor-history?${span}&metrics=temperature,humidity&limit=2`),
    })
    await call('GET /api/v1/equipment/{id}/connection-logs', { url: at('/connection-logs?limit=1') })
    await wasAway(oven.id)
    await call('GET /api/v1/equipment/{id}/gaps', { url: at('/gaps?limit=1') })
    await call('GET /api/v1/equipment/{id}/completeness', {
      url: at('/completeness?start=2026-11-19T12:00:00Z&end=2026-11-20T12:00:00Z&timezone=Europe/Berlin'),
    })
    await call('GET /api/v1/equipment/{id}/stream', { url: at('/stream') })
    await fleetStream(oven.id)
    await batches(oven.id)
    await alerts(oven.id)
    await access()
    await call('DELETE /api/v1/equipment/{id}/iot-config', { url: at('/iot-config'), expected: 204 })
    await call('DELETE /api/v1/equipment/{id}', { url: at(), expected: 204 })
    await operation()

    const operations = Object.entries(rig.openapi.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(examples.map((example) => example.operation).sort()).toEqual(operations.sort())
    await expect(examplePage(examples)).toMatchFileSnapshot('../../openapi/examples.md')
  })
})

/** As machines and connectors answer that give no leave to be looked at or steered. */
async function steering(url: string): Promise<void> {
  const refused = { expected: 422 }
  await call('POST /api/v1/equipment/{id}/commands', { url, body: { values: { temperature: 180 } }, ...refused })
  await call('POST /api/v1/connectors/{id}/browse', { url: '/api/v1/connectors/wachtel/browse', body: {}, ...refused })
}

const four = Date.parse('2026-11-20T04:00:00Z')
async function storeReadings(equipmentId: string, from = four): Promise<void> {
  const reading = { equipmentId, sourceTime: null, zones: null, additional: null, quality: null }
  await rig.readings.write(
    [0, 1, 2].map((index) => ({
      ...reading,
      readingTime: from + index * 5_000,
      values: { temperature: 185.5 + index, humidity: 65, energy_consumption_kwh: 100 + index },
    })),
  )
}

/** As if it had been configured for a long time, and been off for half an hour. */
async function wasAway(id: string): Promise<void> {
  await rig.database.bulk`update poll_intervals set since = '2026-11-19T23:00Z' where equipment_id = ${id}`
  await rig.database.bulk`
    insert into equipment_gaps (equipment_id, started_at, missing_since, ended_at, reason, detail, interval_seconds)
    values (${id}, '2026-11-20T05:00Z', '2026-11-20T05:00Z', '2026-11-20T05:30Z', 'machine_off', 'UNREACHABLE', 30)`
}

/** The worker's record of its first read follows a moment later. */
async function hasConnected(id: string): Promise<void> {
  for (;;) {
    const { body } = await rig.call('GET', `/api/v1/equipment/${id}/connection-logs`)
    if (body.items.length > 0) return
    await sleep(50)
  }
}

async function fleetStream(id: string): Promise<void> {
  const soon = setInterval(() => void storeReadings(id, Date.now()), 200)
  await call('GET /api/v1/stream')
  clearInterval(soon)
}

async function batches(id: string): Promise<void> {
  const body = { name: 'Baguettes 123', product: 'Baguette', equipment_ids: [id] }
  const batch = await call('POST /api/v1/batches', { body, expected: 201 })
  await call('GET /api/v1/batches')
  await call('GET /api/v1/batches/{id}', { url: `/api/v1/batches/${batch.id}` })
  await call('GET /api/v1/batches/{id}/realtime-tracking', { url: `/api/v1/batches/${batch.id}/realtime-tracking` })
  const ended_at = new Date(Date.now() + 1_000).toISOString()
  await call('PATCH /api/v1/batches/{id}', { url: `/api/v1/batches/${batch.id}`, body: { ended_at } })
}

async function alerts(id: string): Promise<void> {
  const hook = { kind: 'webhook', url: 'https://hooks.example/bakery', severities: ['critical'] }
  const channel = await call('POST /api/v1/notification-channels', { body: hook, expected: 201 })
  const channelUrl = `/api/v1/notification-channels/${channel.id}`
  await call('GET /api/v1/notification-channels')
  await call('GET /api/v1/notification-channels/{id}', { url: channelUrl })
  await call('PATCH /api/v1/notification-channels/{id}', { url: channelUrl, body: { language: 'es' } })
  const rule = await call('POST /api/v1/alert-rules', {
    body: {
      name: 'Too hot',
      equipment_id: id,
      kind: 'threshold',
      metric: 'temperature',
      above: 250,
      severity: 'critical',
    },
    expected: 201,
  })
  const ruleUrl = `/api/v1/alert-rules/${rule.id}`
  await call('GET /api/v1/alert-rules')
  await call('GET /api/v1/alert-rules/{id}', { url: ruleUrl })
  await raise(id, rule.id)
  const found = await call('GET /api/v1/equipment/iot-alerts', {
    url: '/api/v1/equipment/iot-alerts?severity=critical',
  })
  const alertUrl = `/api/v1/alerts/${found.items[0].id}`
  await call('POST /api/v1/alerts/{id}/acknowledge', { url: `${alertUrl}/acknowledge`, body: { note: 'On my way' } })
  await call('POST /api/v1/alerts/{id}/resolve', { url: `${alertUrl}/resolve`, body: {} })
  await call('GET /api/v1/alerts/{id}', { url: alertUrl })
  await call('PATCH /api/v1/alert-rules/{id}', { url: ruleUrl, body: { above: 260 } })
  await call('DELETE /api/v1/alert-rules/{id}', { url: ruleUrl, expected: 204 })
  await call('DELETE /api/v1/notification-channels/{id}', { url: channelUrl, expected: 204 })
}

/** As the alert engine does. */
async function raise(equipmentId: string, ruleId: string): Promise<void> {
  const [row] = await rig.database.bulk`select revision from alert_rules where id = ${ruleId}`
  const text = { title: 'Deck oven 1: temperature 261 °C', message: 'Above 250 °C' }
  const at = new Date()
  await createAlertChangeStore(rig.database).apply({
    kind: 'raised',
    equipmentId,
    ruleId,
    ruleRevision: Number(row?.['revision']),
    at,
    texts: { en: text, es: text, de: text, fr: text },
    type: 'temperature_deviation',
    metric: 'temperature',
    value: 261,
    threshold: 250,
    severity: 'critical',
    state: { phase: 'firing', since: at, side: 'above' },
  })
}

async function access(): Promise<void> {
  const key = await call('POST /api/v1/api-keys', { body: { name: 'Dashboard', access: 'read' }, expected: 201 })
  await call('GET /api/v1/api-keys')
  await certificates()
  await call('DELETE /api/v1/api-keys/{id}', { url: `/api/v1/api-keys/${key.id}`, expected: 204 })
  await call('GET /api/v1/audit-log', { url: '/api/v1/audit-log?limit=1' })
}

/** As a connection test has seen it. */
async function certificates(): Promise<void> {
  const fingerprint = '5e'.repeat(32)
  await createCertificateStore(rig.database, createSecretBox([{ id: 'k1', key: Buffer.alloc(32, 1) }])).see({
    fingerprint,
    subject: 'CN=Oven 4711, O=Vendor',
    issuer: 'CN=Oven 4711, O=Vendor',
    valid_from: new Date('2026-01-01T00:00:00Z'),
    valid_until: new Date('2036-01-01T00:00:00Z'),
    seen_from: '10.0.4.30:4840',
  })
  const url = `/api/v1/opc-ua/certificates/${fingerprint}`
  await call('GET /api/v1/opc-ua/own-certificate')
  await call('GET /api/v1/opc-ua/certificates')
  await call('POST /api/v1/opc-ua/certificates/{fingerprint}/trust', { url: `${url}/trust`, body: {} })
  await call('DELETE /api/v1/opc-ua/certificates/{fingerprint}', { url, expected: 204 })
}

async function operation(): Promise<void> {
  await call('GET /api/v1/connectors')
  await call('GET /api/v1/connectors/{id}', { url: '/api/v1/connectors/modbus' })
  await call('GET /health/live')
  await call('GET /health/ready')
  await call('GET /metrics')
}
