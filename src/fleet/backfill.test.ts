import { expect, it, onTestFinished, vi } from 'vitest'
import type { Kept } from '#connector'
import { createFold, limits, type Reading } from '#core'
import type { HistorySpan } from '#session'
import { soon } from '../../test/setup/soon.ts'
import { createBackfill } from './backfill.ts'

const noon = Date.UTC(2026, 10, 26, 12)
const seconds = 1_000
const points = [
  { metric: 'temperature', unit: '[degF]', address: {} },
  { metric: 'additional.fan', address: {} },
]
const target = {
  equipmentId: 'e',
  endpoint: 'h',
  port: 1,
  credentials: {},
  settings: {},
  timeoutMs: 1,
  points,
}
const moment = (time: number, value: number | string = 356): Kept => ({
  time,
  samples: [{ metric: 'temperature', value, quality: 'good' }],
})

function startBackfill({
  kept = [] as readonly Kept[],
  last = undefined as number | undefined,
  ask = undefined as ((span: HistorySpan) => Promise<Kept[]>) | undefined,
} = {}) {
  const spans: HistorySpan[] = []
  const filled: Reading[] = []
  const failures: unknown[] = []
  const ending = new AbortController()
  onTestFinished(() => ending.abort())
  const backfill = createBackfill({
    target,
    intervalMs: 5 * seconds,
    fold: createFold('e', points),
    lastBefore: async () => last,
    ask: async (span) => {
      spans.push(span)
      if (ask) return ask(span)
      return kept.filter(({ time }) => time >= span.from && time < span.to).slice(0, span.limit)
    },
    onReadings: (readings) => filled.push(...readings),
    onFailure: (error) => failures.push(error),
    signal: ending.signal,
  })
  return { backfill, spans, filled, failures, ending }
}

it('asks for what was missed since the machine was last read, by whichever worker', async () => {
  const kept = [
    moment(noon - 90 * seconds),
    moment(noon - 60 * seconds),
    moment(noon - 30 * seconds, 392),
    moment(noon),
  ]
  const { backfill, spans, filled } = startBackfill({ kept, last: noon - 80 * seconds })
  backfill.answered(noon)
  await vi.waitFor(() => expect(filled).toHaveLength(2), soon)
  expect(spans).toEqual([{ from: noon - 80 * seconds + 1, to: noon, limit: limits.backfillPageRows }])
  expect(filled).toEqual(
    [
      [noon - 60 * seconds, 180],
      [noon - 30 * seconds, 200],
    ].map(([time, temperature]) => ({
      equipmentId: 'e',
      readingTime: time,
      sourceTime: time,
      values: { temperature },
      zones: null,
      additional: null,
      quality: { temperature: 'BACKFILLED' },
    })),
  )
})

it('asks once for each gap, and not for polls that were a little late', async () => {
  const { backfill, spans } = startBackfill({ last: noon - 5 * seconds })
  for (const at of [0, 5, 10, 24, 38, 60, 65, 90]) backfill.answered(noon + at * seconds)
  await vi.waitFor(() => expect(spans).toHaveLength(2), soon)
  expect(spans.map(({ from, to }) => [from - noon, to - noon])).toEqual([
    [38 * seconds + 1, 60 * seconds],
    [65 * seconds + 1, 90 * seconds],
  ])
})

it('asks nothing of a machine that was never read', async () => {
  const { backfill, spans, failures } = startBackfill()
  backfill.answered(noon)
  backfill.answered(noon + 60 * seconds)
  await vi.waitFor(() => expect(spans).toHaveLength(1), soon)
  expect(spans[0]).toMatchObject({ from: noon + 1 })
  expect(failures).toEqual([])
})

it('reaches back a day', async () => {
  const { backfill, spans } = startBackfill({ last: noon - 3 * 86_400 * seconds })
  backfill.answered(noon)
  await vi.waitFor(() => expect(spans).toHaveLength(1), soon)
  expect(spans[0]?.from).toBe(noon - limits.backfillReachMs)
})

it('takes no more than so many, page by page', async () => {
  const from = noon - 7_000 * seconds
  const kept = Array.from({ length: 7_000 }, (_, index) => moment(from + index * seconds))
  const { backfill, spans, filled } = startBackfill({ kept, last: from - 1 })
  backfill.answered(noon)
  await vi.waitFor(() => expect(filled).toHaveLength(limits.backfillRowsMax), soon)
  expect(spans).toHaveLength(limits.backfillRowsMax / limits.backfillPageRows)
  expect(new Set(filled.map(({ readingTime }) => readingTime)).size).toBe(filled.length)
})

it.each([
  ['moments of another time', () => Array.from({ length: limits.backfillPageRows }, () => moment(noon + 5))],
  ['the same moments again', () => Array.from({ length: limits.backfillPageRows }, () => moment(noon - 1))],
  ['more than was asked for', () => Array.from({ length: 9_000 }, () => moment(noon - 1))],
  ['what has no value', () => [moment(noon - 1, 'hot'), { time: noon - 2, samples: [] }]],
  ['moments without a time', () => [moment(Number.NaN), moment(Number.POSITIVE_INFINITY)]],
])('comes to an end with a machine that gives %s', async (_what, give) => {
  const { backfill, spans, filled } = startBackfill({ last: noon - 60 * seconds, ask: async () => give() })
  backfill.answered(noon)
  // The next gap has its turn only after this one.
  backfill.answered(noon + 60 * seconds)
  await vi.waitFor(() => expect(spans.at(-1)?.to).toBe(noon + 60 * seconds), soon)
  expect(spans.length).toBeLessThan(5)
  for (const { readingTime } of filled) expect(readingTime).toBeLessThan(noon + 60 * seconds)
})

it('keeps what a machine doubts itself, and marks the rest', async () => {
  const samples: Kept['samples'] = [
    { metric: 'temperature', value: 356, quality: 'uncertain' },
    { metric: 'additional.fan', value: true, quality: 'good' },
  ]
  const kept = [{ time: noon - 1, samples }]
  const { backfill, filled } = startBackfill({ kept, last: noon - 60 * seconds })
  backfill.answered(noon)
  await vi.waitFor(() => expect(filled).toHaveLength(1), soon)
  expect(filled[0]?.quality).toEqual({ temperature: 'UNCERTAIN', 'additional.fan': 'BACKFILLED' })
})

it('tells what failed, once, and goes on with the next gap', async () => {
  const failure = new Error('no history today')
  const { backfill, spans, failures } = startBackfill({
    last: noon - 60 * seconds,
    ask: () => Promise.reject(failure),
  })
  backfill.answered(noon)
  await vi.waitFor(() => expect(failures).toEqual([failure]), soon)
  backfill.answered(noon + 60 * seconds)
  await vi.waitFor(() => expect(spans).toHaveLength(2), soon)
})

it('leaves the gap to the next worker when polling ends', async () => {
  const { backfill, spans, failures, ending } = startBackfill({ last: noon - 60 * seconds })
  backfill.answered(noon)
  ending.abort()
  await new Promise(setImmediate)
  expect([spans, failures]).toEqual([[], []])
})
