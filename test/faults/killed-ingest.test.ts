import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '#core'
import { type Database, migrate, openDatabase } from '#store'
import { createTemporaryDatabase, type TemporaryDatabase } from '../setup/temporary-database.ts'
import type { Order, Told } from './ingest.child.ts'

/** The long form of `npm run test:faults`. */
const kills = process.env['FAULT_ROUNDS'] === undefined ? 30 : 300
const machines = 3
/** As in earnest: compiled once. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/node') }
/** The longest that one lives; it spools four times a second. */
const lifeMsMax = 900

let temporary: TemporaryDatabase
let database: Database
let directory: string
beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  database = openDatabase(temporary.url, silentLog)
  await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
  directory = mkdtempSync(join(tmpdir(), 'bakewire-killed-'))
})
afterAll(async () => {
  await database.close()
  await temporary.drop()
  rmSync(directory, { recursive: true, force: true })
})

it(
  `what is spooled is stored once, whenever the process is killed: ${kills} times`,
  async () => {
    const rows = await database.bulk<{ id: string }[]>`
      insert into equipment (name, type) select 'Oven ' || number, 'other' from generate_series(1, ${machines}) number returning id`
    const ids = rows.map(({ id }) => id).join(',')
    const acknowledged: number[] = []
    let slowestStartMs = 0

    const start = async (round: number): Promise<ChildProcess> => {
      const startedAt = performance.now()
      const given = [temporary.url, directory, ids, String(round * 1_000_000)]
      const child = fork(join(import.meta.dirname, 'ingest.child.ts'), given, { env })
      child.on('message', (told: Told) => void acknowledged.push(...(told.acknowledged ?? [])))
      await once(child, 'message')
      slowestStartMs = Math.max(slowestStartMs, performance.now() - startedAt)
      return child
    }
    /** Another moment of its life each time. */
    const liveAndDie = async (child: ChildProcess) => {
      await sleep(Math.random() * lifeMsMax)
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }

    for (let round = 0; round < kills; round += 1) {
      const child = await start(round)
      // While nothing can be stored all of it lies in the spool, and the next one takes it over.
      if (round % 3 === 0)
        await database.db.transaction(async (transaction) => {
          await transaction.execute('lock table equipment_sensor_readings in access exclusive mode')
          await liveAndDie(child)
        })
      else await liveAndDie(child)
    }
    const last = await start(kills)
    const ended = once(last, 'exit')
    last.send('end' satisfies Order)
    await ended

    const stored = await database.bulk<{ serial: number; times: number }[]>`
      select (additional ->> 'serial')::integer as serial, count(*)::integer as times
      from equipment_sensor_readings group by 1`
    const known = new Set(stored.map(({ serial }) => serial))
    const lost = acknowledged.filter((serial) => !known.has(serial))
    const doubled = stored.filter(({ times }) => times > 1)
    const figures = { kills, acknowledged: acknowledged.length, lost: lost.length, doubled: doubled.length }
    process.stdout.write(`${JSON.stringify({ ...figures, slowestStartMs: Math.round(slowestStartMs) })}\n`)
    expect(acknowledged.length).toBeGreaterThan(kills * 10)
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [] })
  },
  60_000 + kills * 10_000,
)
