import { limits } from '#core'
import type { ReadingStore, Resolution, RollupStore, StoredReading } from '#store'
import { readingRecord } from '../reading-record.ts'
import type { BucketGrid } from './bucket-grid.ts'
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
  readonly grid: BucketGrid
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
const beginOf = ({ start, after, grid }: BucketSpan) =>
  after ? new Date(Math.max(start.getTime(), grid.endOf(after.getTime()))) : start

async function piecesToRead({ rollups }: HistoryStores, span: BucketSpan): Promise<Piece[]> {
  const { equipmentId, end, grid } = span
  const start = beginOf(span)
  return piecesOf({ start, end, grid }, await rollups.coverage(equipmentId, { start, end }))
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
  const { grid, start, after, equipmentId } = span
  const from = beginOf(span)
  const reach = new Date(Math.max(start.getTime(), from.getTime() - grid.widthMs - day))
  const before = after ? await readings.counterBefore(equipmentId, { start: reach, end: from }) : undefined
  const fold = foldBuckets(grid, before)
  const parts = pieces.map(({ source, ...piece }) => {
    const part = { equipmentId, ...piece, after: undefined }
    return source === 'raw' ? readingPages(readings, part, choose) : rollupPages(rollups, part, source)
  })
  for await (const { rows, addTo } of readInOrder(parts)) {
    onRows(rows)
    for (const bucket of addTo(fold)) yield chosenBucket(choose, bucket)
  }
  const rest = fold.rest()
  if (rest) yield chosenBucket(choose, rest)
}

/** Some rows of a piece. */
interface PiecePage {
  readonly rows: number
  /** Gives the buckets that they complete. */
  readonly addTo: (fold: BucketFold) => Generator<Bucket>
}

async function* readingPages(
  readings: Readings,
  span: HistorySpan,
  choose: MetricChoice,
): AsyncGenerator<PiecePage, undefined> {
  for await (const page of pagesOf(readings, span)) {
    yield {
      rows: page.length,
      *addTo(fold) {
        for (const row of page) {
          const complete = fold.add(row.reading_time.getTime(), choose(readingRecord(row)))
          if (complete) yield complete
        }
      },
    }
  }
}

async function* rollupPages(
  rollups: HistoryStores['rollups'],
  { equipmentId, start, end }: HistorySpan,
  resolution: Resolution,
): AsyncGenerator<PiecePage, undefined> {
  const limit = limits.historyRowsAtOnce
  let after: Date | undefined
  for (;;) {
    const page = await rollups.history(equipmentId, { resolution, start, end, after, limit })
    yield {
      rows: page.length,
      *addTo(fold) {
        for (const rollup of page) {
          const complete = fold.addRollup(rollup)
          if (complete) yield complete
        }
      },
    }
    if (page.length < limit) return undefined
    after = page.at(-1)?.bucket
  }
}

/** Gives what parts give, one after the other; of the next few the first page is read meanwhile. */
async function* readInOrder<T>(parts: readonly AsyncGenerator<T, undefined>[]): AsyncGenerator<T> {
  const begun: Promise<IteratorResult<T, undefined>>[] = []
  const beginUpTo = (count: number) => {
    for (const part of parts.slice(begun.length, count)) {
      const first = part.next()
      // Whoever takes them may end before this one's turn.
      first.catch(() => undefined)
      begun.push(first)
    }
  }
  try {
    for (const [index, part] of parts.entries()) {
      beginUpTo(index + limits.historyPartsAhead)
      for (let page = await begun[index]; page && !page.done; page = await part.next()) yield page.value
    }
  } finally {
    await Promise.all(parts.map((part) => part.return(undefined)))
  }
}
