import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type SimulatedServer, startServer } from '#protocol/http'
import { hasRedis, startRedis, type TestRedis } from '../setup/redis.ts'
import { type ServiceProcess, startServiceProcess } from '../setup/service-process.ts'
import { soon } from '../setup/soon.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../setup/temporary-database.ts'

const random = (bytes: number) => crypto.getRandomValues(Buffer.alloc(bytes))
/** One of every kind of secret; whatever has a text of our choosing says what it is. */
const secrets = {
  databasePassword: 'canary-database',
  redisPassword: 'canary-redis',
  adminKey: `bw_${random(32).toString('base64url')}`,
  encryptionKey: random(32).toString('base64'),
  wrongKey: `bw_${random(32).toString('base64url')}`,
  machineToken: 'canary-token',
  machineKey: 'canary-api-key',
  machineUser: 'canary-user',
  machinePassword: 'canary-password',
  clientId: 'canary-client-id',
  clientSecret: 'canary-client-secret',
  refreshToken: 'canary-refresh-entered',
  accessToken: 'canary-access-given',
  refreshedToken: 'canary-refresh-given',
  hookPath: 'canary-hook-path',
  hookQuery: 'canary-hook-query',
  hookSecret: `whsec_${random(32).toString('base64')}`,
}
const basic = Buffer.from(`${secrets.machineUser}:${secrets.machinePassword}`).toString('base64')
const clientBasic = Buffer.from(`${secrets.clientId}:${secrets.clientSecret}`).toString('base64')
/** What the machine gives as a token address. */
const granted = { access_token: secrets.accessToken, refresh_token: secrets.refreshedToken, expires_in: 1 }

let temporary: TemporaryDatabase
let admin: postgres.Sql
let redis: TestRedis | undefined
let directory: string
let peer: SimulatedServer
let service: ServiceProcess
let output = ''
/** How the machine and the receiver of webhooks answer; a bad one quotes all that it was sent. */
let mood: 200 | 401 | 500 = 200

beforeAll(async () => {
  temporary = await createTemporaryDatabase()
  admin = postgres(temporary.url, { max: 1, onnotice: () => undefined })
  const url = new URL(temporary.url)
  url.username = `canary_${crypto.randomUUID().replaceAll('-', '')}`
  url.password = secrets.databasePassword
  await admin.unsafe(`create role ${url.username} superuser login password '${url.password}'`)
  redis = hasRedis ? await startRedis() : undefined
  await redis?.admin.config('SET', 'requirepass', secrets.redisPassword)
  directory = mkdtempSync(join(tmpdir(), 'bakewire-secrets-'))
  peer = await startServer({
    handle(request, response) {
      const quoted = JSON.stringify({ url: request.url, headers: request.headers, temperature: 4, ...granted })
      response.writeHead(mood, { 'content-type': 'application/json', 'x-quoted': String(request.url) }).end(quoted)
    },
  })
  service = await startServiceProcess(
    {
      DATABASE_URL: url.href,
      ...(redis ? { REDIS_URL: redis.url.replace('//', `//:${secrets.redisPassword}@`) } : {}),
      DATA_DIR: directory,
      ENCRYPTION_KEYS: `k1:${secrets.encryptionKey}`,
      ADMIN_API_KEY: secrets.adminKey,
      LOG_LEVEL: 'debug',
    },
    (text) => {
      output += text
    },
  )
  await service.ready()
})
afterAll(async () => {
  await service.kill('SIGTERM')
  await peer.stop()
  await redis?.stop()
  await temporary.drop()
  await admin.end()
  rmSync(directory, { recursive: true, force: true })
})

const answer = z.looseObject({ id: z.string().optional(), key: z.string().optional(), link: z.string().optional() })

