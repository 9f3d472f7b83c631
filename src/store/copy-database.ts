import type { TransactionSql } from 'postgres'
import { BakewireError, type Log } from '#core'
import type { Sql } from './database.ts'
import { migrate, type ReadingsBackend } from './migrate.ts'
import { guarded } from './store-errors.ts'

interface Ends {
  readonly from: Sql
  readonly to: Sql
}

interface Table {
  readonly name: string
  readonly columns: string
  /** Its column whose numbers a sequence gives. */
  readonly numbered: string | null
  readonly references: readonly string[]
}

/** A worker says every few seconds that it lives. */
const silentSeconds = 30
/** About half a MiB of readings. */
const rowsAtOnce = 1_000

/**
 * Copies all that an installation has stored into a new database, whichever backend either has: the other one is made by its own
 * migrations, so that only rows are copied. In one transaction on either side: whatever stops it, the new database has no rows, and
 * the old one, once its migrations have run, is only read. Gives the new backend. Throws CONFLICT when a worker still writes to the old database
 * or the new one is in use.
 */
export async function copyDatabase(ends: Ends, migrations: string, log: Log): Promise<ReadingsBackend> {
  const { from, to } = ends
  await migrate(from, migrations, log)
  const backend = await migrate(to, migrations, log)
  await guarded(
    'copying the database',
    from.begin('isolation level repeatable read', (source) =>
      to.begin(async (target) => {
        await source`set local statement_timeout = 0`
        await target`set local statement_timeout = 0`
        await refuseWhatIsInUse(source, target)
        const tables = inOrder(await tablesOf(target))
        // Rows that migrations have made.
        for (const { name } of tables.toReversed()) await target`delete from ${target(name)}`
        if (backend === 'plain') await makePartitions(source, target)
        for (const table of tables) {
          await copyTable(source, target, table)
          log.info({ table: table.name }, 'copied')
        }
        // What the planner knows of empty tables is wrong by now.
        await target`analyze`
      }),
    ),
  )
  return backend
}

async function refuseWhatIsInUse(source: TransactionSql, target: TransactionSql): Promise<void> {
  const [alive] = await source`
    select from workers where seen_at > now() - make_interval(secs => ${silentSeconds}) limit 1`
  if (alive)
    throw new BakewireError('CONFLICT', `a worker was alive in the last ${silentSeconds} s: stop Bakewire first`)
  const [used] = await target`select from installation limit 1`
  if (used) throw new BakewireError('CONFLICT', 'the new database is in use already: make an empty one')
}

/** All tables but the list of migrations. Those of a hypertable's chunks lie in a schema of their own. */
async function tablesOf(sql: TransactionSql): Promise<Table[]> {
  const rows = await sql<{ name: string; columns: string; numbered: string | null; references: string }[]>`
    select relname as name,
      (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
      (select min(attname) from pg_attribute where attrelid = c.oid and attidentity <> '') as numbered,
      coalesce((select string_agg(distinct confrelid::regclass::text, ' ') from pg_constraint
        where conrelid = c.oid and contype = 'f' and confrelid <> conrelid), '') as references
    from pg_class c
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
      and relname <> 'migrations'
    order by relname`
  return rows.map((row) => ({ ...row, references: row.references === '' ? [] : row.references.split(' ') }))
}

/** What is referred to comes first. */
function inOrder(tables: readonly Table[]): Table[] {
  const ordered: Table[] = []
  const isThere = (name: string) => ordered.some((table) => table.name === name)
  while (ordered.length < tables.length) {
    const next = tables.filter(({ name, references }) => !isThere(name) && references.every(isThere))
    if (next.length === 0) throw new Error('tables refer to each other in a circle')
    ordered.push(...next)
  }
  return ordered
}

/** Those of the days and months that there are rows of: a machine whose clock stood at 1970 needs one of that year, not all since. */
async function makePartitions(source: TransactionSql, target: TransactionSql): Promise<void> {
  const days = await source<{ day: string }[]>`
    select distinct (reading_time at time zone 'UTC')::date::text as day from equipment_sensor_readings`
  for (const { day } of days) await target`select ensure_reading_partitions(${day}::date, ${day}::date)`
  const months = await source<{ month: Date }[]>`
    select date_trunc('month', bucket) as month from readings_1m
    union select date_trunc('month', bucket) from readings_1h`
  for (const { month } of months) await target`select ensure_rollup_partitions(${month}, ${month})`
}

/** As JSON, which each side reads by its own types; the driver's COPY (3.4.9) never ends where a row is refused. */
async function copyTable(source: TransactionSql, target: TransactionSql, { name, columns, numbered }: Table) {
  const rows = source<{ row: string }[]>`
    select row_to_json(copied)::text as row from (select ${source.unsafe(columns)} from ${source(name)}) copied`
  for await (const some of rows.cursor(rowsAtOnce)) {
    const list = `[${some.map(({ row }) => row).join(',')}]`
    await target`
      insert into ${target(name)} (${target.unsafe(columns)}) overriding system value
      select ${target.unsafe(columns)} from json_populate_recordset(null::${target(name)}, ${list}::text::json)`
  }
  if (numbered === null) return
  await target`
    select setval(pg_get_serial_sequence(${name}, ${numbered}), max(${target(numbered)})) from ${target(name)}`
}
