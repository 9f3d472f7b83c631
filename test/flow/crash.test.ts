import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type ModbusSimulator, startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { freePort } from '../setup/free-port.ts'
import { soon } from '../setup/soon.ts'

/** `CRASH_ROUNDS=10 npm test -- test/flow/crash` for the long form. */
const rounds = Number(process.env['CRASH_ROUNDS'] ?? 3)
const root = join(import.meta.dirname, '../..')
const adminKey = `bw_${crypto.randomUUID()}${crypto.randomUUID()}`

let directory: string
let port: number
let service: ChildProcess
const machines: ModbusSimulator[] = []

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bakewire-crash-'))
  port = await freePort()
  for (let index = 0; index < 5; index += 1) {
    machines.push(await startModbusSimulator({ units: { 1: { holding: { 0: 215 }, discrete: { 0: true } } } }))
  }
})
afterAll(async () => {
  service?.kill('SIGTERM')
  await once(service, 'exit')
  await Promise.all(machines.map((machine) => machine.stop()))
  rmSync(directory, { recursive: true, force: true })
})

async function start(): Promise<void> {
  const env = {
    ...process.env,
    DATA_DIR: directory,
    PORT: String(port),
    ADMIN_API_KEY: adminKey,
    EGRESS_ALLOW: '127.0.0.0/8',
    LOG_LEVEL: 'error',
  }
  service = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200), soon)
}

/** Stops the database in its tracks: what is polled now stays in the spool. */
function freezeDatabase(): void {
  signalDatabase('SIGSTOP')
}

/** Kills the service and its database, as a power cut does. */
async function killEverything(): Promise<void> {
  process.kill(-(service.pid ?? 0), 'SIGKILL')
  signalDatabase('SIGKILL')
  await once(service, 'exit')
}

/** The server and all its backends. */
function signalDatabase(signal: NodeJS.Signals): void {
  const [postmaster = ''] = readFileSync(join(directory, 'postgres/cluster/data/postmaster.pid'), 'utf8').split('\n')
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ')
  for (const pid of [postmaster, ...children]) process.kill(Number(pid), signal)
}

/** As much of the answers as is looked at here. */
const page = z.looseObject({
  id: z.string().optional(),
  equipment_id: z.string().nullish(),
  readings: z.array(z.looseObject({ reading_time: z.string() })).default([]),
  items: z.array(z.looseObject({ equipment_id: z.string(), occurrences: z.number() })).default([]),
})

async function api(path: string, body?: object) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  })
  expect(answer.status, path).toBeLessThan(300)
  return page.parse(await answer.json())
}

async function configureMachines(): Promise<string[]> {
  const points = [
    { metric: 'temperature', table: 'holding', address: 0, type: 'int16', scale: 0.1 },
    { metric: 'door_status', table: 'discrete', address: 0 },
  ]
  const ids: string[] = []
  for (const machine of machines) {
    const { id = '' } = await api('/equipment', { name: `Machine ${machine.port}`, type: 'cold_room' })
    await api(`/equipment/${id}/iot-config`, {
      protocol: 'modbus',
      endpoint: machine.host,
      port: machine.port,
      poll_interval_seconds: 1,
      additional_config: { points },
    })
    ids.push(id)
  }
  await api('/alert-rules', {
    name: 'Door open',
    kind: 'state',
    metric: 'door_status',
    equals: 'open',
    severity: 'warning',
  })
  return ids
}

/** Keys of the readings that lie in the spool of a dead process, read from a copy. */
function spooledKeys(): string[] {
  const copy = mkdtempSync(join(tmpdir(), 'bakewire-spool-copy-'))
  cpSync(join(directory, 'spool'), copy, { recursive: true })
  const keys = readdirSync(copy)
    .filter((name) => name.endsWith('.sqlite'))
    .flatMap((name) => {
      const database = new DatabaseSync(join(copy, name))
      const rows = database.prepare('select readings from batches').all()
      database.close()
      return rows.flatMap((row) => {
        const readings: { equipmentId: string; readingTime: number }[] = JSON.parse(String(row['readings']))
        return readings.map((reading) => `${reading.equipmentId} ${reading.readingTime}`)
      })
    })
  rmSync(copy, { recursive: true })
  return keys
}

async function storedKeys(ids: readonly string[]): Promise<string[]> {
  const pages = await Promise.all(ids.map((id) => api(`/equipment/${id}/sensor-history?limit=10000`)))
  return pages.flatMap(({ equipment_id, readings }) =>
    readings.map((row) => `${equipment_id} ${Date.parse(row.reading_time)}`),
  )
}

it(
  `outlives ${rounds} kills: nothing spooled is lost, nothing doubled, polling resumes, alerts stay single`,
  async () => {
    await start()
    const ids = await configureMachines()
    for (let round = 0; round < rounds; round += 1) {
      await sleep(1_500)
      freezeDatabase()
      // Another moment of the polls and batches each time.
      await sleep(1_200 + ((round * 137) % 500))
      await killEverything()
      const expected = spooledKeys()
      expect(expected.length).toBeGreaterThan(0)
      await start()
      await vi.waitFor(async () => expect(await storedKeys(ids)).toEqual(expect.arrayContaining(expected)), soon)
      const before = (await storedKeys(ids)).length
      await vi.waitFor(async () => expect((await storedKeys(ids)).length).toBeGreaterThan(before + ids.length), soon)
      const keys = await storedKeys(ids)
      expect(new Set(keys).size).toBe(keys.length)
      const { items } = await api('/equipment/iot-alerts')
      expect(items.map((alert) => alert.equipment_id).toSorted()).toEqual(ids.toSorted())
      expect(items.every((alert) => alert.occurrences === 1)).toBe(true)
    }
  },
  60_000 + rounds * 60_000,
)
