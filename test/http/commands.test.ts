import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createKiln } from '../setup/kiln.ts'
import { soon } from '../setup/soon.ts'
import { freePort, restBody } from './configurations.ts'
import { expectProblem } from './expect-problem.ts'
import { type Answer, type HttpRig, startHttpRig } from './http-rig.ts'

const kiln = createKiln()
let rig: HttpRig
let oven: string
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard', connectors: [kiln.connector] })
  oven = await configured(points)
})
beforeEach(() => {
  kiln.written.length = 0
  kiln.before = async () => undefined
})
afterAll(() => rig.stop())

const points = [
  { metric: 'target_temperature', key: 'set', unit: '[degF]', write: { min: 20, max: 250 } },
  {
    metric: 'operational_status',
    key: 'mode',
    words: { '0': 'off', '1': 'running', '2': 'cleaning' },
    write: { words: ['off', 'running'] },
  },
  { metric: 'additional.fan', key: 'fan', write: true },
  { metric: 'temperature', key: 'stuck', write: { min: 0, max: 100 } },
  { metric: 'additional.locked', key: 'locked', write: { min: 0, max: 1 } },
  { metric: 'additional.mode', key: 'mode' },
]

let port = 100
async function configured(given: object[], changes: object = {}): Promise<string> {
  const id = await rig.machine()
  port += 1
  const body = { protocol: 'kiln', endpoint: 'kiln.example', port, additional_config: { points: given }, ...changes }
  expect((await rig.call('POST', `/api/v1/equipment/${id}/iot-config`, { body })).status).toBe(200)
  await vi.waitFor(async () => expect((await show(id)).iot_connection_status).not.toBe('connecting'), soon)
  return id
}
const show = async (id: string) => (await rig.call('GET', `/api/v1/equipment/${id}`)).body
const write = (id: string, values: object, options: { key?: string; headers?: Record<string, string> } = {}) =>
  rig.call('POST', `/api/v1/equipment/${id}/commands`, { body: { values }, ...options })
async function auditOf(id: string): Promise<{ action: string; actor: string; detail: object }[]> {
  const { body } = await rig.call('GET', `/api/v1/audit-log?subject_id=${id}&limit=3`)
  return body.items
}

