import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createKiln } from '../setup/kiln.ts'
import { soon } from '../setup/soon.ts'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

const kiln = createKiln()
let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard', connectors: [kiln.connector] })
})
beforeEach(() => {
  kiln.browsed.length = 0
  kiln.before = async () => undefined
})
afterAll(() => rig.stop())

let port = 100
const configuration = (changes: object = {}) => {
  port += 1
  return { endpoint: 'kiln.example', port, ...changes }
}
const browse = (body: object, connector = 'kiln') =>
  rig.call('POST', `/api/v1/connectors/${connector}/browse`, { body })
async function configured(changes: object = {}): Promise<string> {
  const id = await rig.machine()
  const additional_config = { points: [{ metric: 'temperature', key: 'set', unit: '[degF]' }] }
  const body = { protocol: 'kiln', ...configuration({ poll_interval_seconds: 1, additional_config }), ...changes }
  expect((await rig.call('POST', `/api/v1/equipment/${id}/iot-config`, { body })).status).toBe(200)
  await vi.waitFor(async () => {
    const { body: now } = await rig.call('GET', `/api/v1/equipment/${id}`)
    expect(now.iot_connection_status).toBe('connected')
  }, soon)
  return id
}

describe('browse', () => {
  it('gives what there is on a machine that is not stored, without points', async () => {
    const { status, body } = await browse(configuration())
    expect(status).toBe(200)
    expect(body).toEqual({
      found: [
        { name: 'set', kind: 'number', value: '356', point: { metric: 'additional.set', key: 'set' } },
        { name: 'mode', kind: 'number', value: '1', point: { metric: 'additional.mode', key: 'mode' } },
        { name: 'fan', kind: 'boolean', value: 'false', point: { metric: 'additional.fan', key: 'fan' } },
        { name: 'stuck', kind: 'number', value: '20', point: { metric: 'additional.stuck', key: 'stuck' } },
      ],
      next_cursor: null,
    })
    expect(kiln.browsed).toEqual([{ at: undefined, cursor: undefined, limit: 100, seconds: 10 }])
  })

  it('goes on where a page ended, and looks where it is told to', async () => {
    const given = configuration({ at: 'top', limit: 3 })
    const first = await browse(given)
    expect(first.body.found).toHaveLength(3)
    const second = await browse({ ...given, cursor: first.body.next_cursor })
    expect(second.body).toMatchObject({ found: [{ name: 'stuck' }], next_cursor: null })
    expect(kiln.browsed[1]).toEqual({ at: 'top', cursor: '3', limit: 3, seconds: 10 })
  })

  it('uses the stored configuration and secrets of a machine, on the link that it is polled over', async () => {
    const id = await configured({ credentials: { pin: 'pin-canary' } })
    const opened = kiln.opened.length
    const answer = await browse({ equipment_id: id })
    expect(answer.body.found).toHaveLength(4)
    expect(answer.text).not.toContain('pin-canary')
    expect(kiln.opened).toHaveLength(opened)
    const stored = (await rig.call('GET', `/api/v1/equipment/${id}/iot-config`)).body
    expect((await browse({ ...stored, equipment_id: id })).body.found).toHaveLength(4)
    expect(kiln.opened).toHaveLength(opened)
    const elsewhere = await browse({ ...stored, equipment_id: id, endpoint: 'thief.example' })
    expect(expectProblem(elsewhere, 'SECRET_REQUIRED')).toEqual(['credentials.pin'])
  })

  it('holds up no poll and no fresh read while it listens', async () => {
    const id = await configured()
    const letGo = Promise.withResolvers<void>()
    kiln.before = () => letGo.promise
    const browsing = browse({ equipment_id: id })
    await vi.waitFor(() => expect(kiln.browsed).toHaveLength(1), soon)
    const before = kiln.reads
    await vi.waitFor(() => expect(kiln.reads).toBeGreaterThan(before + 1), soon)
    const fresh = await rig.call('GET', `/api/v1/equipment/${id}/realtime-data?fresh=true`)
    expect(fresh.body.temperature).toBe(180)
    letGo.resolve()
    expect((await browsing).status).toBe(200)
  })

  it('with other settings than its polls has the link for itself, and the polls have it again', async () => {
    const id = await configured()
    const { body: stored } = await rig.call('GET', `/api/v1/equipment/${id}/iot-config`)
    const answer = await browse({ ...stored, additional_config: { mode: 'service' }, equipment_id: id })
    expect(answer.status).toBe(200)
    await vi.waitFor(() => expect(kiln.reads).toBeGreaterThan(0), soon)
    const alone = await browse({ ...stored, additional_config: { mode: 'service' } })
    expectProblem(alone, 'LINK_CONFLICT')
  })

  it('has one turn on a link at a time', async () => {
    const letGo = Promise.withResolvers<void>()
    kiln.before = () => letGo.promise
    const given = configuration()
    const both = [browse(given), browse(given)]
    await vi.waitFor(() => expect(kiln.browsed).toHaveLength(1), soon)
    await sleep(100)
    expect(kiln.browsed).toHaveLength(1)
    letGo.resolve()
    for (const { status } of await Promise.all(both)) expect(status).toBe(200)
  })

  it('tells why a machine cannot be looked at', async () => {
    expectProblem(await browse(configuration({ endpoint: 'off.example' })), 'UNREACHABLE')
    const machine = await rig.machine('Unused')
    expectProblem(await browse({ equipment_id: machine }), 'CONFLICT')
    expectProblem(await browse({}, 'wachtel'), 'NOT_SUPPORTED')
    expectProblem(await browse(configuration(), 'no-such'), 'NOT_FOUND')
    expectProblem(await browse({ equipment_id: crypto.randomUUID() }), 'NOT_FOUND')
  })

  it.each([
    ['nothing to look at', {}, ['equipment_id']],
    ['a limit beyond bounds', { limit: 501 }, ['limit']],
    ['a time beyond bounds', { seconds: 31 }, ['seconds']],
    ['a place that is too long', { at: 'x'.repeat(4_097) }, ['at']],
    ['a cursor that is too long', { cursor: 'x'.repeat(4_097) }, ['cursor']],
    ['another protocol', { ...configuration(), protocol: 'omron-e5cc', additional_config: {} }, ['protocol']],
    [
      'a setting that is refused',
      configuration({ additional_config: { mode: 'x'.repeat(11) } }),
      ['additional_config.mode'],
    ],
  ])('refuses %s', async (_what, body, paths) => {
    expect(expectProblem(await browse(body), 'CONFIG_INVALID')).toEqual(paths)
  })

  it.each([
    ['an unknown field', { ...configuration(), depth: 3 }, ['depth']],
    ['a number as text', { ...configuration(), limit: '3' }, ['limit']],
    ['an endpoint of another type', { endpoint: 5 }, ['endpoint']],
  ])('calls %s malformed', async (_what, body, paths) => {
    expect(expectProblem(await browse(body), 'REQUEST_MALFORMED')).toEqual(paths)
  })
})