async function call(method: string, path: string, body?: object | string, key = secrets.adminKey) {
  const response = await fetch(`${service.origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: answer.parse(text.startsWith('{') ? JSON.parse(text) : {}) }
}

const logged = (words: RegExp) => vi.waitFor(() => expect(words.test(output), `the log has ${words}`).toBe(true), soon)

const configurationOf = (credentials: object, more: object = {}) => ({
  protocol: 'rest_api',
  endpoint: 'http://127.0.0.1',
  port: peer.port,
  poll_interval_seconds: 1,
  credentials,
  additional_config: {
    data_endpoint: '/data',
    points: [{ metric: 'temperature', pointer: '/temperature' }],
    ...more,
  },
})

it('has no secret of any kind, whatever succeeds and whatever fails', async () => {
  const { machineToken: token, machineKey: api_key, machineUser: username, machinePassword: password } = secrets
  const machine = async (credentials: object, more: object = {}) => {
    const { id = '' } = (await call('POST', '/api/v1/equipment', { name: 'Cold room', type: 'cold_room' })).body
    expect((await call('POST', `/api/v1/equipment/${id}/iot-config`, configurationOf(credentials, more))).status).toBe(
      200,
    )
    return id
  }
  const ids = [await machine({ token, api_key }), await machine({ username, password })]
  const { clientId: client_id, clientSecret: client_secret, refreshToken: refresh_token } = secrets
  const token_url = `http://127.0.0.1:${peer.port}/token`
  ids.push(await machine({ client_id, client_secret, refresh_token }, { token_url }))
  await call('POST', '/api/v1/notification-channels', {
    name: 'Hook',
    kind: 'webhook',
    url: `http://127.0.0.1:${peer.port}/${secrets.hookPath}?token=${secrets.hookQuery}`,
    secret: secrets.hookSecret,
    severities: ['critical'],
  })
  await call('POST', '/api/v1/alert-rules', {
    name: 'Warm',
    kind: 'threshold',
    metric: 'temperature',
    above: 1,
    severity: 'critical',
  })
  const { key: madeKey = '' } = (await call('POST', '/api/v1/api-keys', { name: 'Reader', access: 'read' })).body
  await logged(/notification sent/)
  const listed = await fetch(`${service.origin}/api/v1/equipment/iot-alerts`, {
    headers: { authorization: `Bearer ${madeKey}` },
  })
  const [alert] = z
    .object({ items: z.array(z.object({ id: z.string(), link: z.string() })) })
    .parse(await listed.json()).items
  const alertToken = new URL(alert?.link ?? '').pathname.slice('/a/'.length)
  await fetch(`${service.origin}/a/${alertToken}`)
  await fetch(`${service.origin}/alerts/${alert?.id}`, { headers: { authorization: `Basic ${btoa(`x:${madeKey}`)}` } })

  // Callers who err.
  expect((await call('GET', `/api/v1/equipment?token=${token}`, undefined, secrets.wrongKey)).status).toBe(401)
  expect((await call('GET', `/api/v1/equipment?token=${token}`)).status).toBe(400)
  expect((await call('POST', '/api/v1/equipment', `{"name": "${password}`)).status).toBe(400)
  const misspelt = configurationOf({ [password]: token, token: 7 }, { [api_key]: 1 })
  expect((await call('POST', `/api/v1/equipment/${ids[0]}/test-connection`, misspelt)).status).toBe(400)
  await call('GET', `/${token}/${api_key}`)

  // A machine and a receiver that refuse, fail, quote what they were sent, and are gone.
  mood = 401
  await logged(/answered with 401/)
  await call('POST', `/api/v1/equipment/${ids[0]}/test-connection`, {})
  await call('POST', `/api/v1/equipment/${ids[2]}/test-connection`, {})
  mood = 500
  await call('POST', `/api/v1/alerts/${alert?.id}/resolve`, {})
  await logged(/notification is tried again/)
  await call('POST', `/api/v1/equipment/${ids[1]}/test-connection`, {})
  await peer.stop()
  await call('POST', `/api/v1/equipment/${ids[0]}/test-connection`, {})

  // A database and a Redis that no longer take the password.
  const [{ current_database: database }] = (await admin`select current_database()`) as [{ current_database: string }]
  const role = /canary_[0-9a-f]{32}/.exec(
    (await admin`select string_agg(rolname, ' ') from pg_roles`)[0]?.['string_agg'],
  )?.[0]
  await redis?.admin.config('SET', 'requirepass', 'another')
  await redis?.admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await admin.unsafe(`alter role ${role} password 'another'`)
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${database} and usename = ${role ?? ''}`
  await logged(/"code":"28P01"/)
  if (redis) await logged(/WRONGPASS/)
  await call('GET', '/api/v1/equipment')
  await service.kill('SIGTERM')

  expect(output.split('\n').filter((line) => /canary-/.test(line))).toEqual([])
  for (const secret of [...Object.values(secrets), basic, clientBasic, madeKey, alertToken]) {
    expect(secret.length).toBeGreaterThan(8)
    expect(output).not.toContain(secret)
  }
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  const requests = lines.filter(({ msg }) => msg === 'request')
  expect(requests.length).toBeGreaterThan(10)
  for (const line of requests)
    expect(line).toMatchObject({ request_id: expect.any(String), status: expect.any(Number) })
  for (const line of lines.filter(({ msg }) => /^machine /.test(msg)))
    expect(line).toMatchObject({ equipment_id: expect.any(String), link: expect.any(String) })
}, 90_000)
