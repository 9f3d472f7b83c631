import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { migrationNames } from '#store'
import { soon } from '../setup/soon.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../setup/temporary-database.ts'

const released = join(import.meta.dirname, '../../migrations')
const gate = 4_711
/** Of the next release: it waits in its middle until the gate is open. */
const next = {
  name: '9001_next.sql',
  text: `create table next_one (id integer); select pg_advisory_xact_lock(${gate}); create table next_two (id integer);`,
}

let database: TemporaryDatabase
let sql: postgres.Sql
let directory: string
beforeAll(async () => {
  database = await createTemporaryDatabase()
  sql = postgres(database.url, { max: 1, onnotice: () => undefined })
  directory = mkdtempSync(join(tmpdir(), 'bakewire-migrations-'))
  cpSync(released, directory, { recursive: true })
  writeFileSync(join(directory, next.name), next.text)
})
afterAll(async () => {
  await sql.end({ timeout: 5 })
  await database.drop()
  rmSync(directory, { recursive: true, force: true })
})

const start = (folder: string): ChildProcess =>
  spawn(process.execPath, [join(import.meta.dirname, 'migrate.child.ts'), database.url, folder], { stdio: 'inherit' })
const exitOf = async (child: ChildProcess): Promise<unknown> => (await once(child, 'exit'))[0]

const applied = async () => (await sql<{ name: string }[]>`select name from migrations`).map(({ name }) => name)
const tables = async () => {
  const [row] = await sql<{ one: boolean; two: boolean }[]>`
    select to_regclass('next_one') is not null as one, to_regclass('next_two') is not null as two`
  return row
}

it('a migration whose process is killed leaves nothing behind, and two that start together afterwards apply it once', async () => {
  await sql`select pg_advisory_lock(${gate})`
  const killed = start(directory)
  await vi.waitFor(async () => {
    const waiting = await sql`select from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted`
    expect(waiting).toHaveLength(1)
  }, soon)
  killed.kill('SIGKILL')
  await exitOf(killed)
  expect(await tables()).toEqual({ one: false, two: false })
  const names = await applied()
  expect(names).not.toContain(next.name)
  expect(names.length).toBeGreaterThan(10)

  const starting = [start(directory), start(directory)].map(exitOf)
  await sql`select pg_advisory_unlock(${gate})`
  expect(await Promise.all(starting)).toEqual([0, 0])
  expect(await tables()).toEqual({ one: true, two: true })
  expect((await applied()).toSorted()).toEqual([...names, next.name].toSorted())
})

it('the release before starts beside it, and leaves what it does not know', async () => {
  expect(await migrationNames(released)).not.toContain(next.name)
  expect(await exitOf(start(released))).toBe(0)
  expect(await applied()).toContain(next.name)
})
