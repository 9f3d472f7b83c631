import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { limits, type Reading } from '#core'
import { createAlertChangeStore, createConnectionStore } from '#store'
import { soon } from '../setup/soon.ts'
import { type EventStream, followStream } from './event-stream.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, listen, startHttpRig } from './http-rig.ts'

let rig: HttpRig
let origin: string
let id: string
beforeAll(async () => {
  rig = await startHttpRig()
  const { host, port } = await listen(rig.app)
  origin = `http://${host}:${port}/api/v1`
})
beforeEach(async () => {
  id = await rig.machine('Oven')
})
afterAll(() => rig.stop())

const now = Date.now()
const reading = (ms: number, changes: Partial<Reading> = {}): Reading => ({
  equipmentId: id,
  readingTime: now + ms,
  sourceTime: null,
  values: { temperature: 100 + ms / 1_000 },
  zones: null,
  additional: null,
  quality: null,
  ...changes,
})

async function follow(path: string, options: { lastEventId?: string; key?: string } = {}): Promise<EventStream> {
  const stream = await followStream(`${origin}${path}`, { key: rig.adminKey, ...options })
  onTestFinished(stream.close)
  await vi.waitFor(() => expect(stream.lastEventId()).not.toBe(''), soon)
  return stream
}
const machine = (options = {}) => follow(`/equipment/${id}/stream`, options)
/** Raises an alert of the machine as the engine does; gives its id. */
async function raise(): Promise<string> {
  const body = {
    name: 'Too warm',
    equipment_id: id,
    kind: 'threshold',
    metric: 'temperature',
    above: 8,
    severity: 'critical',
  }
  const { body: rule } = await rig.call('POST', '/api/v1/alert-rules', { body })
  const [row] = await rig.database.bulk`select revision from alert_rules where id = ${rule.id}`
  const at = new Date()
  const text = { title: 'Oven: temperature 9.4 °C', message: 'Above 8 °C' }
  await createAlertChangeStore(rig.database).apply({
    kind: 'raised',
    equipmentId: id,
    ruleId: rule.id,
    ruleRevision: Number(row?.['revision']),
    at,
    texts: { en: text, es: text, de: text, fr: text },
    type: 'temperature_deviation',
    metric: 'temperature',
    value: 9.4,
    threshold: 8,
    severity: 'critical',
    state: { phase: 'firing', since: at, side: 'above' },
  })
  const { body: alerts } = await rig.call('GET', `/api/v1/equipment/iot-alerts?equipment_id=${id}`)
  return alerts.items[0].id
}
const connections = () =>
  new Promise<number>((resolve, reject) =>
    rig.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )
const temperatures = ({ events }: EventStream) =>
  events.filter(({ event }) => event === 'reading').map(({ data }) => data.temperature)
const seen = (stream: EventStream, ...wanted: number[]) =>
  vi.waitFor(() => expect(temperatures(stream)).toEqual(wanted), soon)

