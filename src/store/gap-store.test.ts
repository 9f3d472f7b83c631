import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createPollTimes, type Gap, silentLog } from '#core'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { type Database, openDatabase } from './database.ts'
import { createEquipmentStore, type EquipmentStore, type StoredConfiguration } from './equipment-store.ts'
import { createGapStore, type GapStore } from './gap-store.ts'
import { migrate } from './migrate.ts'
import { createReadingWriter } from './reading-writer.ts'
import { createSecretBox } from './secret-box.ts'

let temporary: TemporaryDatabase
let database: Database
let equipment: EquipmentStore
let gaps: GapStore
let id: string

beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  database = openDatabase(temporary.url, silentLog)
  await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
  equipment = createEquipmentStore(database, createSecretBox([{ id: 'k1', key: Buffer.alloc(32, 'key') }]))
  gaps = createGapStore(database)
})
afterAll(async () => {
  await database.close()
  await temporary.drop()
})

const configuration: StoredConfiguration = {
  protocol: 'modbus',
  endpoint: '192.0.2.7',
  port: 502,
  credentials: {},
  config: {},
  linkKey: 'modbus:192.0.2.7:502',
  pollIntervalSeconds: 30,
  derived: {
    supports_realtime: true,
    temperature_zones: 0,
    supports_humidity: false,
    supports_energy_monitoring: false,
    supports_remote_control: false,
  },
}

const second = 1_000
/** An hour ago, after the machine was configured. */
const start = Date.now() - 3_600 * second
const at = (seconds: number) => new Date(start + seconds * second)

beforeEach(async () => {
  id = (await equipment.create({ name: 'Oven', type: 'other' })).id
  await equipment.configure(id, configuration, () => undefined)
  await database.bulk`update equipment set iot_configured_at = ${at(-3_600)} where id = ${id}`
})

const gapOf = (from: number, to: number | null, more: Partial<Gap> = {}): Gap => ({
  equipmentId: id,
  from: at(from).getTime(),
  to: to === null ? null : at(to).getTime(),
  reason: 'machine_off',
  detail: 'UNREACHABLE',
  intervalMs: 30 * second,
  ...more,
})

/** Start and end in seconds, and why; first those that began first. */
async function stored() {
  const { items } = await gaps.list(id, { start: new Date(0), end: new Date(), limit: 100 })
  const seconds = (time: Date | null) => (time === null ? null : Math.round((time.getTime() - start) / second))
  return items.map((gap) => [seconds(gap.started_at), seconds(gap.ended_at), gap.reason, gap.detail]).reverse()
}

async function write(seconds: number, quality: 'BACKFILLED' | null = null) {
  const reading = {
    equipmentId: id,
    readingTime: at(seconds).getTime(),
    sourceTime: null,
    zones: null,
    additional: null,
  }
  const marks = quality && { temperature: quality }
  await createReadingWriter(database.bulk).write([{ ...reading, values: { temperature: 20 }, quality: marks }])
}

it('opens a gap once and closes it, however often it is told, and keeps the reason that it began with', async () => {
  await gaps.record([gapOf(0, null), gapOf(0, null, { reason: 'network' })])
  expect(await stored()).toEqual([[0, null, 'machine_off', 'UNREACHABLE']])
  const closed = gapOf(0, 600, { reason: 'restart', detail: null })
  await gaps.record([closed])
  await gaps.record([gapOf(0, 600)])
  expect(await stored()).toEqual([[0, 600, 'machine_off', 'UNREACHABLE']])
})

it('joins gaps of one reason that follow closely, and opens them again', async () => {
  await gaps.record([gapOf(0, 60), gapOf(120, 180), gapOf(240, null)])
  expect(await stored()).toEqual([[0, null, 'machine_off', 'UNREACHABLE']])
  await gaps.record([gapOf(240, 300), gapOf(330, 390, { reason: 'credentials' }), gapOf(420, 480), gapOf(800, 900)])
  expect(await stored()).toEqual([
    [0, 300, 'machine_off', 'UNREACHABLE'],
    [330, 390, 'credentials', 'UNREACHABLE'],
    [420, 480, 'machine_off', 'UNREACHABLE'],
    [800, 900, 'machine_off', 'UNREACHABLE'],
  ])
})

