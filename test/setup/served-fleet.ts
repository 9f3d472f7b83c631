import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { expect, vi } from 'vitest'
import { z } from 'zod'
import { startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { type ServiceProcess, startServiceProcess } from './service-process.ts'
import { soon } from './soon.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'
import { createTemporaryDatabase } from './temporary-database.ts'

const compileCache = join(import.meta.dirname, '../../node_modules/.cache/node')
/** Of a process among many others that start. */
const startTimeoutMs = 90_000

/** A machine that serves a new number at every request. */
interface ServingMachine {
  readonly id: string
  /** When each number was served, by `performance.now()`; the first was number 1. */
  readonly servedAtMs: readonly number[]
  /** What it is reached by, where `wires` was asked for. */
  readonly wire: TcpProxy | undefined
  connections(): number
}

/** What was served and is not stored as it should be. */
export interface Verdict {
  /** Numbers that stand in more than one row. */
  readonly doubled: number
  /** Numbers between the first and the last stored one that stand in no row, by when they were served; see `compare`. */
  readonly missingAtMs: readonly number[]
}

/** One api and some workers as processes, polling machines of this process every second; what was stored is compared with what was served. */
export async function startServedFleet(options: {
  readonly machines: number
  /** None: the api polls by itself, and is one process for all. */
  readonly workers: number
  /** Lets each machine's wire be cut. */
  readonly wires?: boolean
  /** Default: the queue lies in PostgreSQL. */
  readonly redisUrl?: string
  /** Default: a database of the run's PostgreSQL. */
  readonly databaseUrl?: string
  /** Of the environment. */
  readonly settings?: Readonly<Record<string, string>>
}) {
  const database =
    options.databaseUrl === undefined
      ? await createTemporaryDatabase()
      : { url: options.databaseUrl, drop: async () => undefined }
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined })
  const directory = mkdtempSync(join(tmpdir(), 'bakewire-served-'))
  const adminKey = `bw_${crypto.randomUUID()}${crypto.randomUUID()}`
  const settings = {
    DATABASE_URL: database.url,
    ENCRYPTION_KEYS: `k1:${crypto.getRandomValues(Buffer.alloc(32)).toString('base64')}`,
    ADMIN_API_KEY: adminKey,
    DATA_DIR: directory,
    // As in earnest: compiled once, a worker that follows a killed one is there in time.
    NODE_COMPILE_CACHE: compileCache,
    ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
    ...options.settings,
  }
  const start = async (role: 'all' | 'api' | 'worker') => {
    const said: string[] = []
    const service = await startServiceProcess({ ...settings, ROLE: role }, (text) => void said.push(text))
    // What faults lead to is no news here; what a process died of is.
    service.child.once('exit', (code) => code !== null && process.stderr.write(said.join('')))
    await service.ready(startTimeoutMs)
    return service
  }
  const api = await start(options.workers === 0 ? 'all' : 'api')
  const workers: ServiceProcess[] = []
  for (let count = 0; count < options.workers; count += 1) workers.push(await start('worker'))
  const simulators = await Promise.all(
    Array.from({ length: options.machines }, () => startSerialMachine(options.wires)),
  )

  const authorization = `Bearer ${adminKey}`
  const get = (path: string) => fetch(`${api.origin}/api/v1${path}`, { headers: { authorization } })
  async function call(path: string, body: object) {
    const response = await fetch(`${api.origin}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const answer = await response.json()
    expect(response.ok, JSON.stringify(answer)).toBe(true)
    return z.looseObject({ id: z.string().optional() }).parse(answer)
  }

  const configure = async (name: string, { machine, wire, servedAtMs }: (typeof simulators)[number]) => {
    const { id = '' } = await call('/equipment', { name, type: 'other' })
    await call(`/equipment/${id}/iot-config`, {
      protocol: 'modbus',
      endpoint: machine.host,
      port: wire?.port ?? machine.port,
      poll_interval_seconds: 1,
      additional_config: {
        points: [{ metric: 'additional.serial', table: 'holding', address: 0, type: 'uint16' }],
      },
    })
    return { id, servedAtMs, wire, connections: machine.connections }
  }
  const machines: ServingMachine[] = []
  // Each is asked when it is configured, and the api asks 64 at a time.
  for (let at = 0; at < simulators.length; at += 16)
    machines.push(
      ...(await Promise.all(
        simulators.slice(at, at + 16).map((simulator, index) => configure(`Oven ${at + index}`, simulator)),
      )),
    )

  async function storedOf(id: string): Promise<number[]> {
    const rows = await sql<{ serial: number }[]>`
      select (additional->>'serial')::integer as serial from equipment_sensor_readings where equipment_id = ${id}`
    return rows.map(({ serial }) => serial)
  }

  return {
    api,
    workers,
    machines,
    sql,
    get,
    call,
    startWorker: () => start('worker'),
    /** Settles when each machine was polled, and what it served then is stored. */
    async polled() {
      const served = machines.map(({ servedAtMs }) => servedAtMs.length)
      await vi.waitFor(async () => {
        for (const [index, { id }] of machines.entries())
          expect(Math.max(0, ...(await storedOf(id)))).toBeGreaterThan(served[index] ?? 0)
      }, soon)
    },
    /** The longest time after `sinceMs` in which one machine was not asked; until now where it was not asked again. */
    longestPauseMs(sinceMs: number): number {
      const pauses = machines.flatMap(({ servedAtMs }) => {
        const times = [sinceMs, ...servedAtMs.filter((atMs) => atMs > sinceMs), performance.now()]
        return times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs))
      })
      return Math.max(...pauses)
    },
    async judge(): Promise<Verdict> {
      const verdicts = await Promise.all(
        machines.map(async ({ id, servedAtMs }) => compare(servedAtMs, await storedOf(id))),
      )
      return {
        doubled: verdicts.reduce((sum, { doubled }) => sum + doubled, 0),
        missingAtMs: verdicts.flatMap(({ missingAtMs }) => missingAtMs),
      }
    },
    async stop() {
      await Promise.all([api, ...workers].map((process) => process.kill('SIGKILL')))
      await Promise.all(simulators.flatMap(({ machine, wire }) => [machine.stop(), wire?.stop()]))
      await sql.end({ timeout: 5 })
      await database.drop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function startSerialMachine(isWired = false) {
  const servedAtMs: number[] = []
  const machine = await startModbusSimulator({ units: { 1: { holding: { 0: 0 } } } })
  machine.onRequest((nth) => {
    machine.units.get(1)?.holding.set(0, nth)
    servedAtMs.push(performance.now())
  })
  return { machine, servedAtMs, wire: isWired ? await startTcpProxy(machine) : undefined }
}

/** Apart by less, two answers may carry one time, to the millisecond, and be one row. */
const sameTimeMs = 20

/**
 * Where a shard has two holders for a moment, both ask on the same grid: of two numbers served at the same time one row is
 * enough.
 */
function compare(servedAtMs: readonly number[], stored: readonly number[]): Verdict {
  const known = new Set(stored)
  const [first, last] = [Math.min(...known), Math.max(...known)]
  const hasTwin = (atMs: number, index: number) =>
    [index - 1, index + 1].some(
      (other) => known.has(other + 1) && Math.abs((servedAtMs[other] ?? Infinity) - atMs) < sameTimeMs,
    )
  return {
    doubled: stored.length - known.size,
    missingAtMs: servedAtMs.filter(
      (atMs, index) => index + 1 > first && index + 1 < last && !known.has(index + 1) && !hasTwin(atMs, index),
    ),
  }
}
