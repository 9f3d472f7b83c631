import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type EngineFixture, openEngineFixture } from './engine-fixture.ts'

describe('the rules of createAlertEngine', () => {
  let rig: EngineFixture

  beforeAll(async () => {
    rig = await openEngineFixture()
  })
  afterAll(() => rig.close())
  beforeEach(() => rig.reset())

  it('judges each machine by the rules that are for it, its type or all', async () => {
    const oven = await rig.addEquipment({ name: 'Oven', type: 'deck_oven' })
    await rig.tooWarm({ name: 'this room', equipment_id: rig.room().id })
    await rig.tooWarm({ name: 'cold rooms', equipment_type: 'cold_room' })
    await rig.tooWarm({ name: 'all' })
    await rig.tooWarm({ name: 'ovens', equipment_type: 'deck_oven' })
    await rig.tooWarm({ name: 'off', enabled: false })
    const engine = await rig.startEngine(rig.room(), oven)
    await rig.read(engine, rig.temperature(9, 0), rig.temperature(9, 0, oven))
    expect((await rig.all()).map(({ title }) => title).sort()).toEqual([
      'Cold room 2: all',
      'Cold room 2: cold rooms',
      'Cold room 2: this room',
      'Oven: all',
      'Oven: ovens',
    ])
  })

  it('begins anew when a rule is changed', async () => {
    const rule = await rig.tooWarm()
    const engine = await rig.startEngine(rig.room())
    await rig.read(engine, rig.temperature(9, 0))
    const { id: _id, revision: _revision, created_at: _created, updated_at: _updated, ...fields } = rule
    await rig.rules.replace(rule.id, { ...fields, above: 8.5 })
    expect(await rig.all()).toMatchObject([{ status: 'resolved', resolved_by: 'rule changed' }])
    engine.rulesChanged()
    await engine.idle()
    await rig.read(engine, rig.temperature(8.4, 1000), rig.temperature(9, 2000))
    expect(await rig.all()).toMatchObject([{ threshold: 8.5, status: 'active' }, { threshold: 8 }])
  })

  it('is refused under a rule that it does not know to be changed, and then reads the rules', async () => {
    const rule = await rig.tooWarm()
    const engine = await rig.startEngine(rig.room())
    await rig.rules.replace(rule.id, {
      name: 'Too warm',
      kind: 'threshold',
      metric: 'temperature',
      above: 20,
      severity: 'info',
    })
    await rig.read(engine, rig.temperature(9, 0))
    expect(await rig.all()).toEqual([])
    await rig.read(engine, rig.temperature(21, 1000))
    expect(await rig.all()).toMatchObject([{ threshold: 20, severity: 'info' }])
  })

  it.each([
    ['disabled', 'rule disabled'],
    ['removed', 'rule removed'],
  ])('resolves what a rule that is %s has raised', async (what, by) => {
    const rule = await rig.tooWarm()
    const engine = await rig.startEngine(rig.room())
    await rig.read(engine, rig.temperature(9, 0))
    if (what === 'removed') await rig.rules.remove(rule.id)
    else await rig.rules.replace(rule.id, { ...rule, enabled: false })
    expect(await rig.all()).toMatchObject([{ status: 'resolved', resolved_by: by }])
    await rig.read(engine, rig.temperature(9, 1000), rig.temperature(5, 2000), rig.temperature(9, 3000))
    expect(await rig.all()).toHaveLength(1)
  })

  it('judges a rule that it does not understand not at all, and the others still', async () => {
    await rig.tooWarm({ name: 'good' })
    await rig.rows(
      `insert into alert_rules (name, kind, metric, severity) values ('odd', 'threshold', 'warmth', 'info')`,
    )
    await rig.read(await rig.startEngine(rig.room()), rig.temperature(9, 0))
    expect((await rig.all()).map(({ title }) => title)).toEqual(['Cold room 2: good'])
  })
})
