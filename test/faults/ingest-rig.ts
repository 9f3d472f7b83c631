import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '#core'
import { migrate, openDatabase } from '#store'
import { createTemporaryDatabase } from '../setup/temporary-database.ts'
import type { Order, Told } from './ingest.child.ts'

type Loss = NonNullable<Told['dropped']>[number]

/** What became of what was spooled. */
interface Verdict {
  readonly acknowledged: number
  readonly missing: readonly number[]
  readonly doubled: readonly number[]
}

/** As in earnest: compiled once. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/node') }
const machines = 3

/** Processes that spool readings and store them, one after another on one folder, and what is known of them. */
export async function startIngestRig() {
  const temporary = await createTemporaryDatabase()
  const database = openDatabase(temporary.url, silentLog)
  await migrate(database.bulk, join(import.meta.dirname, '../../migrations'), silentLog)
  const directory = mkdtempSync(join(tmpdir(), 'bakewire-ingest-'))
  const rows = await database.bulk<{ id: string }[]>`
    insert into equipment (name, type) select 'Oven ' || number, 'other' from generate_series(1, ${machines}) number returning id`
  const ids = rows.map(({ id }) => id)
  const acknowledged: number[] = []
  const dropped: Loss[] = []
  let started = 0
  let newest: ChildProcess | undefined

  return {
    directory,
    acknowledged,
    droppedReadings: () => dropped.reduce((sum, { readings }) => sum + readings, 0),

    /** Settles when its first readings are spooled. `under`: the command that runs it, instead of nothing. */
    async start({ under = [], textBytes = 0 }: { under?: readonly string[]; textBytes?: number } = {}) {
      const given = [temporary.url, directory, ids.join(','), String(started * 1_000_000), String(textBytes)]
      const [command = '', ...args] = [
        ...under,
        process.execPath,
        join(import.meta.dirname, 'ingest.child.ts'),
        ...given,
      ]
      started += 1
      const child = spawn(command, args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      newest = child
      child.on('message', (told: Told) => {
        acknowledged.push(...(told.acknowledged ?? []))
        dropped.push(...(told.dropped ?? []))
      })
      await once(child, 'message')
      const ended = once(child, 'exit')
      return {
        child,
        order: (one: Order) => void child.send(one),
        async kill() {
          child.kill('SIGKILL')
          await ended
        },
        /** Stores what waits; gives the exit code. */
        async end() {
          child.send('end' satisfies Order)
          await ended
          return child.exitCode
        },
      }
    },

    /** Nothing can be stored meanwhile. */
    whileLocked: (work: () => Promise<void>) =>
      database.db.transaction(async (transaction) => {
        await transaction.execute('lock table equipment_sensor_readings in access exclusive mode')
        await work()
      }),

    async judge(): Promise<Verdict> {
      const stored = await database.bulk<{ serial: number; times: number }[]>`
        select (additional ->> 'serial')::integer as serial, count(*)::integer as times
        from equipment_sensor_readings group by 1`
      const known = new Set(stored.map(({ serial }) => serial))
      return {
        acknowledged: acknowledged.length,
        missing: acknowledged.filter((serial) => !known.has(serial)),
        doubled: stored.flatMap(({ serial, times }) => (times > 1 ? [serial] : [])),
      }
    },

    /** By machine: how many of these readings are its own, and how many it was told to have lost. */
    byMachine: (serials: readonly number[]) =>
      ids.map((id, place) => ({
        missing: serials.filter((serial) => serial % ids.length === place).length,
        told: dropped.filter(({ equipmentId }) => equipmentId === id).reduce((sum, { readings }) => sum + readings, 0),
      })),

    async stop() {
      newest?.kill('SIGKILL')
      await database.close()
      await temporary.drop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
