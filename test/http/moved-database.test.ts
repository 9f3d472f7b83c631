import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Reading, silentLog } from '#core'
import { copyDatabase, createReadingWriter, createRollupStore, type Database, openDatabase } from '#store'
import { createTemporaryDatabase, timescaleUrl } from '../setup/temporary-database.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

const migrations = join(import.meta.dirname, '../../migrations')
const day = 86_400_000
const begin = Math.floor(Date.now() / day) * day - 3 * day
const everyMs = 97_000
const lateAt = begin + 30 * 3_600_000 + 1

const ways = [
  ['embedded', 'embedded'],
  ['embedded', 'timescale'],
  ['timescale', 'embedded'],
] as const

describe.each(timescaleUrl ? ways : ways.slice(0, 1))(
  'a database that is copied from %s to %s',
  (fromWhere, toWhere) => {
    let before: HttpRig
    let after: HttpRig
    let target: Database
    let id: string

    const answers = async (rig: HttpRig) => {
      const span = `start=${iso(begin + 3_723_456)}&end=${iso(begin + 3 * day + 5_000_000)}`
      const paths = [
        ...[
          '&limit=10000',
          '&interval=1d',
          '&interval=1h',
          '&interval=5m&limit=1000',
          '&points=100',
          '&format=csv',
        ].map((rest) => `/equipment/${id}/sensor-history?${span}${rest}`),
        `/equipment/${id}/sensor-history?start=2001-01-01T00:00:00Z&end=2001-01-31T00:00:00Z&interval=1h`,
        `/equipment/${id}`,
        '/audit-log',
      ]
      const told: Record<string, unknown> = {}
      for (const path of paths) {
        const { status, text } = await rig.call('GET', `/api/v1${path}`, { key: before.adminKey })
        told[path] = { status, text }
      }
      return told
    }

    beforeAll(async () => {
      before = await startHttpRig({ temporary: await createTemporaryDatabase({ on: fromWhere }) })
      const { body } = await before.call('POST', '/api/v1/equipment', { body: { name: 'Oven', type: 'deck_oven' } })
      id = body.id
      const readings = [reading(id, Date.UTC(2001, 0, 2))]
      for (let time = begin; time < Date.now() - 120_000; time += everyMs) readings.push(reading(id, time))
      for (let from = 0; from < readings.length; from += 2_000) {
        await before.readings.write(readings.slice(from, from + 2_000))
      }
      await createRollupStore(before.database).fill(new AbortController().signal)
      await before.readings.write([{ ...reading(id, lateAt), values: { temperature: 999 } }])
      const temporary = await createTemporaryDatabase({ on: toWhere })
      target = openDatabase(temporary.url, silentLog)
      await before.database.bulk`insert into workers (instance_id, seen_at) values ('w1', now())`
      await expect(copy()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/stop Bakewire/) })
      await before.database.bulk`update workers set seen_at = now() - interval '1 minute'`
      await target.bulk`alter table rollup_marks add constraint refuses check (equipment_id is null)`
      await expect(copy()).rejects.toMatchObject({ code: 'INTERNAL' })
      await target.bulk`alter table rollup_marks drop constraint refuses`
      expect(await copy()).toBe(toWhere === 'timescale' ? 'timescale' : 'plain')
      after = await startHttpRig({ temporary })
    })
    afterAll(async () => {
      await target?.close()
      await after?.stop()
      await before?.stop()
    })

    const copy = () => copyDatabase({ from: before.database.bulk, to: target.bulk }, migrations, silentLog)

    it('answers as before', async () => {
      const told = await answers(before)
      expect(Object.values(told).map((one) => (one as { status: number }).status)).toEqual(
        Object.keys(told).map(() => 200),
      )
      expect(await answers(after)).toEqual(told)
    })

    it('rolls up what came late before it was copied, and what comes after', async () => {
      const historyOf = async () =>
        (
          await after.call(
            'GET',
            `/api/v1/equipment/${id}/sensor-history?start=${iso(begin)}&end=${iso(begin + 2 * day)}&interval=1d`,
            {
              key: before.adminKey,
            },
          )
        ).body
      await createReadingWriter(after.database.bulk).write([
        { ...reading(id, begin + everyMs + 5), values: { temperature: 888 } },
      ])
      expect(await createRollupStore(after.database).fill(new AbortController().signal)).toMatchObject({ lateHours: 2 })
      expect(await historyOf()).toMatchObject({
        source: '1d',
        readings: [{ temperature: { max: 888 } }, { temperature: { max: 999 } }],
      })
    })

    it('goes on counting where it stood', async () => {
      const key = before.adminKey
      const entries = async () => (await after.call('GET', '/api/v1/audit-log', { key })).body.items.length
      const told = await entries()
      await after.call('POST', '/api/v1/equipment', { key, body: { name: 'Proofer', type: 'proofer' } })
      expect(await entries()).toBe(told + 1)
    })

    it('is copied into nothing that is in use', async () => {
      await target.bulk`insert into installation (key, value) values ('id', '"another"')`
      await expect(copy()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/in use/) })
    })
  },
)

const iso = (time: number) => new Date(time).toISOString()

function reading(equipmentId: string, readingTime: number): Reading {
  const index = Math.round((readingTime - begin) / everyMs)
  return {
    equipmentId,
    readingTime,
    sourceTime: index % 7 === 0 ? readingTime - 1 : null,
    values: { temperature: (((index * 7) % 64) + 64) % 64, energy_consumption_kwh: Math.max(0, index) / 3 },
    zones: index % 3 === 0 ? null : { top: index % 16, core: index % 8 },
    additional: { mode: 'au"t\\o\n\t', lamp: index % 2 === 0 },
    quality: index % 11 === 0 ? { temperature: 'UNCERTAIN' } : null,
  }
}
