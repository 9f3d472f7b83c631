import type { TransactionSql } from 'postgres'
import { limits } from '#core'
import type { Sql } from './database.ts'
import { locks } from './locks.ts'
import { fillStatement, levels } from './rollup-fold.ts'

export interface Filled {
  /** Slices of time filled. */
  readonly slices: number
  /** Late hours of machines filled once more. */
  readonly lateHours: number
}

type Level = (typeof levels)[number]

interface Span {
  readonly start: Date
  readonly end: Date
}

/** A slice of more work is cut in half, one of less doubled. */
const sliceMsWanted = 1_000
const sliceMsMax = 31 * 86_400_000
const hour = 3_600_000
/** Statements of writers end by then, or by `statement_timeout`. */
const writingMsMax = 60_000

const statements = new Map(levels.map((level) => [level, fillStatement(level)]))

export async function fillRollups(sql: Sql, signal: AbortSignal): Promise<Filled> {
  // Ahead of time, so that no reader waits for a slice that makes them.
  await sql`select ensure_rollup_partitions(now() - interval '1 hour', now() + interval '7 days')`
  const until = performance.now() + limits.rollupRunMs
  const mayGoOn = () => {
    signal.throwIfAborted()
    return performance.now() < until
  }
  let slices = 0
  for (const level of levels) slices += await fillLevel(sql, level, mayGoOn)
  let lateHours = 0
  while (mayGoOn()) {
    const done = await inTurn(sql, fillLateHour)
    if (!done) break
    lateHours += done
  }
  return { slices, lateHours }
}

async function fillLevel(sql: Sql, level: Level, mayGoOn: () => boolean): Promise<number> {
  let slices = 0
  let widthMs = level.widthMs
  while (mayGoOn()) {
    const startedAt = performance.now()
    const isDone = await inTurn(sql, (transaction) => fillSlice(transaction, level, widthMs))
    if (!isDone) break
    slices += 1
    const factor = performance.now() - startedAt > sliceMsWanted ? 0.5 : 2
    const buckets = Math.ceil((widthMs / level.widthMs) * factor)
    widthMs = Math.min(buckets * level.widthMs, sliceMsMax)
  }
  return slices
}

/** One slice, unless another process is at one: `undefined` then. */
function inTurn<T>(sql: Sql, fill: (sql: TransactionSql) => Promise<T>): Promise<T | undefined> {
  return sql.begin(async (transaction) => {
    const [turn] = await transaction<{ ours: boolean }[]>`select pg_try_advisory_xact_lock(${locks.rollups}) as ours`
    return turn?.ours ? fill(transaction) : undefined
  }) as Promise<T | undefined>
}

/** Fills the next slice of a level; false when nothing is complete yet. */
async function fillSlice(sql: TransactionSql, level: Level, widthMs: number): Promise<boolean> {
  const start = await filledUpTo(sql, level)
  const complete = await completeUpTo(sql, level)
  if (start >= complete) return false
  const end = new Date(Math.min(start.getTime() + widthMs, complete.getTime()))
  const rows = await fillSpan(sql, level, { start, end })
  const next = rows > 0 ? end : await nextReading(sql, level, { start: end, end: complete })
  await sql`update rollup_progress set filled_up_to = ${next} where resolution = ${level.resolution}`
  return true
}

/** Empty time is passed over at once: a machine whose clock stands at 1970 must not cost half a century of slices. */
async function nextReading(
  sql: TransactionSql,
  { source, moment, widthMs }: Level,
  { start, end }: Span,
): Promise<Date> {
  const [next] = await sql<{ at: Date | null }[]>`
    select min(part.at) as at from equipment machine cross join lateral (
      select ${sql(moment)} as at from ${sql(source)}
      where equipment_id = machine.id and ${sql(moment)} >= ${start} and ${sql(moment)} < ${end}
      order by ${sql(moment)} limit 1
    ) part`
  return next?.at ? new Date(Math.floor(next.at.getTime() / widthMs) * widthMs) : end
}

/**
 * Where everything before is as it will be, but for what is marked as late. Readings that are not late are younger than
 * `readingLateMs` when their transaction begins, so all that belong to a bucket are visible once every transaction that
 * began by then has ended. Asked before the rows are read, by a statement of its own.
 */
async function completeUpTo(sql: TransactionSql, { resolution, widthMs }: Level): Promise<Date> {
  const below = levels[levels.findIndex((level) => level.resolution === resolution) - 1]
  const complete = below ? await filledUpTo(sql, below) : await writtenUpTo(sql, writingMsMax)
  return new Date(Math.floor(complete.getTime() / widthMs) * widthMs)
}

/** Up to when all that is not late is visible, in whatever transaction it is written. */
export async function writtenUpTo(sql: Sql | TransactionSql, longestMs: number): Promise<Date> {
  const [row] = await sql<{ begun: Date }[]>`
    select least(now() - make_interval(secs => ${longestMs / 1_000}), min(xact_start)) as begun from pg_stat_activity
    where datname = current_database() and application_name = 'bakewire'`
  if (!row) throw new Error('the database returned no row')
  return new Date(row.begun.getTime() - limits.readingLateMs)
}

async function filledUpTo(sql: TransactionSql, { resolution }: Level): Promise<Date> {
  const [row] = await sql<{ filled_up_to: Date }[]>`
    select filled_up_to from rollup_progress where resolution = ${resolution}`
  if (!row) throw new Error(`the progress of ${resolution} is gone`)
  return row.filled_up_to
}

/**
 * Fills one hour of machines that have late readings in it once more, and the day it is in. Gives how many machines, 0 when
 * none is left. A reading and its mark are committed together, and whoever writes one holds the mark until then: marks that
 * are being written are skipped, and what is read by the statements after belongs to those taken. What is not filled yet
 * needs no mark.
 */
async function fillLateHour(sql: TransactionSql): Promise<number> {
  const marks = await sql<{ equipment_id: string; hour: Date }[]>`
    delete from rollup_marks where (hour, equipment_id) in (
      select hour, equipment_id from rollup_marks
      where hour = (select min(hour) from rollup_marks)
      limit ${limits.rollupMachinesAtOnce} for update skip locked
    ) returning equipment_id, hour`
  const [first] = marks
  if (!first) return 0
  const ids = marks.map(({ equipment_id }) => equipment_id)
  for (const level of levels) {
    const filled = (await filledUpTo(sql, level)).getTime()
    const widthMs = Math.max(hour, level.widthMs)
    const start = Math.floor(first.hour.getTime() / widthMs) * widthMs
    const end = Math.min(start + widthMs, filled)
    if (start < end) await fillSpan(sql, level, { start: new Date(start), end: new Date(end) }, ids)
  }
  return marks.length
}

async function fillSpan(
  sql: TransactionSql,
  level: Level,
  { start, end }: Span,
  equipmentIds: readonly string[] | null = null,
): Promise<number> {
  await sql`select ensure_rollup_partitions(${start}, ${new Date(end.getTime() - 1)})`
  await sql`set local work_mem = '64MB'`
  const ids = equipmentIds && `{${equipmentIds.join(',')}}`
  const { count } = await sql.unsafe(statements.get(level) ?? '', [start, end, ids])
  return count
}