it('tells what has arrived in a gap meanwhile, and what of it the machine had kept', async () => {
  for (const seconds of [0, 600]) await write(seconds)
  for (const seconds of [30, 60]) await write(seconds, 'BACKFILLED')
  await gaps.record([gapOf(0, 600)])
  await write(90)
  const { items } = await gaps.list(id, { start: at(10), end: at(20), limit: 1 })
  expect(items).toMatchObject([{ stored: 3, backfilled: 2, lost: null }])
  expect((await gaps.list(id, { start: at(600), end: at(700), limit: 1 })).items).toEqual([])
})

it('has no gap where another worker has read the machine meanwhile', async () => {
  for (const seconds of [30, 60, 90]) await write(seconds)
  await gaps.record([gapOf(0, 120, { reason: 'late', detail: null })])
  expect(await stored()).toEqual([])
  await gaps.record([gapOf(0, 600, { reason: 'late', detail: null })])
  expect(await stored()).toEqual([[90, 600, 'late', null]])
  await write(Math.round((Date.now() - start) / second) - 5)
  await gaps.record([gapOf(620, null)])
  expect(await stored()).toEqual([[90, 600, 'late', null]])
})

it('gives gaps page by page', async () => {
  await gaps.record([gapOf(0, 60), gapOf(900, 960), gapOf(1_800, null)])
  const span = { start: new Date(0), end: new Date(), limit: 2 }
  const first = await gaps.list(id, span)
  expect(first.items.map(({ started_at }) => started_at)).toEqual([at(1_800), at(900)])
  const second = await gaps.list(id, { ...span, cursor: first.next_cursor ?? undefined })
  expect(second.items.map(({ started_at }) => started_at)).toEqual([at(0)])
  expect(second.next_cursor).toBeNull()
})

it('counts readings that were dropped, beside a gap that is open, and once', async () => {
  await gaps.record([gapOf(0, null)])
  const dropped = gapOf(60, 90, { reason: 'dropped', detail: 'the spool is full', lost: 2 })
  await gaps.record([dropped])
  await gaps.record([dropped])
  await gaps.record([gapOf(120, 180, { reason: 'dropped', detail: 'the spool is full', lost: 3 })])
  const { items } = await gaps.list(id, { start: new Date(0), end: new Date(), limit: 9 })
  expect(items).toMatchObject([
    { reason: 'dropped', lost: 5, started_at: at(60), ended_at: at(180) },
    { reason: 'machine_off', lost: null, ended_at: null },
  ])
})

it('ends a gap when a machine is paused, and the pause when it goes on; who paused it is told', async () => {
  await gaps.record([gapOf(0, null)])
  await equipment.update(id, { iot_enabled: false, paused_by: 'Anna' })
  await equipment.update(id, { iot_enabled: false, paused_by: 'Bert' })
  await gaps.record([gapOf(0, null), gapOf(0, 60)])
  expect(await stored()).toEqual([
    [0, expect.any(Number), 'machine_off', 'UNREACHABLE'],
    [expect.any(Number), null, 'paused', 'Anna'],
  ])
  await equipment.update(id, { iot_enabled: true })
  await gaps.record([gapOf(0, null)])
  expect((await stored()).map(([, end]) => end)).toEqual([expect.any(Number), expect.any(Number)])
})

it('expects nothing of a machine whose configuration is deleted, and keeps the intervals that were in force', async () => {
  await gaps.record([gapOf(0, null)])
  await equipment.configure(id, configuration, () => undefined)
  await equipment.configure(id, { ...configuration, pollIntervalSeconds: 60 }, () => undefined)
  await equipment.unconfigure(id)
  expect(await stored()).toEqual([[0, expect.any(Number), 'machine_off', 'UNREACHABLE']])
  expect((await gaps.intervals(id)).map(({ intervalMs }) => intervalMs)).toEqual([30_000, 60_000, null])
})

