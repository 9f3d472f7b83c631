import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '#core'
import { createAlertRuleStore, createAlertStore, createSilenceStore, createWorkerStore } from '#store'
import { type AlertFixture, type FixtureEquipment, openAlertFixture } from '../store/alert-fixture.ts'
import { createSilenceJudge } from './silence-judge.ts'

const nobody = () => undefined
const second = 1000

describe('createSilenceJudge', () => {
  let fixture: AlertFixture
  let rules: ReturnType<typeof createAlertRuleStore>
  let alerts: ReturnType<typeof createAlertStore>
  let room: FixtureEquipment
  let rung: string[]

  beforeAll(async () => {
    fixture = await openAlertFixture()
    rules = createAlertRuleStore(fixture.database, nobody)
    alerts = createAlertStore(fixture.database, nobody)
  })
  afterAll(() => fixture.close())
  beforeEach(async () => {
    await fixture.empty()
    await fixture.rows(`delete from installation where key = 'silence_looked_for'`)
    rung = []
    room = await fixture.addEquipment()
    await configuredAgo(room, 3600)
  })

  /** Judges once, in the name of a process that has looked without a break for so long. */
  const judge = (lookedForMs = 86_400_000) => {
    const times = [0, lookedForMs]
    return createSilenceJudge({
      silence: createSilenceStore(fixture.database),
      clock: { monotonic: () => times.shift() ?? lookedForMs },
      log: silentLog,
      onNotifications: (ids) => rung.push(...ids),
    })()
  }
  const silentFor900 = (fields: object = {}) =>
    rules.create({ name: 'Silent', kind: 'no_data', for_seconds: 900, severity: 'critical', ...fields })
  const configuredAgo = (equipment: FixtureEquipment, seconds: number) =>
    fixture.rows(
      `update equipment set iot_configured_at = now() - interval '${seconds} seconds' where id = '${equipment.id}'`,
    )
  const readAgo = (seconds: number, equipment = room) =>
    fixture.storeReading(equipment.id, new Date(Date.now() - seconds * second))
  const all = async () => (await alerts.list({ status: ['active', 'acknowledged', 'resolved'], limit: 100 })).items

  it('raises once when the last reading is too old, and resolves when there is data again', async () => {
    await silentFor900()
    await fixture.addWebhook()
    await readAgo(1000)
    await judge()
    await judge()
    expect(await all()).toMatchObject([
      {
        type: 'connection_lost',
        status: 'active',
        title: 'Cold room 2: Silent',
        message: 'Cold room 2: no data for 16 min',
        metric: null,
        value: null,
        threshold: 900,
      },
    ])
    await readAgo(1)
    await judge()
    expect(await all()).toMatchObject([{ status: 'resolved', resolved_by: null }])
    expect(await fixture.transitions()).toEqual(['raised', 'resolved'])
    expect((await fixture.outbox()).map(({ id }) => id)).toEqual(rung)
    expect(await fixture.rows(`select texts from alert_transitions where kind = 'resolved'`)).toMatchObject([
      { texts: { en: { message: 'Cold room 2: data again after 16 min' } } },
    ])
  })

  it.each([
    ['before it was due', -60, 0],
    ['for less than the rule says since it was due', 600, 0],
    ['for longer', 960, 1],
  ])('judges a machine with a cron that is silent %s', async (_name, dueSecondsAgo, raised) => {
    await silentFor900()
    await configuredAgo(room, 7 * 86_400)
    const due = new Date(Date.now() - dueSecondsAgo * second)
    const expression = `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`
    await fixture.rows(
      `update equipment set poll_cron = '{"expression": "${expression}", "timezone": "UTC"}' where id = '${room.id}'`,
    )
    await readAgo(dueSecondsAgo + 86_400 - 60)
    await judge()
    expect(await all()).toHaveLength(raised)
  })

  it.each<[string, number | undefined, number, number]>([
    ['a machine that is heard', 899, 3600, 0],
    ['a machine that is silent', 901, 3600, 1],
    ['a machine that was never heard', undefined, 901, 1],
    ['a machine that was never heard and is new', undefined, 899, 0],
    ['a machine that was silent before it was configured anew', 5000, 60, 0],
  ])('judges %s', async (_name, readSecondsAgo, configuredSecondsAgo, raised) => {
    await silentFor900()
    await configuredAgo(room, configuredSecondsAgo)
    if (readSecondsAgo !== undefined) await readAgo(readSecondsAgo)
    await judge()
    expect(await all()).toHaveLength(raised)
  })

  it.each<[string, number, number]>([
    ['a silence that is older than a process that just started', 1, 0],
    ['a silence that is younger than the process', 902, 1],
    ['an older silence once the process has been there for a while', 30, 1],
  ])('judges %s', async (_name, upForSeconds, raised) => {
    await silentFor900()
    await readAgo(901)
    await judge(upForSeconds * second)
    expect(await all()).toHaveLength(raised)
  })

  it.each<[string, object, number]>([
    ['of this machine', {}, 1],
    ['of its type', { equipment_type: 'cold_room' }, 1],
    ['of another type', { equipment_type: 'deck_oven' }, 0],
    ['that is off', { enabled: false }, 0],
    ['of another kind', { kind: 'state', metric: 'door_status', equals: 'open' }, 0],
  ])('judges by a rule %s', async (_name, fields, raised) => {
    await silentFor900(fields)
    await judge()
    expect(await all()).toHaveLength(raised)
  })

  it.each<[string, string, number]>([
    ['a machine whose living worker has readings that wait to be stored', "now() - interval '2 seconds'", 0],
    ['a machine whose worker was last seen long ago', "now() - interval '1 minute'", 1],
  ])('judges %s', async (_name, seenAt, raised) => {
    await silentFor900()
    await readAgo(901)
    await createWorkerStore(fixture.database).report('test', { unstoredForMs: 600_000 })
    await fixture.rows(`update workers set seen_at = ${seenAt}`)
    await judge()
    expect(await all()).toHaveLength(raised)
    await fixture.rows('delete from workers')
  })

  it('raises nothing of a silence in a database that nobody looked at for long, as in a backup, until it has been looked at', async () => {
    await silentFor900()
    await readAgo(901)
    await fixture.rows(`insert into installation (key, value) values ('silence_looked_for', jsonb_build_object(
      'since', now() - interval '9 days', 'until', now() - interval '1 day'))`)
    await judge()
    await judge()
    expect(await all()).toEqual([])
    await fixture.rows(`update installation set value = value || jsonb_build_object('since', now() - interval '30 seconds')
      where key = 'silence_looked_for'`)
    await judge()
    expect(await all()).toHaveLength(1)
  })

  it('judges a machine whose worker has stored everything', async () => {
    await silentFor900()
    await readAgo(901)
    const reports = createWorkerStore(fixture.database)
    await reports.report('test', { unstoredForMs: 600_000 })
    await reports.report('test', { unstoredForMs: 0 })
    await judge()
    expect(await all()).toHaveLength(1)
    await fixture.rows('delete from workers')
  })

  it('raises what somebody has resolved only after data has come once', async () => {
    await silentFor900()
    await judge()
    const [alert] = await all()
    await alerts.resolve(alert?.id ?? '', { by: 'Ana' })
    await judge()
    expect(await all()).toHaveLength(1)
    await readAgo(10)
    await judge()
    await fixture.rows('truncate equipment_sensor_readings')
    await judge()
    expect(await all()).toMatchObject([{ status: 'active' }, { status: 'resolved', resolved_by: 'Ana' }])
  })

  it('raises once when many processes judge at the same time', async () => {
    await silentFor900()
    await Promise.all(Array.from({ length: 8 }, judge))
    expect(await fixture.transitions()).toEqual(['raised'])
  })

  it('leaves it to the process that is at it', async () => {
    await silentFor900()
    await fixture.database.db.transaction(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(5512003)')
      await judge()
      expect(await all()).toEqual([])
    })
    await judge()
    expect(await all()).toHaveLength(1)
  })

  it.each<[string, string, string]>([
    ['is paused', 'iot_enabled = false', 'equipment paused'],
    ['is unconfigured', 'iot_configured_at = null', 'equipment paused'],
    ['is no longer what the rule is for', `type = 'mixer'`, 'rule removed'],
  ])('ends the alerts of a machine that %s', async (_name, change, by) => {
    await silentFor900({ equipment_type: 'cold_room' })
    await judge()
    await fixture.rows(`update equipment set ${change} where id = '${room.id}'`)
    await judge()
    expect(await all()).toMatchObject([{ status: 'resolved', resolved_by: by }])
    expect(await fixture.rows('select 1 from alert_rule_states')).toEqual([])
    expect(await fixture.transitions()).toEqual(['raised', `resolved by ${by}`])
  })

  it('leaves the other machines alone', async () => {
    const oven = await fixture.addEquipment({ name: 'Oven', type: 'deck_oven' })
    await configuredAgo(oven, 3600)
    await silentFor900()
    await readAgo(1, oven)
    await judge()
    expect((await all()).map(({ equipment_name }) => equipment_name)).toEqual(['Cold room 2'])
  })
})
