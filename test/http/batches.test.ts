import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReadingWriter } from '#store'
import { expectProblem } from './expect-problem.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig()
})
afterAll(() => rig.stop())

const url = '/api/v1/batches'
const add = async (name: string) =>
  (await rig.call('POST', '/api/v1/equipment', { body: { name, type: 'deck_oven' } })).body.id as string
const begin = async (body: object) => (await rig.call('POST', url, { body })).body
const hourAgo = () => new Date(Date.now() - 3_600_000)

describe('batches', () => {
  it('come back as they were begun, in a list too', async () => {
    const [oven, mixer] = [await add('Oven'), await add('Mixer')]
    const id = crypto.randomUUID()
    const body = { id, name: 'Baguettes 123', product: 'Baguette', equipment_ids: [oven, mixer] }
    const added = await rig.call('POST', url, { body })
    expect(added.status).toBe(201)
    expect(added.headers['location']).toBe(`${url}/${id}`)
    expect(added.body).toMatchObject({ ...body, ended_at: null, equipment_ids: expect.arrayContaining([oven, mixer]) })
    const shown = (await rig.call('GET', `${url}/${id}`)).body
    expect(shown).toEqual({ ...added.body, equipment_ids: [oven, mixer].toSorted() })
    expect((await rig.call('GET', `${url}?limit=500`)).body.items).toContainEqual(shown)
    expectProblem(await rig.call('POST', url, { body }), 'CONFLICT')
  })

  it('name machines that exist, each once', async () => {
    const oven = await add('Oven')
    const begun = (equipment_ids: unknown) => rig.call('POST', url, { body: { name: 'B', equipment_ids } })
    expectProblem(await begun([]), 'CONFIG_INVALID')
    expectProblem(await begun([oven, oven]), 'CONFIG_INVALID')
    const unknown = await begun([oven, crypto.randomUUID()])
    expectProblem(unknown, 'CONFIG_INVALID')
    expect(unknown.body.errors).toMatchObject([{ path: 'equipment_ids[1]' }])
  })

  it('end, and not before they began', async () => {
    const { id, started_at } = await begin({ name: 'B', equipment_ids: [await add('Oven')] })
    const end = (ended_at: string | null) => rig.call('PATCH', `${url}/${id}`, { body: { ended_at } })
    expectProblem(await end(new Date(Date.parse(started_at) - 1).toISOString()), 'CONFIG_INVALID')
    const now = new Date().toISOString()
    expect((await end(now)).body).toMatchObject({ id, ended_at: now })
    expect((await end(null)).body).toMatchObject({ id, ended_at: null })
  })

  it('are told with the newest values of the machine that they are on', async () => {
    const oven = await add('Oven')
    const realtime = async () => (await rig.call('GET', `/api/v1/equipment/${oven}/realtime-data`)).body
    const { id } = await begin({ name: 'First', equipment_ids: [oven], started_at: hourAgo().toISOString() })
    const later = await begin({ name: 'Second', equipment_ids: [oven] })
    expect(await realtime()).toMatchObject({ active_batch_id: later.id, active_batch_name: 'Second' })
    await rig.call('PATCH', `${url}/${later.id}`, { body: { ended_at: new Date().toISOString() } })
    expect(await realtime()).toMatchObject({ active_batch_id: id, active_batch_name: 'First' })
    await rig.call('PATCH', `${url}/${id}`, { body: { ended_at: new Date().toISOString() } })
    expect(await realtime()).toMatchObject({ active_batch_id: null, active_batch_name: null })
  })
})

describe('realtime tracking', () => {
  it('shows each machine as it is, its alerts, and the energy since the start', async () => {
    const [oven, mixer] = [await add('Oven'), await add('Mixer')]
    await rig.database.bulk`update equipment set supports_energy_monitoring = true where id = ${oven}`
    const start = hourAgo().getTime()
    const reading = { equipmentId: oven, sourceTime: null, zones: null, additional: null, quality: null }
    const stage = { cycle_stage: 'baking', cycle_progress_percentage: 40, time_remaining_minutes: 12 }
    await createReadingWriter(rig.database.bulk).write([
      { ...reading, readingTime: start - 1_000, values: { energy_consumption_kwh: 90 } },
      { ...reading, readingTime: start + 1_000, values: { energy_consumption_kwh: 100.5 } },
      { ...reading, readingTime: start + 2_000, values: { energy_consumption_kwh: 104.25, ...stage } },
    ])
    const { id } = await begin({ name: 'B', equipment_ids: [oven, mixer], started_at: new Date(start).toISOString() })
    const { body } = await rig.call('GET', `${url}/${id}/realtime-tracking`)
    expect(body).toMatchObject({ id, name: 'B' })
    const byName = new Map(body.equipment.map((one: { equipment_name: string }) => [one.equipment_name, one]))
    expect(byName.get('Oven')).toMatchObject({ ...stage, energy_so_far_kwh: 3.75, alerts: [], active_batch_id: id })
    expect(byName.get('Mixer')).toMatchObject({ temperature: null, energy_so_far_kwh: null, stale: true })
    expectProblem(await rig.call('GET', `${url}/${crypto.randomUUID()}/realtime-tracking`), 'NOT_FOUND')
  })
})