it('keeps the cron by which readings were missed, and those that were in force', async () => {
  const cron = { expression: '*/5 * * * *', timezone: 'Europe/Berlin' }
  const times = createPollTimes(cron)
  for (const pollCron of [cron, cron, null]) {
    await equipment.configure(id, { ...configuration, pollIntervalSeconds: 300, pollCron }, () => undefined)
  }
  expect((await gaps.intervals(id)).map((one) => one.times?.cron)).toEqual([undefined, cron, undefined])
  await database.bulk`update equipment set iot_configured_at = ${at(-3_600)} where id = ${id}`
  await gaps.record([
    gapOf(0, 600, { intervalMs: 300 * second, times }),
    gapOf(660, 1_200, { intervalMs: 300 * second }),
  ])
  const { items } = await gaps.list(id, { start: at(-1), end: at(2_000), limit: 10 })
  expect(items.map(({ poll_cron }) => poll_cron)).toEqual([null, cron])
})

it('leaves out a gap of a cron that a reading of another worker has made short, and no other', async () => {
  const times = createPollTimes({ expression: '*/5 * * * *', timezone: 'UTC' })
  const due = times.previous(Date.now() - 1_200 * second)
  const gap = (from: number, to: number): Gap => ({
    ...gapOf(0, 0, { intervalMs: 60 * second, times, reason: 'restart', detail: null }),
    from: due + from * second,
    to: due + to * second,
  })
  await write((due - start) / second + 1)
  await gaps.record([gap(-600, 302)])
  expect(await stored()).toEqual([])
  await gaps.record([gap(-600, 460)])
  expect(await stored()).toHaveLength(1)
})

it('tells how machines stand, and ends a gap whose end nobody could tell', async () => {
  const standing = async () => (await gaps.begin([id])).get(id)
  expect(await standing()).toEqual({ since: at(-3_600).getTime(), isOpen: false })
  await write(0)
  await gaps.record([gapOf(0, null)])
  expect(await standing()).toEqual({ since: at(0).getTime(), isOpen: true })
  for (const seconds of [600, 630]) await write(seconds)
  expect(await standing()).toEqual({ since: at(630).getTime(), isOpen: false })
  expect(await stored()).toEqual([[0, 600, 'machine_off', 'UNREACHABLE']])
})

it('shortens a gap by readings that were stored late, and leaves it out when they leave none', async () => {
  const restart = { reason: 'restart', detail: null } as const
  await write(120)
  await write(600, 'BACKFILLED')
  await gaps.record([gapOf(0, 900, restart)])
  expect(await stored()).toEqual([[120, 900, 'restart', null]])
  await write(1_830)
  await gaps.record([gapOf(1_800, 1_860, restart)])
  expect(await stored()).toHaveLength(1)
  await gaps.record([gapOf(1_800, null), gapOf(1_800, 1_860, restart)])
  expect((await stored()).at(-1)).toEqual([1_830, 1_860, 'machine_off', 'UNREACHABLE'])
})

it('leaves out a machine that was deleted', async () => {
  const gap = gapOf(0, null)
  await equipment.remove(id)
  await expect(gaps.record([gap])).resolves.toBeUndefined()
  expect(await gaps.begin([id])).toEqual(new Map())
})

it('counts the readings of the days of a time zone, of which some have 23 or 25 hours', async () => {
  const span = { first: '2026-03-28', last: '2026-03-30', timezone: 'Europe/Berlin' }
  const reading = { equipmentId: id, sourceTime: null, zones: null, additional: null, quality: null }
  const times = ['2026-03-28T22:59:59.999Z', '2026-03-28T23:00:00Z', '2026-03-29T21:59:59.999Z', '2026-03-29T22:00:00Z']
  await createReadingWriter(database.bulk).write(
    times.map((time) => ({ ...reading, readingTime: Date.parse(time), values: { temperature: 20 } })),
  )
  expect(await gaps.storedByDay(id, span)).toEqual([
    { day: '2026-03-28', from: new Date('2026-03-27T23:00Z'), to: new Date('2026-03-28T23:00Z'), stored: 1 },
    { day: '2026-03-29', from: new Date('2026-03-28T23:00Z'), to: new Date('2026-03-29T22:00Z'), stored: 2 },
    { day: '2026-03-30', from: new Date('2026-03-29T22:00Z'), to: new Date('2026-03-30T22:00Z'), stored: 1 },
  ])
})
