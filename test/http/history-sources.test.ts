import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reading } from '#core'
import { createRollupStore } from '#store'
import { type BucketGrid, evenGrid, localGrid } from '../../src/http/history/bucket-grid.ts'
import { foldBuckets } from '../../src/http/history/fold-buckets.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

const day = 86_400_000
/** Six whole days that are over, and today so far: a reading every 97 s, so that none keeps step with a bucket; more minutes than are read at once. */
const begin = Math.floor(Date.now() / day) * day - 6 * day
const everyMs = 97_000

let rig: HttpRig
let id: string
beforeAll(async () => {
  rig = await startHttpRig()
  id = await rig.machine('Oven')
  const readings: Reading[] = []
  for (let time = begin; time < Date.now(); time += everyMs) readings.push(reading(time))
  for (let from = 0; from < readings.length; from += 2_000) await rig.readings.write(readings.slice(from, from + 2_000))
  await createRollupStore(rig.database).fill(new AbortController().signal)
  // After its hour was filled, and not filled again.
  await rig.readings.write([{ ...reading(begin + 30 * 3_600_000 + 1), values: { temperature: 999 } }])
})
afterAll(() => rig.stop())

function reading(readingTime: number): Reading {
  const index = Math.round((readingTime - begin) / everyMs)
  return {
    equipmentId: id,
    readingTime,
    sourceTime: null,
    // Set back now and then, also at edges of buckets.
    values: {
      temperature: (index * 7) % 64,
      energy_consumption_kwh: (index % 37) / 4,
      ...(index % 5 === 0 ? { operational_status: index % 2 ? 'running' : 'ready' } : {}),
    },
    zones: index % 3 === 0 ? null : { top: index % 16, core: index % 8 },
    additional: { fan: index % 32, mode: index % 4 === 0 ? index % 8 : 'auto', lamp: index % 2 === 0 },
    quality: index % 11 === 0 ? { temperature: 'UNCERTAIN', 'additional.fan': 'IMPLAUSIBLE' } : null,
  }
}

const iso = (time: number) => new Date(time).toISOString()
const history = async (query: string) => (await rig.call('GET', `/api/v1/equipment/${id}/sensor-history?${query}`)).body

/** Every reading of the span, and the buckets that they come to. */
async function fromReadings(start: number, end: number, grid: BucketGrid, metrics: string) {
  const fold = foldBuckets(grid)
  const { readings } = await history(`start=${iso(start)}&end=${iso(end)}&limit=10000${metrics}`)
  const complete = readings.flatMap(
    (row: { reading_time: string }) => fold.add(Date.parse(row.reading_time), row) ?? [],
  )
  const rest = fold.rest()
  return rest ? [...complete, rest] : complete
}

describe('buckets made of roll-ups', () => {
  it.each([
    ['1d', day, '1d'],
    ['2d', 2 * day, '1d'],
    ['6h', day / 4, '1h'],
    ['1h', day / 24, '1h'],
    ['90m', day / 16, '1m'],
    ['5m', 300_000, '1m'],
    ['90s', 90_000, 'raw'],
  ] as const)('of %s are those of the readings', async (interval, widthMs, source) => {
    // Both ends lie within buckets, the later one after the last that is filled.
    const [start, end] = [begin + 3_723_456, Date.now()]
    for (const metrics of ['', '&metrics=temperature,temperature_zones.top,additional.mode']) {
      const body = await history(`start=${iso(start)}&end=${iso(end)}&interval=${interval}&limit=10000${metrics}`)
      expect(body.source).toBe(source)
      expect(body.readings).toEqual(await fromReadings(start, end, evenGrid(widthMs), metrics))
    }
  })

  it.each([
    ['Europe/Berlin', '1d', day, '1h'],
    ['Europe/Berlin', '6h', day / 4, '1h'],
    ['America/New_York', '2d', 2 * day, '1h'],
    ['Asia/Kolkata', '1d', day, '1m'],
    ['Asia/Kathmandu', '1h', day / 24, '1m'],
    ['UTC', '1d', day, '1d'],
  ] as const)('of %s by %s are those of the readings, on pages too', async (timezone, interval, widthMs, source) => {
    const [start, end] = [begin + 3_723_456, Date.now()]
    const query = `start=${iso(start)}&end=${iso(end)}&interval=${interval}&timezone=${timezone}`
    const body = await history(`${query}&limit=10000`)
    expect(body).toMatchObject({ source, timezone, interval: widthMs / 1_000 })
    const expected = await fromReadings(start, end, localGrid(widthMs, timezone), '')
    expect(body.readings).toEqual(expected)
    const paged: unknown[] = []
    for (let cursor: string | null = ''; cursor !== null && paged.length < expected.length; ) {
      const page = await history(`${query}&limit=${Math.ceil(expected.length / 3)}${cursor && `&cursor=${cursor}`}`)
      paged.push(...page.readings)
      cursor = page.next_cursor
    }
    expect(paged).toEqual(expected)
  })

  it('hold what came late and was not filled again', async () => {
    const { readings } = await history(`start=${iso(begin)}&end=${iso(begin + 2 * day)}&interval=1d`)
    expect(readings.map((bucket: { temperature: { max: number } }) => bucket.temperature.max)).toEqual([63, 999])
  })

  it('page by page are those at once, and those of an export', async () => {
    const span = `start=${iso(begin + 1_000)}&end=${iso(Date.now())}&interval=12h`
    const { readings } = await history(`${span}`)
    const paged = []
    for (let cursor = ''; ; ) {
      const page = await history(`${span}&limit=2${cursor}`)
      paged.push(...page.readings)
      if (page.next_cursor === null) break
      cursor = `&cursor=${page.next_cursor}`
    }
    expect(paged).toEqual(readings)
    const { text } = await rig.call('GET', `/api/v1/equipment/${id}/sensor-history?${span}&format=ndjson`)
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(readings)
  })
})
