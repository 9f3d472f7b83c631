import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { type App, startApp } from '../../src/app.ts'
import { silentLog } from '../../src/core/index.ts'
import { readSettings } from '../../src/settings.ts'
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../setup/temporary-database.ts'

let temporary: TemporaryDatabase
let proxy: TcpProxy
let directory: string
let machine: Awaited<ReturnType<typeof startModbusSimulator>>
let app: App

const adminKey = `bw_${crypto.getRandomValues(Buffer.alloc(32)).toString('base64url')}`
const encryptionKeys = `k1:${crypto.getRandomValues(Buffer.alloc(32)).toString('base64')}`

beforeEach(async () => {
  temporary = await createTemporaryDatabase()
  const url = new URL(temporary.url)
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) })
  url.port = String(proxy.port)
  directory = mkdtempSync(join(tmpdir(), 'bakewire-stop-'))
  machine = await startModbusSimulator({ units: { 1: { holding: { 256: [1805] } } } })
  const settings = readSettings({
    PORT: '0',
    DATA_DIR: directory,
    DATABASE_URL: url.href,
    ENCRYPTION_KEYS: encryptionKeys,
    ADMIN_API_KEY: adminKey,
    EGRESS_ALLOW: '127.0.0.0/8',
  })
  app = await startApp(settings, silentLog)
})
afterEach(async () => {
  await proxy.stop()
  await machine.stop()
  await temporary.drop()
  rmSync(directory, { recursive: true, force: true })
})

async function call(method: 'GET' | 'POST', path: string, body?: object) {
  const answer = await fetch(`http://127.0.0.1:${app.port}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${adminKey}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: answer.status, body: await answer.json() }
}

/** The sooner of the two: longer than an orderly stop may take is as bad as never. */
const within = (timeoutMs: number) => ({ timeout: timeoutMs, interval: 50 })

it('ends in order while a frozen database holds up everything, an answer under way too', async () => {
  const added = await call('POST', '/equipment', { name: 'Oven', type: 'other' })
  const { id } = z.object({ id: z.string() }).parse(added.body)
  await call('POST', `/equipment/${id}/iot-config`, {
    protocol: 'modbus',
    endpoint: machine.host,
    port: machine.port,
    poll_interval_seconds: 1,
    additional_config: { points: [{ metric: 'temperature', table: 'holding', address: 256, type: 'int16' }] },
  })
  const latest = () => call('GET', `/equipment/${id}/realtime-data`)
  await vi.waitFor(async () => expect((await latest()).body).toMatchObject({ temperature: 1805 }), within(30_000))
  proxy.freeze()
  const unanswered = expect(call('GET', '/equipment')).rejects.toThrow()
  // Long enough for sweep, leases and readings to meet the silence.
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  let isStopped = false
  const stopped = app.stop().then(() => {
    isStopped = true
  })
  await vi.waitFor(() => expect(isStopped).toBe(true), within(9_000))
  await stopped
  await unanswered
}, 60_000)
