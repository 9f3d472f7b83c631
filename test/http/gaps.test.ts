import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReadingWriter } from '#store'
import { startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard' })
})
afterAll(() => rig.stop())

const get = (url: string) => rig.call('GET', `/api/v1/equipment/${url}`)
const add = async (name: string): Promise<string> =>
  (await rig.call('POST', '/api/v1/equipment', { body: { name, type: 'other' } })).body.id

async function configured(name: string, machine: { host: string; port: number }): Promise<string> {
  const id = await add(name)
  const points = [{ metric: 'temperature', table: 'holding', address: 0, type: 'int16', scale: 0.1 }]
  const { host: endpoint, port } = machine
  const body = { protocol: 'modbus', endpoint, port, poll_interval_seconds: 30, additional_config: { points } }
  expect((await rig.call('POST', `/api/v1/equipment/${id}/iot-config`, { body })).status).toBeLessThan(300)
  return id
}

describe('gaps', () => {
  it('tells who paused a machine, until it goes on', async () => {
    const machine = await startModbusSimulator({ units: { 1: { holding: { 0: 215 } } } })
    const id = await configured('Oven', machine)
    const url = `/api/v1/equipment/${id}`
    await rig.call('PATCH', url, { body: { iot_enabled: false } })
    const [audited] = (await rig.call('GET', '/api/v1/audit-log?limit=1')).body.items
    expect((await get(`${id}/gaps`)).body).toMatchObject({
      items: [{ reason: 'paused', detail: audited.actor, ended_at: null, interval_seconds: 30, expected_readings: 0 }],
      next_cursor: null,
    })
    await rig.call('PATCH', url, { body: { iot_enabled: true } })
    expect((await get(`${id}/gaps`)).body.items).toMatchObject([{ reason: 'paused', ended_at: expect.any(String) }])
    await machine.stop()
  })

  it('counts what is expected and what was filled in', async () => {
    const id = await add('Proofer')
    const [from, to] = ['2026-11-20T04:00:00.000Z', '2026-11-20T05:00:00.000Z']
    await rig.database.bulk`
      insert into equipment_gaps (equipment_id, started_at, missing_since, ended_at, reason, detail, interval_seconds)
      values (${id}, ${from}, ${from}, ${to}, 'machine_off', 'UNREACHABLE', 30)`
    expect((await get(`${id}/gaps?start=${from}&end=${to}`)).body.items).toEqual([
      {
        started_at: from,
        ended_at: to,
        reason: 'machine_off',
        detail: 'UNREACHABLE',
        interval_seconds: 30,
        expected_readings: 119,
        stored_readings: 0,
        backfilled_readings: 0,
        backfilled: false,
      },
    ])
    expect((await get(`${id}/gaps?start=${to}`)).body.items).toEqual([])
    expectProblem(await get(`${id}/gaps?start=${to}&end=${from}`), 'CONFIG_INVALID')
  })
})

describe('completeness', () => {
  it('tells for each day what is there of what should be', async () => {
    const machine = await startModbusSimulator({ units: { 1: { holding: { 0: 215 } } } })
    const id = await configured('Mixer', machine)
    await rig.database
      .bulk`update poll_intervals set since = '2026-03-28T12:00Z', interval_seconds = 3600 where equipment_id = ${id}`
    const begin = Date.parse('2026-03-28T12:00:00Z')
    await createReadingWriter(rig.database.bulk).write(
      Array.from({ length: 22 }, (_, hours) => ({
        equipmentId: id,
        readingTime: begin + hours * 3_600_000,
        sourceTime: null,
        values: { temperature: 20 },
        zones: null,
        additional: null,
        quality: null,
      })),
    )
    const query = 'start=2026-03-27T12:00:00Z&end=2026-03-29T12:00:00Z&timezone=Europe/Berlin'
    expect((await get(`${id}/completeness?${query}`)).body).toEqual({
      equipment_id: id,
      timezone: 'Europe/Berlin',
      days: [
        { day: '2026-03-27', expected: 0, stored: 0, completeness: null },
        { day: '2026-03-28', expected: 11, stored: 11, completeness: 1 },
        { day: '2026-03-29', expected: 23, stored: 11, completeness: 11 / 23 },
      ],
    })
    const { days } = (await get(`${id}/completeness`)).body
    expect(days).toHaveLength(7)
    expect(days.at(-1).expected).toBeLessThanOrEqual(24)
    await machine.stop()
  })

  it.each([
    ['start=2026-03-29T12:00:00Z&end=2026-03-27T12:00:00Z', 'start'],
    ['start=2026-01-01T12:00:00Z&end=2026-12-01T12:00:00Z', 'start'],
    ['timezone=Mars/Olympus', 'timezone'],
    ['timezone=%2B02:00', 'timezone'],
  ])('refuses %s', async (query, path) => {
    const problem = await get(`${await add('Any')}/completeness?${query}`)
    expectProblem(problem, 'CONFIG_INVALID')
    expect(problem.body.errors).toMatchObject([{ path }])
  })

  it('is of machines that are there', async () => {
    for (const list of ['gaps', 'completeness'])
      expectProblem(await get(`00000000-0000-4000-8000-000000000000/${list}`), 'NOT_FOUND')
  })
})
