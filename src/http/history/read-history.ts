import { limits } from '#core'
import type { ReadingStore, Resolution, Rollup, RollupStore, StoredReading } from '#store'
import { readingRecord } from '../reading-record.ts'
import { type ChosenReading, chosenBucket, type MetricChoice } from './choose-metrics.ts'
import { type Bucket, type BucketFold, foldBuckets } from './fold-buckets.ts'
import { type Piece, piecesOf, type Source } from './pieces-of.ts'

export interface HistorySpan {
  readonly equipmentId: string
  readonly start: Date
  readonly end: Date
  /** Readings later than this one only: where the last page ended. */
  readonly after: Date | undefined
}

export interface BucketSpan extends HistorySpan {
  readonly widthMs: number
}

export interface HistoryPage<T> {
  readonly items: T[]
  /** Where the next page begins, `undefined` on the last. */
  readonly last: Date | undefined
}

/** A page of buckets, and the coarsest of what they were made of. */
export interface BucketsPage extends HistoryPage<Bucket> {
  readonly source: Source
}

type Readings = Pick<ReadingStore, 'history' | 'counterBefore'>

export interface HistoryStores {
  readonly readings: Readings
  readonly rollups: Pick<RollupStore, 'history' | 'coverage'>
}

const day = 86_400_000

/** All rows of a span, some thousand at a time, the next ones read while these are used. Holds no connection in between. */
async function* pagesOf(
  readings: Readings,
  { equipmentId, start, end, after }: HistorySpan,
): AsyncGenerator<StoredReading[]> {
  const read = (last: Date | undefined) =>
    readings.history(equipmentId, { start, end, after: last, limit: limits.historyRowsAtOnce })
  let page = await read(after)
  while (page.length === limits.historyRowsAtOnce) {
    const next = read(page.at(-1)?.reading_time)
    // Whoever uses this page may end without ever asking for the next.
    next.catch(() => undefined)
    yield page
    page = await next
  }
  if (page.length > 0) yield page
}

/** One page of readings as answers show them. */
export async function readingsPage(
  readings: Readings,
  { equipmentId, start, end, after }: HistorySpan,
  { limit, choose }: { limit: number; choose: MetricChoice },
): Promise<HistoryPage<ChosenReading>> {
  const rows = await readings.history(equipmentId, { start, end, after, limit: limit + 1 })
  const page = rows.length > limit ? rows.slice(0, limit) : rows
  return {
    items: page.map((row) => choose(readingRecord(row))),
    last: rows.length > limit ? page.at(-1)?.reading_time : undefined,
  }
}

/** One page of buckets: it ends after `limit` of them, or where enough rows were read for one answer. */
export async function bucketsPage(
  stores: HistoryStores,
  span: BucketSpan,
  { limit, choose }: { limit: number; choose: MetricChoice },
): Promise<BucketsPage> {
  const pieces = await piecesToRead(stores, span)
  const source = coarsestOf(pieces)
  const items: Bucket[] = []
  let rows = 0
  const countRows = (count: number) => {
    rows += count
  }
  for await (const bucket of bucketsOf(stores, { ...span, pieces }, { choose, onRows: countRows })) {
    // Full, and this one shows that there is more.
    if (items.length === limit || (items.length > 0 && rows > limits.historyRowsPerAnswer)) {
      return { items, last: new Date(items.at(-1)?.reading_time ?? 0), source }
    }
    items.push(bucket)
  }
  return { items, last: undefined, source }
}

/** Every reading of a span, page by page. */
export async function* allReadings(
  readings: Readings,
  span: HistorySpan,
  choose: MetricChoice,
): AsyncGenerator<ChosenReading[]> {
  for await (const page of pagesOf(readings, span)) yield page.map((row) => choose(readingRecord(row)))
}

/** Every bucket of a span. */
export async function* allBuckets(
  stores: HistoryStores,
  span: BucketSpan,
  choose: MetricChoice,
): AsyncGenerator<Bucket[]> {
  const pieces = await piecesToRead(stores, span)
  for await (const bucket of bucketsOf(stores, { ...span, pieces }, { choose, onRows: () => undefined })) yield [bucket]
}

/** `after` is the beginning of the last bucket that was given. */
const beginOf = ({ start, after, widthMs }: BucketSpan) =>
  after ? new Date(Math.max(start.getTime(), after.getTime() + widthMs)) : start

async function piecesToRead({ rollups }: HistoryStores, span: BucketSpan): Promise<Piece[]> {
  const { equipmentId, end, widthMs } = span
  const start = beginOf(span)
  return piecesOf({ start, end, widthMs }, await rollups.coverage(equipmentId, { start, end }))
}

function coarsestOf(pieces: readonly Piece[]): Source {
  const sources = new Set(pieces.map(({ source }) => source))
  return (['1d', '1h', '1m'] as const).find((one) => sources.has(one)) ?? 'raw'
}

async function* bucketsOf(
  { readings, rollups }: HistoryStores,
  { pieces, ...span }: BucketSpan & { readonly pieces: readonly Piece[] },
  { choose, onRows }: { choose: MetricChoice; onRows: (count: number) => void },
): AsyncGenerator<Bucket> {
  const { widthMs, start, after, equipmentId } = span
  const from = beginOf(span)
  const reach = new Date(Math.max(start.getTime(), from.getTime() - Math.max(day, widthMs)))
  const before = after ? await readings.counterBefore(equipmentId, { start: reach, end: from }) : undefined
  const fold = foldBuckets(widthMs, before)
  for (const { source, ...piece } of pieces) {
    const part = { equipmentId, ...piece, after: undefined }
    const found =
      source === 'raw'
        ? foldReadings(readings, part, { choose, onRows, fold })
        : foldRollups(rollups, { ...part, resolution: source }, { onRows, fold })
    for await (const bucket of found) yield chosenBucket(choose, bucket)
  }
  const rest = fold.rest()
  if (rest) yield chosenBucket(choose, rest)
}

interface Folding {
  readonly fold: BucketFold
  readonly onRows: (count: number) => void
}

async function* foldReadings(
  readings: Readings,
  span: HistorySpan,
  { choose, onRows, fold }: Folding & { readonly choose: MetricChoice },
): AsyncGenerator<Bucket> {
  for await (const page of pagesOf(readings, span)) {
    onRows(page.length)
    for (const row of page) {
      const complete = fold.add(row.reading_time.getTime(), choose(readingRecord(row)))
      if (complete) yield complete
    }
  }
}

async function* foldRollups(
  rollups: HistoryStores['rollups'],
  { equipmentId, start, end, resolution }: HistorySpan & { readonly resolution: Resolution },
  { onRows, fold }: Folding,
): AsyncGenerator<Bucket> {
  const limit = limits.historyRowsAtOnce
  let page: Rollup[]
  let after: Date | undefined
  do {
    page = await rollups.history(equipmentId, { resolution, start, end, after, limit })
    onRows(page.length)
    for (const rollup of page) {
      const complete = fold.addRollup(rollup)
      if (complete) yield complete
    }
    after = page.at(-1)?.bucket
  } while (page.length === limit)
}
