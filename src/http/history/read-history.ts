import { limits } from '#core'
import type { ReadingStore, StoredReading } from '#store'
import { readingRecord } from '../reading-record.ts'
import type { ChosenReading, MetricChoice } from './choose-metrics.ts'
import { type Bucket, foldBuckets } from './fold-buckets.ts'

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

type Readings = Pick<ReadingStore, 'history' | 'counterBefore'>

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
  readings: Readings,
  span: BucketSpan,
  { limit, choose }: { limit: number; choose: MetricChoice },
): Promise<HistoryPage<Bucket>> {
  const items: Bucket[] = []
  let rows = 0
  const countRows = (count: number) => {
    rows += count
  }
  for await (const bucket of bucketsOf(readings, span, { choose, onRows: countRows })) {
    // Full, and this one shows that there is more.
    if (items.length === limit || (items.length > 0 && rows > limits.historyRowsPerAnswer)) {
      return { items, last: new Date(items.at(-1)?.reading_time ?? 0) }
    }
    items.push(bucket)
  }
  return { items, last: undefined }
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
  readings: Readings,
  span: BucketSpan,
  choose: MetricChoice,
): AsyncGenerator<Bucket[]> {
  for await (const bucket of bucketsOf(readings, span, { choose, onRows: () => undefined })) yield [bucket]
}

async function* bucketsOf(
  readings: Readings,
  span: BucketSpan,
  { choose, onRows }: { choose: MetricChoice; onRows: (count: number) => void },
): AsyncGenerator<Bucket> {
  const { widthMs, start, end, after, equipmentId } = span
  // `after` is the beginning of the last bucket that was given.
  const from = after ? new Date(Math.max(start.getTime(), after.getTime() + widthMs)) : start
  const reach = new Date(Math.max(start.getTime(), from.getTime() - Math.max(day, widthMs)))
  const before = after ? await readings.counterBefore(equipmentId, { start: reach, end: from }) : undefined
  const fold = foldBuckets(widthMs, before)
  for await (const page of pagesOf(readings, { equipmentId, start: from, end, after: undefined })) {
    onRows(page.length)
    for (const row of page) {
      const complete = fold.add(row.reading_time.getTime(), choose(readingRecord(row)))
      if (complete) yield complete
    }
  }
  const rest = fold.rest()
  if (rest) yield rest
}
