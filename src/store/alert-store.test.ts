import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AlertChange, applyAlertChange } from './alert-change.ts'
import { createAlertChangeStore } from './alert-change-store.ts'
import { type AlertFixture, type FixtureEquipment, openAlertFixture } from './alert-fixture.ts'
import { createAlertRuleStore } from './alert-rule-store.ts'
import { createAlertStore } from './alert-store.ts'

const start = Date.parse('2026-11-20T03:00:00Z')
const unknownId = '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111'
const text = { title: 'Cold room 2: Too warm', message: 'Cold room 2: temperature 9.4 °C, above 8 °C' }

describe('createAlertStore', () => {
  let fixture: AlertFixture
  let room: FixtureEquipment
  let alerts: ReturnType<typeof createAlertStore>
  let rules: ReturnType<typeof createAlertRuleStore>
  let rung: string[]

  beforeAll(async () => {
    fixture = await openAlertFixture()
    alerts = createAlertStore(fixture.database, (ids) => rung.push(...ids))
    rules = createAlertRuleStore(fixture.database, (ids) => rung.push(...ids))
  })
  afterAll(() => fixture.close())
  beforeEach(async () => {
    await fixture.empty()
    rung = []
    room = await fixture.addEquipment()
    await fixture.addWebhook()
  })

  const addRule = () =>
    rules.create({ name: 'Too warm', kind: 'threshold', metric: 'temperature', above: 8, severity: 'critical' })

  /** Raises an alert of a rule of its own and returns its id. */
  async function raise(change: Partial<Extract<AlertChange, { kind: 'raised' }>> = {}): Promise<string> {
    const rule = await addRule()
    const at = change.at ?? new Date(start)
    await fixture.database.db.transaction((tx) =>
      applyAlertChange(tx, {
        kind: 'raised',
        equipmentId: room.id,
        ruleId: rule.id,
        ruleRevision: rule.revision,
        at,
        type: 'temperature_deviation',
        severity: 'critical',
        metric: 'temperature',
        value: 9.4,
        threshold: 8,
        texts: { en: text, es: text, de: text, fr: text },
        state: { phase: 'firing', since: at, side: 'above' },
        ...change,
      }),
    )
    const [alert] = (await alerts.list({ limit: 100 })).items.filter(({ rule_id }) => rule_id === rule.id)
    if (!alert) throw new Error('nothing was raised')
    return alert.id
  }

  it('acknowledges once, also when asked twice', async () => {
    const id = await raise()
    const first = await alerts.acknowledge(id, { by: 'Ana', note: 'on my way' })
    expect(first).toMatchObject({ status: 'acknowledged', acknowledged_by: 'Ana', equipment_name: 'Cold room 2' })
    expect(await alerts.acknowledge(id, { by: 'Ben' })).toEqual(first)
    expect(await fixture.transitions()).toEqual(['raised', 'acknowledged by Ana'])
    expect(rung).toHaveLength(1)
    expect((await fixture.outbox()).map((row) => row.id)).toContain(rung[0])
    const [transition] = await fixture.rows(`select note, texts from alert_transitions where kind = 'acknowledged'`)
    expect(transition).toMatchObject({ note: 'on my way', texts: { en: text } })
  })

  it('makes one transition of ten parallel acknowledgements', async () => {
    const id = await raise()
    const names = Array.from({ length: 10 }, (_, index) => `person ${index}`)
    const answers = await Promise.all(names.map((by) => alerts.acknowledge(id, { by })))
    expect(new Set(answers.map((alert) => alert?.acknowledged_by)).size).toBe(1)
    expect(await fixture.transitions()).toHaveLength(2)
  })

  it('refuses to acknowledge what is resolved', async () => {
    const id = await raise()
    await alerts.resolve(id, { by: 'Ana' })
    await expect(alerts.acknowledge(id, { by: 'Ben' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await fixture.transitions()).toEqual(['raised', 'resolved by Ana'])
  })

  it('resolves once, also what was acknowledged', async () => {
    const id = await raise()
    await alerts.acknowledge(id, { by: 'Ana' })
    const resolved = await alerts.resolve(id, { by: 'Ana', note: 'door closed' })
    expect(resolved).toMatchObject({ status: 'resolved', resolved_by: 'Ana', acknowledged_by: 'Ana' })
    expect(await alerts.resolve(id, { by: 'Ben' })).toEqual(resolved)
    expect(await fixture.transitions()).toEqual(['raised', 'acknowledged by Ana', 'resolved by Ana'])
  })

  it('knows no other alerts', async () => {
    expect(await alerts.get(unknownId)).toBeUndefined()
    expect(await alerts.acknowledge(unknownId, { by: 'Ana' })).toBeUndefined()
    expect(await alerts.resolve(unknownId, { by: 'Ana' })).toBeUndefined()
  })

  it.each<[string, string | number]>([
    ['a word that looks like a number', '42'],
    ['a word that looks like a truth', 'true'],
    ['a number', -18.5],
  ])('gives back %s as it is', async (_name, value) => {
    const id = await raise({ value, threshold: value })
    expect(await alerts.get(id)).toMatchObject({ value, threshold: value })
  })

  it('writes a change once, also when nobody knows whether the first try came through', async () => {
    const rule = await addRule()
    const at = new Date(start)
    const head = {
      equipmentId: room.id,
      ruleId: rule.id,
      ruleRevision: rule.revision,
      at,
      severity: 'critical',
      value: 9.4,
      threshold: 8,
      texts: { en: text, es: text, de: text, fr: text },
    } as const
    const state = { phase: 'firing', since: at, side: 'above' } as const
    const changes = createAlertChangeStore(fixture.database)
    const raised = { ...head, kind: 'raised', type: 'temperature_deviation', metric: 'temperature', state } as const
    const outcomes: string[] = []
    for (const change of [raised, raised, { ...head, kind: 'resolved' }, { ...head, kind: 'resolved' }] as const)
      outcomes.push((await changes.apply(change)).outcome)
    expect(outcomes).toEqual(['written', 'unchanged', 'written', 'unchanged'])
    expect(await fixture.transitions()).toEqual(['raised', 'resolved'])
    expect((await alerts.list({ status: ['resolved'], limit: 10 })).items).toMatchObject([{ occurrences: 1 }])
  })

  it('lists by status, severity, type and machine, without the resolved unless asked', async () => {
    const warm = await raise()
    const silent = await raise({ type: 'connection_lost', severity: 'warning' })
    const closed = await raise()
    await alerts.resolve(closed, { by: 'Ana' })
    await alerts.acknowledge(warm, { by: 'Ana' })
    const idsOf = async (query: Partial<Parameters<typeof alerts.list>[0]>) =>
      (await alerts.list({ limit: 100, ...query })).items.map(({ id }) => id).sort()
    expect(await idsOf({})).toEqual([warm, silent].sort())
    expect(await idsOf({ status: ['active'] })).toEqual([silent])
    expect(await idsOf({ status: ['resolved'] })).toEqual([closed])
    expect(await idsOf({ severity: 'warning' })).toEqual([silent])
    expect(await idsOf({ type: 'temperature_deviation' })).toEqual([warm])
    expect(await idsOf({ equipmentId: room.id })).toEqual([warm, silent].sort())
    expect(await idsOf({ equipmentId: unknownId })).toEqual([])
  })

  it('pages from the newest to the oldest without gap or repetition, also at equal times', async () => {
    const ids: string[] = []
    for (const second of [0, 0, 0, 1, 2, 2, 3]) ids.push(await raise({ at: new Date(start + second * 1000) }))
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await alerts.list({ limit: 2, cursor })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toHaveLength(ids.length)
    expect(new Set(seen)).toEqual(new Set(ids))
    expect(seen[0]).toBe(ids.at(-1))
  })

  describe('rules', () => {
    it('are paged without gap or repetition', async () => {
      const made: string[] = []
      for (let count = 0; count < 5; count += 1) made.push((await addRule()).id)
      const first = await rules.list({ limit: 3 })
      const second = await rules.list({ limit: 3, cursor: first.next_cursor ?? undefined })
      // Those of one millisecond are in the order of their ids.
      expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual(made.sort())
      expect(second.next_cursor).toBeNull()
    })

    it('name only machines that exist', async () => {
      const fields = { name: 'Silent', kind: 'no_data', severity: 'critical', equipment_id: unknownId } as const
      await expect(rules.create(fields)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        errors: [{ path: 'equipment_id', message: 'names no equipment that exists' }],
      })
      const { id } = await addRule()
      await expect(rules.replace(id, fields)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    })

    it('move the revision with every change', async () => {
      const revisions = [await rules.revision()]
      const rule = await addRule()
      revisions.push(await rules.revision())
      await rules.replace(rule.id, { name: 'Other', kind: 'no_data', severity: 'info' })
      revisions.push(await rules.revision())
      await rules.remove(rule.id)
      revisions.push(await rules.revision())
      expect([...new Set(revisions)].sort((a, b) => a - b)).toEqual(revisions)
    })

    it('lose what the new form does not say', async () => {
      const { id } = await addRule()
      expect(await rules.replace(id, { name: 'Other', kind: 'no_data', severity: 'info' })).toMatchObject({
        kind: 'no_data',
        metric: null,
        above: null,
      })
    })

    it('close all alerts of theirs when they go, and leave them to be read', async () => {
      const id = await raise()
      const alert = await alerts.get(id)
      expect(await rules.remove(alert?.rule_id ?? '')).toBe(true)
      expect(await rules.remove(unknownId)).toBe(false)
      expect(await alerts.get(id)).toMatchObject({ status: 'resolved', resolved_by: 'rule removed', rule_id: null })
      expect(rung).toHaveLength(1)
    })
  })
})