describe('the stream of a machine', () => {
  it('begins with its status and tells every reading as it is stored, late ones too', async () => {
    const stream = await machine()
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    await rig.readings.write([reading(1_000), reading(2_000)])
    await rig.readings.write([reading(-60_000), reading(3_000, { equipmentId: await rig.machine('Other') })])
    await seen(stream, 101, 102, 40)
    expect(stream.events[0]).toMatchObject({
      event: 'status',
      data: {
        equipment_id: id,
        equipment_name: 'Oven',
        connection_status: 'unconfigured',
        error: null,
        last_connected: null,
      },
    })
    const [, first, second, late] = stream.events
    expect(first?.data).toMatchObject({
      equipment_id: id,
      equipment_name: 'Oven',
      reading_time: new Date(now + 1_000).toISOString(),
      humidity: null,
      quality: {},
    })
    expect(late?.id).toBe(second?.id)
  })

  it('taken up again tells what was missed, once, before what is new', async () => {
    const stream = await machine()
    await rig.readings.write([reading(10_000)])
    await seen(stream, 110)
    stream.close()
    await rig.readings.write([reading(11_000)])
    await rig.readings.write([reading(12_000)])
    const again = await machine({ lastEventId: stream.lastEventId() })
    await rig.readings.write([reading(13_000)])
    await seen(again, 111, 112, 113)
    const third = await machine({ lastEventId: again.events[0]?.id })
    await seen(third, 112, 113)
  })

  it('that told nothing yet can be taken up again too', async () => {
    const stream = await machine()
    stream.close()
    await rig.readings.write([reading(20_000)])
    await seen(await machine({ lastEventId: stream.lastEventId() }), 120)
  })

  it('tells of more than it repeats as a gap', async () => {
    const since = now - 100_000_000
    const many = Array.from({ length: limits.streamReplayMax + 1 }, (_, index) => reading(-90_000_000 + index))
    const early = await machine()
    await rig.readings.write(many)
    // What is told just now would reach the next reader, too.
    await vi.waitFor(() => expect(temperatures(early)).toHaveLength(many.length), soon)
    const stream = await machine({ lastEventId: `${since}-0` })
    await rig.readings.write([reading(30_000)])
    await seen(stream, 130)
    const [gap] = stream.events
    expect(gap).toMatchObject({ event: 'gap', data: { from: new Date(since).toISOString() } })
  })

  it('tells changes of the connection, by whomever', async () => {
    const stream = await machine()
    const statuses = () =>
      stream.events.filter(({ event }) => event === 'status').map(({ data }) => data.connection_status)
    const target = { protocol: 'modbus', endpoint: '10.0.0.1', port: 502, linkKey: 'modbus:10.0.0.1:502' }
    const derived = {
      supports_realtime: true,
      temperature_zones: 0,
      supports_humidity: false,
      supports_energy_monitoring: false,
      supports_remote_control: false,
    }
    const configuration = { ...target, credentials: {}, config: {}, pollIntervalSeconds: 1, derived }
    const row = await rig.equipment.configure(id, configuration, () => undefined)
    await vi.waitFor(() => expect(statuses()).toHaveLength(2), soon)
    await createConnectionStore(rig.database).record([
      {
        equipmentId: id,
        configRevision: row?.config_revision ?? 0,
        shard: 0,
        epoch: 0,
        eventType: 'disconnected',
        status: 'disconnected',
        at: new Date(),
        fault: { code: 'UNREACHABLE', message: 'refused' },
        responseTimeMs: null,
        dataPoints: null,
        lastConnected: null,
      },
    ])
    await vi.waitFor(() => expect(statuses()).toHaveLength(3), soon)
    await rig.call('PATCH', `/api/v1/equipment/${id}`, { body: { iot_enabled: false } })
    await vi.waitFor(() => expect(statuses()).toEqual(['unconfigured', 'connecting', 'disconnected', 'paused']), soon)
    expect(stream.events.find(({ data }) => data.connection_status === 'disconnected')?.data.error).toEqual({
      code: 'UNREACHABLE',
      message: 'refused',
    })
  })

  it('ends when the machine is deleted', async () => {
    const stream = await machine()
    await rig.call('DELETE', `/api/v1/equipment/${id}`)
    await vi.waitFor(() => expect(stream.hasEnded()).toBe(true), soon)
    expectProblem(await rig.call('GET', `/api/v1/equipment/${id}/stream`), 'NOT_FOUND')
  })
})

describe('the stream of the fleet', () => {
  it('tells the readings of all machines, and is taken up again', async () => {
    const stream = await follow('/stream')
    const other = await rig.machine('Other')
    await rig.readings.write([reading(100_000), reading(105_000, { equipmentId: other })])
    await seen(stream, 200, 205)
    expect(stream.events.map(({ data }) => data.equipment_name)).toEqual(['Oven', 'Other'])
    stream.close()
    await rig.readings.write([reading(110_000), reading(111_000, { equipmentId: other })])
    // The last two seconds are told again, because readings of different machines cross each other.
    await seen(await follow('/stream', { lastEventId: stream.lastEventId() }), 205, 210, 211)
  })

  it('tells an alert at each of its changes, also those that were missed', async () => {
    const stream = await follow('/stream')
    const alert = await raise()
    const alerts = ({ events }: EventStream) => events.filter(({ event }) => event === 'alert').map(({ data }) => data)
    await vi.waitFor(() => expect(alerts(stream)).toMatchObject([{ id: alert, status: 'active' }]), soon)
    const before = stream.lastEventId()
    await rig.call('POST', `/api/v1/alerts/${alert}/acknowledge`, { body: {} })
    await vi.waitFor(() =>
      expect(alerts(stream)).toMatchObject([{ status: 'active' }, { status: 'acknowledged', equipment_id: id }]),
    )
    expect(alerts(stream)[1]).toEqual(
      (await rig.call('GET', `/api/v1/equipment/iot-alerts?equipment_id=${id}`)).body.items[0],
    )
    const again = await machine({ lastEventId: before })
    await vi.waitFor(() => expect(alerts(again)).toMatchObject([{ id: alert, status: 'acknowledged' }]), soon)
  })
})

