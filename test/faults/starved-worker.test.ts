import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startServedFleet } from '../setup/served-fleet.ts'
import { soon } from '../setup/soon.ts'

/** The system's bounds of a process are set from outside. */
const canBound = process.platform === 'linux'
const heapMiB = 128
/** What a killed worker has read and not spooled is lost, and the machines of a dying one are served late. */
const unspooledMs = 2_000
const fatal = 'SIGABRT'

type Fleet = Awaited<ReturnType<typeof startServedFleet>>
type Worker = Fleet['workers'][number]

/** How memory ends: at the bound of the heap, or because the system gives a process no more. */
const bounds: Record<string, (worker: Worker) => void> = {
  'its heap is full': () => undefined,
  'the system gives it no more'({ child }) {
    const used = /^VmData:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
    execFileSync('prlimit', ['--pid', String(child.pid), `--data=${(Number(used) + 16 * 1_024) * 1_024}`])
  },
}

describe.runIf(canBound)('a worker that runs out of memory while the database is away', () => {
  let fleet: Fleet
  const diedAtMs: number[] = []
  const directory = mkdtempSync(join(tmpdir(), 'bakewire-starved-'))
  const file = join(directory, 'eat')
  beforeAll(async () => {
    mkdirSync(join(directory, 'connectors/hungry'), { recursive: true })
    copyFileSync(join(import.meta.dirname, 'hungry-connector.child.ts'), join(directory, 'connectors/hungry/index.ts'))
    const settings = {
      CONNECTOR_DIRS: join(directory, 'connectors'),
      NODE_OPTIONS: `--max-old-space-size=${heapMiB}`,
    }
    fleet = await startServedFleet({ machines: 12, workers: 2, settings })
    const { id = '' } = await fleet.call('/equipment', { name: 'Hungry', type: 'other' })
    await fleet.call(`/equipment/${id}/iot-config`, {
      protocol: 'hungry',
      endpoint: '127.0.0.1',
      poll_interval_seconds: 1,
      additional_config: { file },
    })
    await fleet.polled()
  }, 300_000)
  afterAll(async () => {
    await fleet.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  it.each(Object.keys(bounds))(
    '(%s) dies, its shards are polled by another, and what it had spooled is stored by the next',
    async (name) => {
      for (const worker of fleet.workers) bounds[name]?.(worker)
      const death = Promise.race(fleet.workers.map(({ child }) => once(child, 'exit').then(([, signal]) => signal)))
      // What is read waits in the spool, which so holds something when the end comes.
      await fleet.sql.begin(async (transaction) => {
        await transaction`lock table equipment_sensor_readings in access exclusive mode`
        writeFileSync(file, '')
        expect(await death).toBe(fatal)
      })
      const atMs = performance.now()
      diedAtMs.push(atMs)
      // What a supervisor does.
      const dead = fleet.workers.findIndex(({ child }) => child.signalCode !== null)
      fleet.workers[dead] = await fleet.startWorker()
      await vi.waitFor(
        () => expect(fleet.machines.every(({ servedAtMs }) => (servedAtMs.at(-1) ?? 0) > atMs)).toBe(true),
        soon,
      )
      await fleet.polled()
      await vi.waitFor(async () => {
        const { missingAtMs } = await fleet.judge()
        expect(missingAtMs.filter((servedMs) => !diedAtMs.some((at) => Math.abs(at - servedMs) < unspooledMs))).toEqual(
          [],
        )
      }, soon)
      const { doubled, missingAtMs } = await fleet.judge()
      const figures = { name, pauseMs: Math.round(fleet.longestPauseMs(atMs)), missing: missingAtMs.length }
      process.stdout.write(`${JSON.stringify(figures)}\n`)
      expect(doubled).toBe(0)
    },
    240_000,
  )
})
