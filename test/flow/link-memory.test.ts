import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type SimulatedServer, startServer } from '#protocol/http'
import { createTokenServer, tokenAccount } from '../../src/protocol/rest/simulation/token-server.ts'
import { freePort } from '../setup/free-port.ts'

const root = join(import.meta.dirname, '../..')
const adminKey = `bw_${crypto.randomUUID()}${crypto.randomUUID()}`
const soon = { timeout: 60_000, interval: 100 }
const perMinute = 5

let directory: string
let port: number
let service: ChildProcess
const servers: SimulatedServer[] = []

/** A cloud, and when it was asked. */
async function cloud(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: number[] = []
  const server = await startServer({
    handle(request, response) {
      if (request.method === 'GET') asked.push(Date.now())
      handle(request, response)
    },
  })
  servers.push(server)
  return { asked, endpoint: `http://127.0.0.1:${server.port}` }
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bakewire-memory-'))
  port = await freePort()
  await start()
}, 60_000)
afterAll(async () => {
  service?.kill('SIGTERM')
  await once(service, 'exit')
  await Promise.all(servers.map((server) => server.stop()))
  rmSync(directory, { recursive: true, force: true })
})

async function start(): Promise<void> {
  const settings = { DATA_DIR: directory, PORT: String(port), ADMIN_API_KEY: adminKey, LOG_LEVEL: 'error' }
  service = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    env: { ...process.env, ...settings, EGRESS_ALLOW: '127.0.0.0/8' },
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200), soon)
}

/** Its database dies with it. */
async function kill(): Promise<void> {
  process.kill(-(service.pid ?? 0), 'SIGKILL')
  await once(service, 'exit')
}

/** As much of the answers as is looked at here. */
const answer = z.looseObject({
  id: z.string().optional(),
  temperature: z.number().nullish(),
  stale: z.boolean().optional(),
  iot_connection_status: z.string().optional(),
  iot_connection_error: z.object({ code: z.string(), message: z.string() }).nullish(),
})

async function api(path: string, body?: object) {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  })
  expect(response.status, path).toBeLessThan(300)
  return answer.parse(await response.json())
}

async function configure(endpoint: string, credentials: object = {}, settings: object = {}): Promise<string> {
  const { id = '' } = await api('/equipment', { name: `Oven at ${endpoint}`, type: 'deck_oven' })
  const additional_config = {
    data_endpoint: '/data',
    points: [{ metric: 'temperature', pointer: '/temp' }],
    ...settings,
  }
  const configuration = { protocol: 'rest_api', endpoint, credentials, additional_config, poll_interval_seconds: 1 }
  await api(`/equipment/${id}/iot-config`, configuration)
  return id
}

const faultOf = async (id: string) => (await api(`/equipment/${id}`)).iot_connection_error

it('asks no cloud before it may, counts on, and logs in with the newest token, after kill -9 as before', async () => {
  const limiting = await cloud((_, response) => response.writeHead(429, { 'retry-after': '70300' }).end())
  const metered = await cloud((_, response) => response.end('{"temp": 21}'))
  const account = tokenAccount.parse({ client_id: 'bakery', refresh_token: 'entered', expires_in: 3 })
  const tokens = createTokenServer(account)
  const guarded = await cloud((request, response) => {
    if (tokens.serves(request)) tokens.handle(request, response)
    else if (tokens.accepts(request)) response.end('{"temp": 22}')
    else response.writeHead(401).end()
  })

  const limited = await configure(limiting.endpoint)
  const counted = await configure(metered.endpoint, {}, { requests_per_minute: perMinute })
  const loggedIn = await configure(
    guarded.endpoint,
    { client_id: 'bakery', refresh_token: 'entered' },
    { token_url: `${guarded.endpoint}/token` },
  )
  await vi.waitFor(async () => expect((await faultOf(limited))?.code).toBe('DEVICE_BUSY'), soon)
  await vi.waitFor(async () => {
    expect((await faultOf(counted))?.message).toMatch(/^requests_per_minute \(5\) is used up until 20/)
  }, soon)
  // The refresh token that was entered has been replaced, and its successor too.
  await vi.waitFor(() => expect(tokens.asked.length).toBeGreaterThan(2), soon)
  // A token is used when it is remembered, not before.
  const used = guarded.asked.length
  await vi.waitFor(() => expect(guarded.asked.length).toBeGreaterThan(used + 1), soon)
  const [askedOfLimiting, refreshed] = [limiting.asked.length, tokens.asked.length]
  expect(metered.asked).toHaveLength(perMinute)

  await kill()
  await start()
  await vi.waitFor(() => expect(tokens.asked.length).toBeGreaterThan(refreshed + 1), soon)
  // Polls of the other machines have been due as often by now.
  await sleep(3_000)
  expect(limiting.asked).toHaveLength(askedOfLimiting)
  await expect(api(`/equipment/${limited}/realtime-data?fresh=true`)).rejects.toThrow()
  expect(limiting.asked).toHaveLength(askedOfLimiting)
  await vi.waitFor(async () => {
    expect((await faultOf(limited))?.message).toMatch(/429: it is asked too often; it is not asked again before 20/)
  }, soon)

  const spent = tokens.asked.map(({ refresh_token }) => refresh_token)
  expect(spent[0]).toBe('entered')
  expect(new Set(spent).size).toBe(spent.length)
  expect(await api(`/equipment/${loggedIn}/realtime-data`)).toMatchObject({ temperature: 22, stale: false })

  // It goes on when the minute is over, and in no minute more is asked than may be.
  await vi.waitFor(() => expect(metered.asked.length).toBeGreaterThan(perMinute), { timeout: 120_000, interval: 500 })
  for (const from of metered.asked)
    expect(metered.asked.filter((time) => time >= from && time < from + 59_000).length).toBeLessThanOrEqual(perMinute)
}, 300_000)
