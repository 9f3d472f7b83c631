import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readingOf } from '../store/alert-fixture.ts'
import { type EngineFixture, minute, openEngineFixture, start } from './engine-fixture.ts'

describe('createAlertEngine', () => {
  let rig: EngineFixture

  beforeAll(async () => {
    rig = await openEngineFixture()
  })
  afterAll(() => rig.close())
  beforeEach(() => rig.reset())

  it('raises with alert, transition, outbox and state, and resolves when the condition has ended', async () => {
    const rule = await rig.tooWarm({ hysteresis: 0.5 })
    await rig.addWebhook()
    const engine = await rig.startEngine(rig.room())
    await rig.read(engine, rig.temperature(9.4, 0))

    const [alert] = await rig.all()
    expect(alert).toMatchObject({
      equipment_id: rig.room().id,
      equipment_name: 'Cold room 2',
      rule_id: rule.id,
      type: 'temperature_deviation',
      severity: 'critical',
      status: 'active',
      title: 'Cold room 2: Too warm',
      message: 'Cold room 2: temperature 9.4 °C, above 8 °C',
      metric: 'temperature',
      value: 9.4,
      threshold: 8,
      raised_at: new Date(start),
      occurrences: 1,
    })
    expect(await rig.states()).toEqual([{ phase: 'firing', side: 'above' }])
    expect((await rig.outbox()).map(({ id }) => id)).toEqual(rig.heard.rung)
    expect(rig.heard.rung).toHaveLength(1)

    await rig.read(engine, rig.temperature(7.6, 1000), rig.temperature(7.5, 2000))
    expect(await rig.all()).toMatchObject([
      { status: 'resolved', resolved_at: new Date(start + 2000), resolved_by: null },
    ])
    expect(await rig.transitions()).toEqual(['raised', 'resolved'])
    expect(await rig.states()).toEqual([])
    expect(rig.heard.rung).toHaveLength(2)
  })

  it('tells the other processes', async () => {
    await rig.tooWarm()
    const heard: string[] = []
    await rig.database.listen('alert_changed', (payload) => heard.push(payload))
    const engine = await rig.startEngine(rig.room())
    await rig.read(engine, rig.temperature(9, 0))
    const [alert] = await rig.all()
    await expect.poll(() => heard).toEqual([expect.stringMatching(new RegExp(`^[1-9]\\d* ${alert?.id}$`))])
  })

  it('queues a notification only for channels that want the severity', async () => {
    await rig.tooWarm({ severity: 'info' })
    await rig.addWebhook()
    await rig.read(await rig.startEngine(rig.room()), rig.temperature(9, 0))
    expect(await rig.all()).toHaveLength(1)
    expect(await rig.outbox()).toEqual([])
  })

  it('refuses the holder of an old epoch', async () => {
    await rig.tooWarm({ for_seconds: 1 })
    const engine = await rig.startEngine(rig.room())
    await rig.read(engine, rig.temperature(9, 0))
    await rig.shards.take(rig.room().shard, 'another worker')
    await rig.read(engine, rig.temperature(9, 1000))
    expect(await rig.all()).toEqual([])
    expect(rig.heard.warnings).toEqual(['an alert is left to the new holder of the shard'])
    engine.forget(rig.room().id)
  })

  it('saves no state under an old epoch', async () => {
    await rig.tooWarm({ for_seconds: 60 })
    const engine = await rig.startEngine(rig.room())
    await rig.shards.take(rig.room().shard, 'another worker')
    await rig.read(engine, rig.temperature(9, 0))
    expect(await rig.states()).toEqual([])
  })

  it('goes on with a delay after a restart', async () => {
    await rig.tooWarm({ for_seconds: 600 })
    await rig.read(await rig.startEngine(rig.room()), rig.temperature(9, 0))
    const next = { ...rig.room(), epoch: await rig.shards.take(rig.room().shard, 'next') }
    const engine = await rig.startEngine(next)
    await rig.read(engine, rig.temperature(9, 9 * minute))
    expect(await rig.all()).toEqual([])
    await rig.read(engine, rig.temperature(9.2, 10 * minute))
    expect(await rig.all()).toMatchObject([{ message: 'Cold room 2: temperature 9.2 °C, above 8 °C for 10 min' }])
  })

  it('keeps the last of several states that were reached at once', async () => {
    await rig.tooWarm({ for_seconds: 1 })
    await rig.read(await rig.startEngine(rig.room()), rig.temperature(9, 0), rig.temperature(9, 1000))
    expect(await rig.states()).toEqual([{ phase: 'firing', side: 'above' }])
  })

  it('raises nothing twice after a restart and resolves what was raised before it', async () => {
    await rig.tooWarm()
    await rig.read(await rig.startEngine(rig.room()), rig.temperature(9, 0))
    const engine = await rig.startEngine({ ...rig.room(), epoch: await rig.shards.take(rig.room().shard, 'next') })
    await rig.read(engine, rig.temperature(9, 1000))
    await rig.read(engine, rig.temperature(5, 2000))
    expect(await rig.transitions()).toEqual(['raised', 'resolved'])
  })

  it('holds readings until the states of their machine are restored', async () => {
    await rig.tooWarm({ for_seconds: 600 })
    await rig.read(await rig.startEngine(rig.room()), rig.temperature(9, 0))
    const engine = await rig.startEngine()
    engine.watch({ ...rig.room(), epoch: await rig.shards.take(rig.room().shard, 'next') })
    engine.readingsAccepted([rig.temperature(9, 10 * minute)])
    await engine.idle()
    expect(await rig.all()).toHaveLength(1)
  })

  it('lets a delay elapse between readings, but not on a machine that has fallen silent', async () => {
    await rig.tooWarm({ for_seconds: 2 })
    const silent = await rig.addEquipment({ name: 'Silent' })
    const engine = await rig.startEngine({ ...rig.room(), intervalMs: 60_000 }, silent)
    await rig.read(engine, rig.temperature(9, 0), rig.temperature(9, -1000, silent))
    rig.heard.now = start + 1999
    engine.tick()
    await engine.idle()
    expect(await rig.all()).toEqual([])
    rig.heard.now = start + 2500
    engine.tick()
    await engine.idle()
    expect(await rig.all()).toMatchObject([{ equipment_id: rig.room().id, raised_at: new Date(start + 2000) }])
  })

  it('neither confirms nor ends on a reading without a usable value', async () => {
    await rig.tooWarm({ for_seconds: 2 })
    const engine = await rig.startEngine(rig.room())
    await rig.read(engine, rig.temperature(9, 0))
    await rig.read(engine, readingOf(rig.room().id, start + 2000, {}))
    await rig.read(engine, { ...rig.temperature(9, 3000), quality: { temperature: 'TIMED_OUT' } })
    expect(await rig.all()).toEqual([])
    await rig.read(engine, { ...rig.temperature(9, 4000), quality: { temperature: 'UNCERTAIN' } })
    expect(await rig.all()).toHaveLength(1)
    await rig.read(engine, readingOf(rig.room().id, start + 5000, { humidity: 40 }))
    expect(await rig.all()).toMatchObject([{ status: 'active' }])
  })

  it.each(['IMPLAUSIBLE', 'RATE', 'FLATLINE'] as const)(
    'raises by a value that is %s: a broken sensor keeps no alarm quiet',
    async (word) => {
      await rig.tooWarm()
      const engine = await rig.startEngine(rig.room())
      await rig.read(engine, { ...rig.temperature(9, 0), quality: { temperature: word, source_time: 'CLOCK_SKEW' } })
      expect(await rig.all()).toMatchObject([{ status: 'active' }])
    },
  )

  it('judges nothing by what is filled in afterwards', async () => {
    await rig.tooWarm()
    const engine = await rig.startEngine(rig.room())
    await rig.read(engine, { ...rig.temperature(9, 0), quality: { temperature: 'BACKFILLED' } })
    expect(await rig.all()).toEqual([])
    await rig.read(engine, rig.temperature(9, 1000))
    await rig.read(engine, { ...rig.temperature(5, 500), quality: { temperature: 'BACKFILLED' } })
    expect(await rig.all()).toMatchObject([{ status: 'active', raised_at: new Date(start + 1000) }])
  })

  it('follows a clock that was set back', async () => {
    await rig.tooWarm({ for_seconds: 2 })
    const engine = await rig.startEngine(rig.room())
    const hour = 60 * minute
    await rig.read(engine, rig.temperature(9, hour), rig.temperature(9, 0), rig.temperature(9, 1000))
    expect(await rig.all()).toEqual([])
    await rig.read(engine, rig.temperature(9, 2000))
    expect(await rig.all()).toMatchObject([{ raised_at: new Date(start + 2000) }])
    await rig.read(engine, rig.temperature(4, 3000))
    expect(await rig.all()).toMatchObject([{ status: 'resolved' }])
  })

  it('ignores readings that are older than what was judged', async () => {
    await rig.tooWarm()
    await rig.read(
      await rig.startEngine(rig.room()),
      rig.temperature(5, 1000),
      rig.temperature(9, 500),
      rig.temperature(9, 999),
    )
    expect(await rig.all()).toEqual([])
  })

  it('judges both of two values of one millisecond', async () => {
    await rig.tooWarm()
    await rig.read(await rig.startEngine(rig.room()), rig.temperature(5, 1000), rig.temperature(9, 1000))
    expect(await rig.all()).toMatchObject([{ status: 'active', value: 9 }])
  })

  it('opens the same alert again within five minutes, a new one later', async () => {
    await rig.tooWarm()
    const engine = await rig.startEngine(rig.room())
    await rig.read(engine, rig.temperature(9, 0), rig.temperature(5, 1000))
    await rig.read(engine, rig.temperature(9.5, 1000 + 5 * minute))
    const [again, ...others] = await rig.all()
    expect(others).toEqual([])
    expect(again).toMatchObject({
      status: 'active',
      occurrences: 2,
      value: 9.5,
      raised_at: new Date(start),
      last_raised_at: new Date(start + 1000 + 5 * minute),
      resolved_at: null,
    })
    await rig.read(engine, rig.temperature(5, 10 * minute), rig.temperature(9, 15 * minute + 1))
    expect(await rig.all()).toMatchObject([{ occurrences: 1 }, { id: again?.id, occurrences: 2 }])
    expect(await rig.transitions(again?.id)).toEqual(['raised', 'resolved', 'raised', 'resolved'])
  })

  it('raises what somebody has resolved only after the condition has ended once', async () => {
    await rig.tooWarm()
    const engine = await rig.startEngine(rig.room())
    await rig.read(engine, rig.temperature(9, 0))
    const [alert] = await rig.all()
    await rig.alerts.resolve(alert?.id ?? '', { by: 'Ana' })
    await rig.read(engine, rig.temperature(10, 1000))
    const restarted = await rig.startEngine({ ...rig.room(), epoch: await rig.shards.take(rig.room().shard, 'next') })
    await rig.read(restarted, rig.temperature(10, 2000))
    expect(await rig.all()).toMatchObject([{ id: alert?.id, status: 'resolved', resolved_by: 'Ana' }])
    await rig.read(restarted, rig.temperature(5, 3000), rig.temperature(9, 4000))
    expect(await rig.all()).toMatchObject([{ status: 'active', occurrences: 1 }, { id: alert?.id }])
    expect(await rig.transitions()).toEqual(['raised', 'resolved by Ana', 'raised'])
  })

  it('leaves out a machine that was deleted', async () => {
    await rig.tooWarm()
    const engine = await rig.startEngine(rig.room())
    await rig.equipment.remove(rig.room().id)
    const other = await rig.addEquipment({ name: 'Other' })
    engine.watch(other)
    await rig.read(engine, rig.temperature(9, 0), rig.temperature(9, 0, other))
    expect((await rig.all()).map(({ title }) => title)).toEqual(['Other: Too warm'])
  })
})
