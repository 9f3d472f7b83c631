import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { silentLog } from '#core'
import { type Database, migrate, openDatabase } from '#store'
import { createTemporaryDatabase, type TemporaryDatabase } from '../setup/temporary-database.ts'
import type { Order, Told } from './ingest.child.ts'

/** Disks can be made by root only, in a name space of its own that nobody else sees. */
const canMount = spawnSync('unshare', ['-m', 'true']).status === 0
const mounted = 'mount -t tmpfs -o size=8m tmpfs "$0" && exec "$@"'
/** Two seconds of such readings fill the disk. */
const textBytes = 20_000
/** Memory holds what comes in sixteen seconds. */
const inTime = { timeout: 90_000, interval: 50 }

describe.runIf(canMount)('a spool on a disk of 8 MB', () => {
  let temporary: TemporaryDatabase
  let database: Database
  let directory: string
  let child: ChildProcess
  let ids: string[]
  const acknowledged: number[] = []
  const dropped: NonNullable<Told['dropped']>[number][] = []

  beforeAll(async () => {
    temporary = await createTemporaryDatabase()
    database = openDatabase(temporary.url, silentLog)
    await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
    directory = mkdtempSync(join(tmpdir(), 'bakewire-small-disk-'))
    const rows = await database.bulk<{ id: string }[]>`
      insert into equipment (name, type) select 'Oven ' || number, 'other' from generate_series(1, 3) number returning id`
    ids = rows.map(({ id }) => id)
    const program = [process.execPath, join(import.meta.dirname, 'ingest.child.ts')]
    const given = [temporary.url, directory, ids.join(','), '0', String(textBytes)]
    child = spawn('unshare', ['-m', 'sh', '-c', mounted, directory, ...program, ...given], {
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

  const order = (one: Order) => child.send(one)
  const droppedReadings = () => dropped.reduce((sum, { readings }) => sum + readings, 0)
  const moreDropped = async (least: number) => {
    const before = droppedReadings()
    await vi.waitFor(() => expect(droppedReadings()).toBeGreaterThan(before + least), inTime)
  }

  it('drops the oldest and tells which, takes all the others, and needs no restart', async () => {
    await database.db.transaction(async (transaction) => {
      await transaction.execute('lock table equipment_sensor_readings in access exclusive mode')
      await moreDropped(300)
      order('fill')
      // Now in memory, which is bounded too.
      await moreDropped(200)
    })
    // With the disk still full what waits is stored, and what comes.
    const spooled = acknowledged.length
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(spooled + 200), inTime)
    order('free')
    const ended = once(child, 'exit')
    order('end')
    await ended
    expect(child.exitCode).toBe(0)

    const stored = await database.bulk<{ serial: number; times: number }[]>`
      select (additional ->> 'serial')::integer as serial, count(*)::integer as times
      from equipment_sensor_readings group by 1`
    const known = new Set(stored.map(({ serial }) => serial))
    const missing = acknowledged.filter((serial) => !known.has(serial))
    const figures = { acknowledged: acknowledged.length, missing: missing.length, dropped: droppedReadings() }
    process.stdout.write(`${JSON.stringify(figures)}\n`)
    expect(stored.filter(({ times }) => times > 1)).toEqual([])
    expect(droppedReadings()).toBe(missing.length)
    for (const [place, id] of ids.entries()) {
      const told = dropped.filter(({ equipmentId }) => equipmentId === id)
      const ofMachine = missing.filter((serial) => serial % ids.length === place)
      expect(told.reduce((sum, { readings }) => sum + readings, 0)).toBe(ofMachine.length)
    }
  }, 400_000)
})
