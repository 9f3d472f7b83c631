import { type Log, type Reading, silentLog } from '#core'
import { createAlertChangeStore, createAlertRuleStore, createAlertStore } from '#store'
import { type FixtureEquipment, openAlertFixture, readingOf } from '../store/alert-fixture.ts'
import { type AlertEngine, createAlertEngine } from './alert-engine.ts'

export const start = Date.parse('2026-11-20T03:00:00Z')
export const minute = 60_000

export type EngineFixture = Awaited<ReturnType<typeof openEngineFixture>>

/** For tests: engines on a real database, with a clock that the test moves and a cold room that `reset` makes anew. */
export async function openEngineFixture() {
  const fixture = await openAlertFixture()
  const rules = createAlertRuleStore(fixture.database, () => undefined)
  const alerts = createAlertStore(fixture.database, () => undefined)
  const engines: AlertEngine[] = []
  let room = await fixture.addEquipment()
  const heard = { now: start, rung: [] as string[], warnings: [] as string[] }
  const log: Log = { ...silentLog, warn: (_fields, message) => heard.warnings.push(message) }

  return {
    ...fixture,
    rules,
    alerts,
    /** What time it is, and what the engines rang and warned of. */
    heard,
    room: () => room,

    async reset(): Promise<void> {
      await Promise.all(engines.splice(0).map((engine) => engine.idle()))
      await fixture.empty()
      room = await fixture.addEquipment()
      Object.assign(heard, { now: start, rung: [], warnings: [] })
    },

    async startEngine(...watched: FixtureEquipment[]): Promise<AlertEngine> {
      const engine = createAlertEngine({
        rules,
        changes: createAlertChangeStore(fixture.database),
        clock: { now: () => heard.now },
        log,
        onNotifications: (ids) => heard.rung.push(...ids),
      })
      engines.push(engine)
      for (const equipment of watched) engine.watch(equipment)
      await engine.idle()
      return engine
    },

    tooWarm: (fields: object = {}) =>
      rules.create({
        name: 'Too warm',
        kind: 'threshold',
        metric: 'temperature',
        above: 8,
        severity: 'critical',
        ...fields,
      }),

    temperature: (value: number, atMs: number, equipment = room): Reading =>
      readingOf(equipment.id, start + atMs, { temperature: value }),

    async read(engine: AlertEngine, ...readings: Reading[]): Promise<void> {
      engine.readingsAccepted(readings)
      await engine.idle()
    },

    all: async () => (await alerts.list({ status: ['active', 'acknowledged', 'resolved'], limit: 100 })).items,
    states: () => fixture.rows('select phase, side from alert_rule_states'),
  }
}