describe('readers', () => {
  it.each(['x', '1', '1-', '-1-0', '1-2-3', '9999999999999999-0', '1-99999999999999999', '1e3-0'])(
    'with the event id %j are refused',
    async (lastEventId) => {
      const answer = await rig.call('GET', '/api/v1/stream', { headers: { 'last-event-id': lastEventId } })
      expect(expectProblem(answer, 'REQUEST_MALFORMED')).toEqual(['Last-Event-ID'])
    },
  )

  it('without a key are refused', async () => {
    expectProblem(await rig.call('GET', '/api/v1/stream', { key: null }), 'UNAUTHENTICATED')
  })

  it('that do not read are let go, and others hear everything', async () => {
    const healthy = await machine()
    const { port } = new URL(origin)
    const idle = connect(Number(port), '127.0.0.1')
    onTestFinished(() => void idle.destroy())
    idle.on('error', () => undefined)
    idle.write(
      `GET /api/v1/equipment/${id}/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${rig.adminKey}\r\n\r\n`,
    )
    await new Promise((resolve) => idle.once('readable', resolve))
    const open = await connections()
    let count = 0
    const padding = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`key${index}`, 'x'.repeat(400)]))
    while ((await connections()) === open && count < 1_500) {
      const batch = Array.from({ length: 50 }, (_, index) => reading(200_000 + count + index, { additional: padding }))
      await rig.readings.write(batch)
      count += batch.length
      await vi.waitFor(() => expect(temperatures(healthy)).toHaveLength(count), soon)
    }
    expect(await connections()).toBe(open - 1)
  })

  it('whose key is revoked or expires are let go, and no others', async () => {
    const make = async (body: object) =>
      (await rig.call('POST', '/api/v1/api-keys', { body: { name: 'Screen', access: 'read', ...body } })).body
    const [revoked, expired, valid] = await Promise.all([
      make({}),
      make({ expires_at: new Date(Date.now() + 5_000).toISOString() }),
      make({}),
    ])
    const streams = await Promise.all([revoked, expired, valid].map(({ key }) => machine({ key })))
    expect((await rig.call('DELETE', `/api/v1/api-keys/${revoked.id}`)).status).toBe(204)
    await vi.waitFor(() => expect(streams.map((stream) => stream.hasEnded())).toEqual([true, true, false]), soon)
    expectProblem(await rig.call('GET', '/api/v1/stream', { key: expired.key }), 'UNAUTHENTICATED')
  })

  it('that come and go a thousand times leave nothing behind', async () => {
    const open = await connections()
    for (let round = 0; round < 20; round += 1) {
      const streams = await Promise.all(Array.from({ length: 50 }, () => machine()))
      for (const stream of streams) stream.close()
    }
    await expect.poll(connections).toBeLessThanOrEqual(open)
    const stream = await machine()
    await rig.readings.write([reading(40_000)])
    await seen(stream, 140)
  })

  it('are told when the server stops, so that they come back', async () => {
    const other = await startHttpRig()
    const { host, port } = await listen(other.app)
    const stream = await followStream(`http://${host}:${port}/api/v1/stream`, { key: other.adminKey })
    await other.stop()
    await vi.waitFor(() => expect(stream.hasEnded()).toBe(true), soon)
    expect(stream.response.complete).toBe(true)
  })
})
