import { describe, expect, it } from 'vitest'
import { limits } from '#core'
import type { DatabaseCondition } from '#store'
import { conditionParts, diskState } from './condition-parts.ts'

const now = Date.UTC(2026, 10, 25)
const migrations = ['0001_equipment.sql', '0002_readings.plain.sql', '0002_readings.timescale.sql']
const own = { migrations, askedAt: now, tookMs: 10 }
const plain: DatabaseCondition = {
  now,
  migrations: migrations.slice(0, 2),
  workers: 1,
  hasTomorrow: true,
  rollupLagSeconds: 3_600,
  timescale: undefined,
}
const full = { licence: 'timescale', hasColumnstorePolicy: true, failedJobs: [] }
const timescale: DatabaseCondition = { ...plain, hasTomorrow: undefined, timescale: full }

describe('the condition of a database', () => {
  it.each([
    ['plain', plain],
    ['with TimescaleDB', timescale],
  ])('that is in order, %s, asks for nothing', (_name, condition) => {
    const parts = conditionParts(condition, own)
    expect(Object.keys(parts)).toEqual(['schema', 'readings', 'rollups', 'workers', 'clock'])
    for (const part of Object.values(parts)) expect(part).toEqual({ state: 'ok', detail: expect.any(String) })
  })

  it.each<[string, string, DatabaseCondition, RegExp]>([
    ['a newer release', 'schema', { ...plain, migrations: [...migrations, '0099_new.sql'] }, /0099_new\.sql/],
    ['no partition for tomorrow', 'readings', { ...plain, hasTomorrow: false }, /partition/],
    ['a lesser licence', 'readings', { ...timescale, timescale: { ...full, licence: 'apache' } }, /licence apache/],
    ['no licence at all', 'readings', { ...timescale, timescale: { ...full, licence: undefined } }, /not loaded/],
    ['no policy', 'readings', { ...timescale, timescale: { ...full, hasColumnstorePolicy: false } }, /policy/],
    [
      'a failed job',
      'readings',
      { ...timescale, timescale: { ...full, failedJobs: ['Columnstore Policy [1000]'] } },
      /Columnstore Policy \[1000\]/,
    ],
    ['roll-ups that lag', 'rollups', { ...plain, rollupLagSeconds: 5_400 }, /end 1\.5 h ago/],
    ['no worker', 'workers', { ...plain, workers: 0 }, /no process polls/],
    ['a clock ahead', 'clock', { ...plain, now: now - 2_100 }, /2\.1 s ahead of/],
    ['a clock behind', 'clock', { ...plain, now: now + 60_000 }, /60\.0 s behind/],
  ])('with %s says so under %s, with what to do', (_name, part, condition, words) => {
    const { [part]: told, ...others } = conditionParts(condition, own)
    expect(told).toEqual({
      state: 'degraded',
      detail: expect.stringMatching(words),
      advice: expect.any(String),
    })
    expect(Object.values(others).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok'])
  })

  it('counts the way of the question for no difference of clocks', () => {
    const { clock } = conditionParts({ ...plain, now: now + 2_900 }, { ...own, tookMs: 2_000 })
    expect(clock?.state).toBe('ok')
  })
})

describe('the disk', () => {
  it.each([
    [limits.spoolBytesMax, 'ok'],
    [limits.spoolBytesMax - 1, 'degraded'],
    [undefined, 'degraded'],
  ] as const)('with %s bytes free is %s', (free, state) => {
    expect(diskState(free, limits.spoolBytesMax).state).toBe(state)
  })
})
