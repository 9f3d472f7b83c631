import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { silentLog } from '#core'
import { type App, startApp } from '../../src/app.ts'
import { readSettings } from '../../src/settings.ts'
import { hasRedis, startRedis, type TestRedis } from '../setup/redis.ts'
import { soon } from '../setup/soon.ts'
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../setup/temporary-database.ts'

/** Longer than an orderly stop may take is as bad as never. */
const stopMs = 9_000

describe.runIf(hasRedis)('an api and a worker', () => {
  const adminKey = `bw_${crypto.randomUUID()}${crypto.randomUUID()}`
  const encryptionKeys = `k1:${crypto.getRandomValues(Buffer.alloc(32)).toString('base64')}`
  let temporary: TemporaryDatabase
  let proxy: TcpProxy
  let redis: TestRedis
  let directory: string
  let machine: Server
  const sockets = new Set<Socket>()
  let asked = 0

  beforeAll(async () => {
    temporary = await createTemporaryDatabase()
    const url = new URL(temporary.url)
    proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) })
    redis = await startRedis()
    directory = mkdtempSync(join(tmpdir(), 'bakewire-stop-roles-'))
    // Takes every request and answers none.
    machine = createServer((socket) => {
      sockets.add(socket.on('error', () => socket.destroy()))
      socket.on('data', () => {
        asked += 1
      })
    }).listen(0, '127.0.0.1')
    await once(machine, 'listening')
  })
  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    machine.close()
    await proxy.stop()
    await redis.stop()
    await temporary.drop()
    rmSync(directory, { recursive: true, force: true })
  })

  const start = (role: 'api' | 'worker') => {
    const url = new URL(temporary.url)
    url.port = String(proxy.port)
    const settings = readSettings({
      PORT: '0',
      ROLE: role,
      DATA_DIR: join(directory, role),
      DATABASE_URL: url.href,
      REDIS_URL: redis.url,
      ENCRYPTION_KEYS: encryptionKeys,
      ADMIN_API_KEY: adminKey,
      EGRESS_ALLOW: '127.0.0.0/8',
    })
    return startApp(settings, silentLog)
  }

  it('end in order with Redis and the database frozen, a machine that hangs, and long answers under way', async () => {
    const [api, worker] = await Promise.all([start('api'), start('worker')])
    const call = async (path: string, body: object) => {
      const response = await fetch(`http://127.0.0.1:${api.port}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return z.looseObject({ id: z.string().optional() }).parse(await response.json())
    }
    const address = machine.address()
    const configuration = {
      protocol: 'modbus',
      endpoint: '127.0.0.1',
      port: typeof address === 'object' ? address?.port : 0,
      additional_config: {
        timeout: 30,
        points: [{ metric: 'temperature', table: 'holding', address: 0, type: 'int16' }],
      },
    }
    const { id } = await call('/equipment', { name: 'Oven', type: 'other' })
    const unanswered = expect(call(`/equipment/${id}/test-connection`, configuration)).rejects.toThrow()
    await vi.waitFor(() => expect(asked).toBeGreaterThan(0), soon)
    redis.signal('SIGSTOP')
    proxy.freeze()
    // Long enough for sweep, leases and doorbells to meet the silence.
    await sleep(2_500)
    const stopped = { api: false, worker: false }
    const stop = async (role: keyof typeof stopped, app: App) => {
      await app.stop()
      stopped[role] = true
    }
    const stopping = Promise.all([stop('api', api), stop('worker', worker)])
    await vi.waitFor(() => expect(stopped).toEqual({ api: true, worker: true }), { timeout: stopMs, interval: 50 })
    await stopping
    await unanswered
  }, 60_000)
})
