import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { inject } from 'vitest'

/** A database of a test's own. */
export interface TemporaryDatabase {
  readonly url: string
  /** Removes it and breaks the connections that are still open to it. */
  drop(): Promise<void>
}

export interface TemporaryDatabaseOptions {
  /** `timescale` needs {@link timescaleUrl}, on which the test skips itself. */
  readonly on?: 'embedded' | 'timescale'
}

/** Admin URL of a PostgreSQL with the TimescaleDB extension, where there is one: TIMESCALE_URL. */
export const timescaleUrl: string | undefined = process.env['TIMESCALE_URL'] || undefined

/** Makes a new empty database on the run's PostgreSQL, or on the TimescaleDB of {@link timescaleUrl}. */
export async function createTemporaryDatabase({
  on = 'embedded',
}: TemporaryDatabaseOptions = {}): Promise<TemporaryDatabase> {
  const adminUrl = on === 'timescale' ? requireTimescale() : await askForPostgres()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await execute(adminUrl, `create database ${name} template template0`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  if (on === 'timescale') await execute(url.href, 'create extension if not exists timescaledb')
  return {
    url: url.href,
    drop: () => execute(adminUrl, `drop database if exists ${name} with (force)`),
  }
}

async function askForPostgres(): Promise<string> {
  const door: string | undefined = inject('postgresDoor')
  if (door === undefined) throw new Error('Run tests by `npm test`: its configuration brings the database.')
  const response = await fetch(door)
  const answer = await response.text()
  if (!response.ok) throw new Error(answer)
  return answer
}

function requireTimescale(): string {
  if (timescaleUrl === undefined) throw new Error('TIMESCALE_URL is not set.')
  return timescaleUrl
}

async function execute(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    await sql.unsafe(statement)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
