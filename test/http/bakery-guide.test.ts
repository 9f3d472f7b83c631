import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAlertChangeStore } from '#store'
import { type ModbusSimulator, startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

/** The six endpoints of the bakery guide, asked as it asks: every field of its examples is there, by its name and of its kind. */
let rig: HttpRig
let machine: ModbusSimulator
let id: string
let batchId: string
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard' })
  machine = await startModbusSimulator({ units: { 1: { holding: { 0: [1855, 1800, 720, 650, 2, 450, 12, 125] } } } })
  const body = { name: 'Horno Principal #1', type: 'deck_oven' }
  id = (await rig.call('POST', '/api/v1/equipment', { body })).body.id
  const batch = { name: 'Baguettes - Batch #123', equipment_ids: [id] }
  batchId = (await rig.call('POST', '/api/v1/batches', { body: batch })).body.id
})
afterAll(async () => {
  await rig.stop()
  await machine.stop()
})

const point = (metric: string, address: number, scale = 0.1) => ({
  metric,
  table: 'holding',
  address,
  type: 'int16',
  scale,
})
const word = (metric: string, address: number, words: object) => ({ ...point(metric, address, 1), words })
const configuration = () => ({
  protocol: 'modbus',
  endpoint: machine.host,
  port: machine.port,
  credentials: {},
  additional_config: {
    unit_id: 1,
    points: [
      point('temperature', 0),
      point('temperature_zones.cabinet', 1),
      point('temperature_zones.core', 2),
      point('humidity', 3),
      word('operational_status', 4, { 2: 'running' }),
      word('cycle_stage', 4, { 2: 'baking' }),
      point('cycle_progress_percentage', 5),
      point('time_remaining_minutes', 6, 1),
      point('energy_consumption_kwh', 7),
    ],
  },
  supports_realtime: true,
  poll_interval_seconds: 30,
})

const values = {
  temperature: 185.5,
  temperature_zones: { cabinet: 180, core: 72 },
  humidity: 65,
  operational_status: 'running',
  cycle_stage: 'baking',
  cycle_progress_percentage: 45,
  time_remaining_minutes: 12,
  energy_consumption_kwh: 12.5,
}
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const number = expect.any(Number)
const realtime = () => ({
  equipment_id: id,
  equipment_name: 'Horno Principal #1',
  timestamp: time,
  connection_status: 'connected',
  ...values,
  active_batch_id: batchId,
  active_batch_name: 'Baguettes - Batch #123',
})

describe('the bakery guide', () => {
  it('POST /equipment/{id}/iot-config', async () => {
    const { status, body } = await rig.call('POST', `/api/v1/equipment/${id}/iot-config`, { body: configuration() })
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['success', 'message', 'equipment_id', 'connection_test_result'])
    expect(body).toMatchObject({
      success: true,
      message: expect.any(String),
      equipment_id: id,
      connection_test_result: { success: true, status: 'connected', response_time_ms: number },
    })
  })

  it('POST /equipment/{id}/test-connection', async () => {
    const { status, body } = await rig.call('POST', `/api/v1/equipment/${id}/test-connection`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      success: true,
      response_time_ms: number,
      supported_features: expect.arrayContaining(['read']),
    })
    const away = { ...configuration(), port: 1 }
    const failed = await rig.call('POST', `/api/v1/equipment/${id}/test-connection`, { body: away })
    expect(failed.body).toMatchObject({ success: false, error_details: { code: 'UNREACHABLE' } })
  })

  it('GET /equipment/{id}/realtime-data', async () => {
    const { status, body } = await rig.call('GET', `/api/v1/equipment/${id}/realtime-data?fresh=true`)
    expect(status).toBe(200)
    expect(body).toMatchObject(realtime())
  })

  it('GET /equipment/{id}/sensor-history', async () => {
    const readingTime = Date.now() - 1_000
    const { temperature_zones: zones, ...columns } = values
    await rig.readings.write([
      { equipmentId: id, readingTime, sourceTime: null, values: columns, zones, additional: null, quality: null },
    ])
    const start = new Date(readingTime).toISOString()
    const { status, body } = await rig.call('GET', `/api/v1/equipment/${id}/sensor-history?start=${start}`)
    expect(status).toBe(200)
    expect(body.readings).toMatchObject([{ reading_time: start, ...values }])
  })

  it('GET /batches/{id}/realtime-tracking', async () => {
    const { status, body } = await rig.call('GET', `/api/v1/batches/${batchId}/realtime-tracking`)
    expect(status).toBe(200)
    const { connection_status: _, ...machineNow } = realtime()
    expect(body).toMatchObject({ id: batchId, name: 'Baguettes - Batch #123', equipment: [machineNow] })
  })

  it('GET /equipment/iot-alerts', async () => {
    const rule = { name: 'Too hot', kind: 'threshold', metric: 'temperature', above: 180, severity: 'warning' }
    const { body: made } = await rig.call('POST', '/api/v1/alert-rules', { body: { ...rule, equipment_id: id } })
    const [row] = await rig.database.bulk`select revision from alert_rules where id = ${made.id}`
    const text = { title: 'Horno Principal #1: temperature 185.5 °C', message: 'Above 180 °C' }
    const at = new Date()
    await createAlertChangeStore(rig.database).apply({
      kind: 'raised',
      equipmentId: id,
      ruleId: made.id,
      ruleRevision: Number(row?.['revision']),
      at,
      texts: { en: text, es: text, de: text, fr: text },
      type: 'temperature_deviation',
      metric: 'temperature',
      value: 185.5,
      threshold: 180,
      severity: 'warning',
      state: { phase: 'firing', since: at, side: 'above' },
    })
    const { status, body } = await rig.call('GET', '/api/v1/equipment/iot-alerts')
    expect(status).toBe(200)
    expect(body.items).toMatchObject([
      {
        equipment_id: id,
        type: 'temperature_deviation',
        severity: 'warning',
        status: 'active',
        automated_response: null,
      },
    ])
  })
})