describe('commands', () => {
  it('writes in the unit and words of the machine, and tells what it has then', async () => {
    const answer = await write(oven, { target_temperature: 180, operational_status: 'running', 'additional.fan': true })
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      success: true,
      equipment_id: oven,
      results: [
        { metric: 'target_temperature', requested: 180, value: 180, ok: true },
        { metric: 'operational_status', requested: 'running', value: 'running', ok: true },
        { metric: 'additional.fan', requested: true, value: true, ok: true },
      ],
    })
    expect(kiln.written).toEqual([
      ['set', 356],
      ['mode', 1],
      ['fan', true],
    ])
  })

  it('writes down who asks for what before it is done, and what came of it', async () => {
    await write(oven, { target_temperature: 190 })
    const [after, before] = await auditOf(oven)
    expect(before).toMatchObject({ action: 'equipment.write_asked', detail: { values: { target_temperature: 190 } } })
    expect(before?.actor).toMatch(/^\S+.* \(bw_/)
    expect(after).toMatchObject({
      action: 'equipment.written',
      detail: { results: [{ metric: 'target_temperature', requested: 190, value: 190, ok: true }] },
    })
  })

  it('tells of each value that the machine did not take, and writes the others', async () => {
    const { body } = await write(oven, { 'additional.locked': 1, temperature: 30, target_temperature: 200 })
    expect(body).toMatchObject({
      success: false,
      results: [
        { metric: 'additional.locked', value: null, ok: false, error: { code: 'POINT_REFUSED' } },
        {
          metric: 'temperature',
          requested: 30,
          value: 20,
          ok: false,
          error: { code: 'VALUE_INVALID', message: 'temperature: the machine has 20 after 30 was written' },
        },
        { metric: 'target_temperature', value: 200, ok: true },
      ],
    })
  })

  it.each([
    ['a number above', { target_temperature: 250.1 }, ['values.target_temperature']],
    ['a number below', { target_temperature: 19.9 }, ['values.target_temperature']],
    ['a number as text', { target_temperature: '180' }, ['values.target_temperature']],
    ['a word that the allow-list lacks', { operational_status: 'cleaning' }, ['values.operational_status']],
    ["the machine's own value", { operational_status: 1 }, ['values.operational_status']],
    ['a number where it is on or off', { 'additional.fan': 1 }, ['values.additional.fan']],
    ['a point without leave', { 'additional.mode': 2 }, ['values.additional.mode']],
    ['a point that there is not', { humidity: 50 }, ['values.humidity']],
    ['several at once', { humidity: 50, target_temperature: 999 }, ['values.humidity', 'values.target_temperature']],
    ['nothing', {}, ['values']],
  ])('refuses %s, and with it all the others', async (_what, values, paths) => {
    const good = Object.keys(values).length === 0 ? {} : { temperature: 50 }
    const audited = (await auditOf(oven))[0]
    expect(expectProblem(await write(oven, { ...good, ...values }), 'CONFIG_INVALID')).toEqual(paths)
    expect(kiln.written).toEqual([])
    expect((await auditOf(oven))[0]).toEqual(audited)
  })

  it('needs a key that may configure', async () => {
    const { body } = await rig.call('POST', '/api/v1/api-keys', { body: { name: 'Display', access: 'read' } })
    expectProblem(await write(oven, { target_temperature: 180 }, { key: body.key }), 'FORBIDDEN')
    expect(kiln.written).toEqual([])
  })

  it('is for machines that are configured, polled and can be written', async () => {
    expectProblem(await write(crypto.randomUUID(), { temperature: 1 }), 'NOT_FOUND')
    expectProblem(await write(await rig.machine(), { temperature: 1 }), 'CONFLICT')
    const paused = await configured(points)
    await rig.call('PATCH', `/api/v1/equipment/${paused}`, { body: { iot_enabled: false } })
    expectProblem(await write(paused, { target_temperature: 180 }), 'CONFLICT')
    const meter = await rig.machine()
    await rig.call('POST', `/api/v1/equipment/${meter}/iot-config`, { body: restBody(await freePort()) })
    expectProblem(await write(meter, { temperature: 1 }), 'NOT_SUPPORTED')
    expect(kiln.written).toEqual([])
  })

  it('is not done at all when the machine is off', async () => {
    const off = await configured(points, { endpoint: 'off.example' })
    expectProblem(await write(off, { target_temperature: 180 }), 'UNREACHABLE')
    const [failed, asked] = await auditOf(off)
    expect([failed?.action, asked?.action]).toEqual(['equipment.write_failed', 'equipment.write_asked'])
    expect(failed?.detail).toMatchObject({ code: 'UNREACHABLE' })
  })

  it('that has begun is ended when nobody waits any more, and is told as not known', async () => {
    kiln.before = (signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const { shard } = (await rig.equipment.get(oven)) ?? {}
    const request = { equipmentId: oven, values: { target_temperature: 210 } }
    const message = 'writing took too long and was ended; whether it was written is not known'
    expect(await rig.dependencies.workers.ask('write', shard ?? 0, request, 2_500)).toEqual({
      result: [
        { metric: 'target_temperature', requested: 210, value: null, ok: false, error: { code: 'TIMED_OUT', message } },
      ],
    })
    expect(kiln.written).toEqual([])
  })

  it('is checked by the worker as well, against what it polls', async () => {
    const { shard } = (await rig.equipment.get(oven)) ?? {}
    const request = { equipmentId: oven, values: { target_temperature: 251 } }
    expect(await rig.dependencies.workers.ask('write', shard ?? 0, request)).toMatchObject({
      error: { code: 'CONFIG_INVALID' },
    })
    expect(kiln.written).toEqual([])
  })

  it('reaches a machine that was configured a moment ago', async () => {
    const id = await rig.machine()
    port += 1
    const body = { protocol: 'kiln', endpoint: 'kiln.example', port, additional_config: { points } }
    await rig.call('POST', `/api/v1/equipment/${id}/iot-config`, { body })
    expect((await write(id, { target_temperature: 180 })).body).toMatchObject({ success: true })
  })

  it('is not cut off by a test that needs the link with other settings', async () => {
    const letGo = Promise.withResolvers<void>()
    let isWriting = false
    kiln.before = () => {
      isWriting = true
      return letGo.promise
    }
    const writing = write(oven, { target_temperature: 180 })
    await vi.waitFor(() => expect(isWriting).toBe(true), soon)
    const { body } = await rig.call('GET', `/api/v1/equipment/${oven}/iot-config`)
    const other = { ...body, additional_config: { ...body.additional_config, mode: 'service' } }
    const testing = rig.call('POST', `/api/v1/equipment/${oven}/test-connection`, { body: other })
    await vi.waitFor(async () => {
      const [row] = await rig.database.bulk`select claimed_by from link_requests where kind = 'test'`
      expect(row?.['claimed_by']).toBe('rig')
    }, soon)
    letGo.resolve()
    expect((await writing).body).toMatchObject({ success: true })
    // One of its points is locked.
    expect((await testing).body).toMatchObject({ success: true, status: 'degraded' })
  })

  it('goes to the worker that holds the shard, and to no one that lost it', async () => {
    const { shard } = (await rig.equipment.get(oven)) ?? {}
    const { bulk } = rig.database
    await bulk`update shard_leases set holder = 'another' where shard = ${shard ?? 0}`
    const request = { equipmentId: oven, values: { target_temperature: 210 } }
    const id = await rig.linkRequests.ask('write', shard ?? 0, request, 60_000)
    expect(await rig.linkRequests.claim(shard ?? 0, 'rig')).toEqual([])
    expect(await rig.linkRequests.claim(shard ?? 0, 'another')).toMatchObject([{ id, kind: 'write' }])
    await bulk`update shard_leases set holder = 'rig' where shard = ${shard ?? 0}`
    expect(kiln.written).toEqual([])
  })

  it('shows in the record of the machine that it can be steered', async () => {
    expect((await show(oven)).supports_remote_control).toBe(true)
    const watched = await configured([{ metric: 'temperature', key: 'stuck' }])
    expect((await show(watched)).supports_remote_control).toBe(false)
  })
})

