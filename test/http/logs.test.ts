import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { soon } from '../setup/soon.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard' })
})
afterAll(() => rig.stop())

const add = async (name: string) =>
  (await rig.call('POST', '/api/v1/equipment', { body: { name, type: 'other' } })).body.id as string

/** All pages of a list, one item each. */
async function pagesOf(url: string) {
  const items = []
  for (let cursor = ''; ; ) {
    const { body } = await rig.call('GET', `${url}${url.includes('?') ? '&' : '?'}limit=1${cursor}`)
    items.push(...body.items)
    if (body.next_cursor === null) return items
    cursor = `&cursor=${body.next_cursor}`
  }
}

describe('the connection log', () => {
  it('tells newest first when a machine came and went, and why', async () => {
    const machine = await startModbusSimulator({ units: { 1: { holding: { 0: 215 } } } })
    const id = await add('Oven')
    const points = [{ metric: 'temperature', table: 'holding', address: 0, type: 'int16', scale: 0.1 }]
    const { host: endpoint, port } = machine
    const body = { protocol: 'modbus', endpoint, port, poll_interval_seconds: 1, additional_config: { points } }
    await rig.call('POST', `/api/v1/equipment/${id}/iot-config`, { body })
    const url = `/api/v1/equipment/${id}/connection-logs`
    const types = async () =>
      (await rig.call('GET', url)).body.items.map((event: { event_type: string }) => event.event_type)
    await vi.waitFor(async () => expect(await types()).toEqual(['connected']), soon)
    await machine.stop()
    await vi.waitFor(async () => expect((await types())[0]).toBe('disconnected'), soon)
    const events = await pagesOf(url)
    expect(events).toEqual((await rig.call('GET', url)).body.items)
    expect(events[0]).toMatchObject({ connection_status: 'disconnected', error_code: 'UNREACHABLE' })
    expect(events.at(-1)).toMatchObject({ event_type: 'connected', error_code: null, data_points_received: 1 })
  })

  it('is empty for a machine that was never configured, and of no use to another list', async () => {
    const id = await add('New')
    const url = `/api/v1/equipment/${id}/connection-logs`
    expect((await rig.call('GET', url)).body).toEqual({ items: [], next_cursor: null })
    const { next_cursor } = (await rig.call('GET', '/api/v1/audit-log?limit=1')).body
    expectProblem(await rig.call('GET', `${url}?cursor=${next_cursor}`), 'REQUEST_MALFORMED')
  })
})

describe('the audit log', () => {
  it('tells newest first who changed what, page by page', async () => {
    const id = await add('Audited')
    await rig.call('PATCH', `/api/v1/equipment/${id}`, { body: { location: 'Basement' } })
    const { headers } = await rig.call('DELETE', `/api/v1/equipment/${id}`)
    const url = `/api/v1/audit-log?subject_id=${id}`
    const entries = await pagesOf(url)
    expect(entries).toEqual((await rig.call('GET', url)).body.items)
    expect(entries.map((entry) => entry.action)).toEqual([
      'equipment.deleted',
      'equipment.changed',
      'equipment.created',
    ])
    expect(entries[0]).toMatchObject({ subject_kind: 'equipment', request_id: headers['x-request-id'] })
    expect(entries[0].actor).toMatch(/^First admin key \(bw_.{5}…\)$/)
    expect(entries[1].detail).toEqual({ location: 'Basement' })
  })
})
