import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { silentLog } from '#core'
import { type Database, migrate, openDatabase } from '#store'
import { soon } from '../setup/soon.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../setup/temporary-database.ts'
import type { Order, Told } from './ingest.child.ts'

/** The kernel's answers can be changed only where one process may trace another. */
const canTrace = spawnSync('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', 'true']).status === 0
/** `-D`: the traced process is our child, and its tracer is not. The first files fail at each flush, later ones at none. */
const trace = ['-D', '-f', '--seccomp-bpf', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync']
const fail = ['-e', 'inject=fsync,fdatasync:error=EIO:when=14..30']
/** A megabyte in a quarter of a second: each batch is flushed. */
const textBytes = 20_000

describe.runIf(canTrace)('a spool on a disk that fails', () => {
  let temporary: TemporaryDatabase
  let database: Database
  let directory: string
  let child: ChildProcess
  const acknowledged: number[] = []
  const dropped: NonNullable<Told['dropped']>[number][] = []

  beforeAll(async () => {
    temporary = await createTemporaryDatabase()
    database = openDatabase(temporary.url, silentLog)
    await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
    directory = mkdtempSync(join(tmpdir(), 'bakewire-failing-disk-'))
    const rows = await database.bulk<{ id: string }[]>`
      insert into equipment (name, type) select 'Oven ' || number, 'other' from generate_series(1, 3) number returning id`
    const program = [process.execPath, join(import.meta.dirname, 'ingest.child.ts')]
    const given = [temporary.url, directory, rows.map(({ id }) => id).join(','), '0', String(textBytes)]
    child = spawn('strace', [...trace, ...fail, ...program, ...given], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child.on('message', (told: Told) => {
      acknowledged.push(...(told.acknowledged ?? []))
      dropped.push(...(told.dropped ?? []))
    })
    await once(child, 'message')
  })
  afterAll(async () => {
    child.kill('SIGKILL')
    await database.close()
    await temporary.drop()
    rmSync(directory, { recursive: true, force: true })
  })

  const filesNamed = (end: string) => readdirSync(directory).filter((name) => name.endsWith(end))
  const openFilesMax = (most: string) => execFileSync('prlimit', ['--pid', String(child.pid), `--nofile=${most}`])
  const moreSpooled = async (least: number) => {
    const before = acknowledged.length
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(before + least), soon)
  }

  it('takes another file, waits in memory while none can be opened, and loses nothing it does not tell', async () => {
    await database.db.transaction(async (transaction) => {
      await transaction.execute('lock table equipment_sensor_readings in access exclusive mode')
      await vi.waitFor(() => expect(filesNamed('.damaged').length).toBeGreaterThan(0), soon)
      openFilesMax('3:')
      await moreSpooled(600)
      openFilesMax('1024:')
      await moreSpooled(600)
    })
    const ended = once(child, 'exit')
    child.send('end' satisfies Order)
    await ended
    expect(child.exitCode).toBe(0)

    const stored = await database.bulk<{ serial: number; times: number }[]>`
      select (additional ->> 'serial')::integer as serial, count(*)::integer as times
      from equipment_sensor_readings group by 1`
    const known = new Set(stored.map(({ serial }) => serial))
    const missing = acknowledged.filter((serial) => !known.has(serial))
    const droppedReadings = dropped.reduce((sum, { readings }) => sum + readings, 0)
    const files = { damaged: filesNamed('.damaged').length, left: filesNamed('.sqlite').length }
    const figures = { acknowledged: acknowledged.length, missing: missing.length, dropped: droppedReadings, ...files }
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    expect(stored.filter(({ times }) => times > 1)).toEqual([])
    expect(droppedReadings).toBe(missing.length)
    expect(files.left).toBe(1)
  }, 240_000)
})
