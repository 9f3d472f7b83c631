import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReservedSql } from 'postgres'
import type { Log } from '#core'
import type { Sql } from './database.ts'
import { locks } from './locks.ts'

/** Where readings live: a hypertable with columnstore, or a table partitioned by PostgreSQL itself. */
export type ReadingsBackend = 'timescale' | 'plain'

interface Migration {
  readonly name: string
  readonly text: string
  readonly checksum: string
}

/**
 * Brings the schema up to date: every file of the folder that has not run, in order, each in a transaction, under a lock
 * that makes several starting processes take turns. A file `NNNN_name.<backend>.sql` runs on that backend only.
 */
export async function migrate(sql: Sql, folder: string, log: Log): Promise<ReadingsBackend> {
  // The driver (3.4.9) never answers a `reserve` that has to connect first.
  await sql`select`
  const connection = await sql.reserve()
  try {
    // Waiting for another process's migration, and a long one of our own, take what they take.
    await connection`set statement_timeout = 0`
    await connection`select pg_advisory_lock(${locks.migration})`
    await connection`create table if not exists migrations
      (name text primary key, checksum text not null, applied_at timestamptz not null default now())`
    const backend = await readingsBackend(connection, log)
    const applied = new Map<string, string>()
    for (const row of await connection<{ name: string; checksum: string }[]>`select name, checksum from migrations`) {
      applied.set(row.name, row.checksum)
    }
    for (const migration of await readMigrations(folder, backend)) {
      const checksum = applied.get(migration.name)
      if (checksum === undefined) await apply(connection, migration, log)
      else if (checksum !== migration.checksum) throw new Error(`migration ${migration.name} was changed after it ran`)
    }
    return backend
  } finally {
    try {
      await connection`select pg_advisory_unlock_all()`
      await connection`reset statement_timeout`
    } catch (error) {
      // A connection that broke has no lock any more, and what it broke in is what counts.
      log.debug({ err: error }, 'the migration lock went with its connection')
    } finally {
      connection.release()
    }
  }
}

/** The backend that the readings table already has, else the better one that this server offers. */
async function readingsBackend(connection: ReservedSql, log: Log): Promise<ReadingsBackend> {
  const existing = await connection<{ name: string }[]>`select name from migrations where name like '%\\_readings.%'`
  if (existing[0]) return existing[0].name.includes('.timescale.') ? 'timescale' : 'plain'
  const [offered] = await connection`select from pg_available_extensions where name = 'timescaledb'`
  return offered && (await hasFullTimescale(connection, log)) ? 'timescale' : 'plain'
}

/**
 * The Apache edition lacks the columnstore and every policy. `timescaledb.license` tells the edition, but only once the
 * library is loaded, which creating the extension does.
 */
async function hasFullTimescale(connection: ReservedSql, log: Log): Promise<boolean> {
  await connection`begin`
  try {
    await connection`create extension if not exists timescaledb`
    const [edition] = await connection<{ license: string | null }[]>`
      select current_setting('timescaledb.license', true) as license`
    const isFull = edition?.license === 'timescale'
    await (isFull ? connection`commit` : connection`rollback`)
    return isFull
  } catch (error) {
    await connection`rollback`
    log.warn({ err: error }, 'TimescaleDB is there but cannot be used; readings go into plain partitions')
    return false
  }
}

/** The migrations that this release knows, of both backends, in order. */
export async function migrationNames(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9_]+(\.(timescale|plain))?\.sql$/.test(name)).sort()
}

async function readMigrations(folder: string, backend: ReadingsBackend): Promise<Migration[]> {
  const names = await migrationNames(folder)
  const wanted = names.filter((name) => !/\.(timescale|plain)\.sql$/.test(name) || name.endsWith(`.${backend}.sql`))
  return Promise.all(
    wanted.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

async function apply(connection: ReservedSql, migration: Migration, log: Log): Promise<void> {
  log.info({ migration: migration.name }, 'applying migration')
  await connection`begin`
  try {
    await connection.unsafe(migration.text)
    await connection`insert into migrations (name, checksum) values (${migration.name}, ${migration.checksum})`
    await connection`commit`
  } catch (error) {
    // What the migration died of is what counts; a broken connection has rolled back already.
    await connection`rollback`.catch(() => undefined)
    throw new Error(`migration ${migration.name} failed`, { cause: error })
  }
}