describe('write with an Idempotency-Key', () => {
  const headersOf = (key: string) => ({ headers: { 'idempotency-key': key } })
  const replayed = ({ headers }: Answer) => headers['idempotency-replayed']

  it('writes once, and gives the answer again', async () => {
    const once = headersOf(crypto.randomUUID())
    const first = await write(oven, { target_temperature: 170 }, once)
    const again = await write(oven, { target_temperature: 170 }, once)
    expect([first.status, replayed(first), again.status, replayed(again)]).toEqual([200, undefined, 200, 'true'])
    expect(again.body).toEqual(first.body)
    expect(kiln.written).toHaveLength(1)
    expectProblem(await write(oven, { target_temperature: 171 }, once), 'KEY_REUSED')
    const other = await configured(points)
    expect(replayed(await write(other, { target_temperature: 170 }, once))).toBeUndefined()
    expect(kiln.written).toHaveLength(2)
  })

  it('may be sent again when the machine was off, and not when it is refused', async () => {
    const off = await configured(points, { endpoint: 'off.example' })
    const once = headersOf(crypto.randomUUID())
    for (const _ of ['first', 'again']) {
      const answer = await write(off, { target_temperature: 170 }, once)
      expectProblem(answer, 'UNREACHABLE')
      expect(replayed(answer)).toBeUndefined()
    }
    const refused = headersOf(crypto.randomUUID())
    expectProblem(await write(off, { target_temperature: 1_000 }, refused), 'CONFIG_INVALID')
    expect(replayed(await write(off, { target_temperature: 1_000 }, refused))).toBe('true')
  })

  it('that a worker took and did not come to an end with is not done again', async () => {
    const once = headersOf(crypto.randomUUID())
    const { bulk } = rig.database
    kiln.before = async () => {
      await bulk`alter table link_requests rename to link_requests_gone`
    }
    const first = await write(oven, { target_temperature: 150 }, once).finally(
      () => bulk`alter table link_requests_gone rename to link_requests`,
    )
    expectProblem(first, 'OUTCOME_UNKNOWN')
    kiln.before = async () => undefined
    const again = await write(oven, { target_temperature: 150 }, once)
    expectProblem(again, 'OUTCOME_UNKNOWN')
    expect(replayed(again)).toBe('true')
    expect(kiln.written).toHaveLength(1)
  })

  it('says that the first is under way, and later that nobody knows its end', async () => {
    const letGo = Promise.withResolvers<void>()
    let isWriting = false
    kiln.before = () => {
      isWriting = true
      return letGo.promise
    }
    const key = crypto.randomUUID()
    const first = write(oven, { target_temperature: 160 }, headersOf(key))
    await vi.waitFor(() => expect(isWriting).toBe(true), soon)
    const second = await write(oven, { target_temperature: 160 }, headersOf(key))
    expectProblem(second, 'IN_PROGRESS')
    expect(second.headers['retry-after']).toBe('1')
    await rig.database.bulk`update idempotency_keys set created_at = now() - interval '1 hour' where key = ${key}`
    expectProblem(await write(oven, { target_temperature: 160 }, headersOf(key)), 'OUTCOME_UNKNOWN')
    letGo.resolve()
    expect((await first).status).toBe(200)
    expect(kiln.written).toHaveLength(1)
  })
})
