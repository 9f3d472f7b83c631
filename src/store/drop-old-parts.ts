import postgres from 'postgres'
import { limits } from '#core'
import type { Sql } from './database.ts'

/** Whole days; 0 is for ever. */
export type Days = number

export interface DroppedByAge {
  /** Partitions, or chunks of one span of time, that were dropped. */
  readonly parts: number
  readonly isHeldUp: boolean
}

/** Finest first. Nothing is dropped that the next level is still to be filled from. */
const tables = [
  { table: 'equipment_sensor_readings', keep: 'raw', feeds: '1m' },
  { table: 'readings_1m', keep: '1m', feeds: '1h' },
  { table: 'readings_1h', keep: '1h', feeds: '1d' },
] as const

type Keep = { readonly [resolution in (typeof tables)[number]['keep']]: Days }

/** Drops the partitions or chunks whose youngest row is too old, oldest first, each by a statement of its own. */
export async function dropOldParts(sql: Sql, keep: Keep, signal: AbortSignal): Promise<DroppedByAge> {
  let parts = 0
  for (const { table, keep: resolution, feeds } of tables) {
    const days = keep[resolution]
    if (days === 0) continue
    for (const drop of await oldParts(sql, { table, days, feeds })) {
      signal.throwIfAborted()
      if (!(await isDropped(sql, drop))) return { parts, isHeldUp: true }
      parts += 1
    }
  }
  return { parts, isHeldUp: false }
}

/** The statements that drop what is old: of partitions, or of chunks on TimescaleDB. */
async function oldParts(
  sql: Sql,
  { table, days, feeds }: { table: string; days: number; feeds: string },
): Promise<string[]> {
  const [bound] = await sql<{ cutoff: Date; is_plain: boolean }[]>`
    select least(now() - make_interval(days => ${days}), filled_up_to) as cutoff,
      exists (select from pg_partitioned_table where partrelid = ${table}::regclass) as is_plain
    from rollup_progress where resolution = ${feeds}`
  if (!bound) throw new Error(`the progress of ${feeds} is gone`)
  const parts = bound.is_plain
    ? sql<{ statement: string }[]>`
        select 'drop table ' || partition as statement from (
          select inhrelid::regclass as partition,
            (regexp_match(pg_get_expr(relpartbound, oid), 'TO \\(''(.+)''\\)'))[1]::timestamptz as "end"
          from pg_inherits join pg_class on oid = inhrelid where inhparent = ${table}::regclass
        ) parts where "end" <= ${bound.cutoff} order by "end"`
    : sql<{ statement: string }[]>`
        select distinct range_end,
          format('select drop_chunks(%L::regclass, older_than => %L::timestamptz)', ${table}::text, range_end) as statement
        from timescaledb_information.chunks
        where hypertable_schema = current_schema() and hypertable_name = ${table} and range_end <= ${bound.cutoff}
        order by range_end`
  return (await parts).map(({ statement }) => statement)
}

/** Writers queue behind a lock that is waited for: it is given up soon, and the part stays until the next time. */
async function isDropped(sql: Sql, statement: string): Promise<boolean> {
  try {
    await sql.begin(async (transaction) => {
      await transaction`select set_config('lock_timeout', ${`${limits.dropLockTimeoutMs}ms`}, true)`
      await transaction.unsafe(statement)
    })
    return true
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === '55P03') return false
    throw error
  }
}
