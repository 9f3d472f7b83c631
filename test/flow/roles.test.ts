import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type ModbusSimulator, startModbusSimulator } from '../../connectors/modbus/simulator.ts'
import { hasRedis, startRedis, type TestRedis } from '../setup/redis.ts'
import { type ServiceProcess, startServiceProcess } from '../setup/service-process.ts'
import { soon } from '../setup/soon.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../setup/temporary-database.ts'

const adminKey = `bw_${crypto.randomUUID()}${crypto.randomUUID()}`
const encryptionKeys = `k1:${crypto.getRandomValues(Buffer.alloc(32)).toString('base64')}`
const machineCount = 12

const answer = z.looseObject({
  id: z.string().optional(),
  temperature: z.number().nullish(),
  stale: z.boolean().optional(),
  success: z.boolean().optional(),
  connection_test_result: z.object({ success: z.boolean() }).optional(),
  parts: z.record(z.string(), z.unknown()).optional(),
  items: z
    .array(z.looseObject({ equipment_id: z.string().optional(), backlink_url: z.string().optional() }))
    .optional(),
})

describe.each(['PostgreSQL', ...(hasRedis ? ['Redis'] : [])])('one api and three workers, the queue in %s', (queue) => {
  let database: TemporaryDatabase
  let redis: TestRedis | undefined
  let directory: string
  let api: ServiceProcess
  let workers: ServiceProcess[]
  const machines: ModbusSimulator[] = []
  const ids: string[] = []

  beforeAll(async () => {
    database = await createTemporaryDatabase()
    redis = queue === 'Redis' ? await startRedis() : undefined
    directory = mkdtempSync(join(tmpdir(), 'bakewire-roles-'))
    const settings = {
      DATABASE_URL: database.url,
      ENCRYPTION_KEYS: encryptionKeys,
      ADMIN_API_KEY: adminKey,
      DATA_DIR: directory,
      ...(redis ? { REDIS_URL: redis.url } : {}),
    }
    const start = (role: string) => startServiceProcess({ ...settings, ROLE: role })
    api = await start('api')
    workers = await Promise.all(['worker', 'worker', 'worker'].map(start))
    await Promise.all([api, ...workers].map((process) => process.ready()))
    for (let count = 0; count < machineCount; count += 1)
      machines.push(await startModbusSimulator({ units: { 1: { holding: { 0: 200 + count } } } }))
  }, 60_000)
  afterAll(async () => {
    await Promise.all([api, ...workers].map((process) => process.kill('SIGTERM')))
    await Promise.all(machines.splice(0).map((machine) => machine.stop()))
    await redis?.stop()
    await database.drop()
    rmSync(directory, { recursive: true, force: true })
    ids.splice(0)
  })

  async function call(path: string, body?: object, origin = api.origin) {
    const response = await fetch(`${origin}${path}`, {
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    })
    return { status: response.status, body: answer.parse(await response.json()) }
  }
  const configurationOf = (machine: Pick<ModbusSimulator, 'host' | 'port'>) => ({
    protocol: 'modbus',
    endpoint: machine.host,
    port: machine.port,
    poll_interval_seconds: 1,
    additional_config: {
      points: [{ metric: 'temperature', table: 'holding', address: 0, type: 'int16', scale: 0.1 }],
    },
  })
  const live = async (id: string) => (await call(`/api/v1/equipment/${id}/realtime-data`)).body
  const expectAllLive = () =>
    vi.waitFor(async () => {
      for (const [index, id] of ids.entries())
        expect(await live(id)).toMatchObject({ temperature: (200 + index) / 10, stale: false })
    }, soon)

  it('polls every machine that is configured through the api', async () => {
    for (const [index, machine] of machines.entries()) {
      const { id = '' } = (await call('/api/v1/equipment', { name: `Oven ${index}`, type: 'cold_room' })).body
      const { body } = await call(`/api/v1/equipment/${id}/iot-config`, configurationOf(machine))
      expect(body.connection_test_result).toEqual(expect.objectContaining({ success: true }))
      ids.push(id)
    }
    await expectAllLive()
    // A shard may be on its way to another worker just now: for a moment its machines have no connection, and never two.
    await vi.waitFor(
      () => expect(machines.map((machine) => machine.connections())).toEqual(machines.map(() => 1)),
      soon,
    )
  })

  it('answers a connection test and a fresh read on the link of the worker that holds it', async () => {
    const [id = ''] = ids
    expect((await call(`/api/v1/equipment/${id}/test-connection`, {})).body.success).toBe(true)
    expect((await call(`/api/v1/equipment/${id}/realtime-data?fresh=true`)).body.temperature).toBe(20)
    expect(machines[0]?.connections()).toBe(1)
  })

  it('dials none of its own services, wherever the operator lets machines be', async () => {
    for (const url of [database.url, ...(redis ? [redis.url] : [])]) {
      const own = configurationOf({ host: '127.0.0.1', port: Number(new URL(url).port) })
      const { body } = await call(`/api/v1/equipment/${ids[1]}/test-connection`, own)
      expect(body).toMatchObject({ success: false, error_details: { code: 'ADDRESS_REFUSED' } })
    }
  })

  it('raises the alerts of all machines, each once, with a link of the api', async () => {
    await call('/api/v1/alert-rules', {
      name: 'Too warm',
      kind: 'threshold',
      metric: 'temperature',
      above: 8,
      severity: 'critical',
    })
    await vi.waitFor(async () => {
      const { items = [] } = (await call('/api/v1/equipment/iot-alerts')).body
      expect(items.map((alert) => alert.equipment_id).toSorted()).toEqual(ids.toSorted())
    }, soon)
  })

  it('says of each process only what it does', async () => {
    expect(Object.keys((await call('/health/ready')).body.parts ?? {})).toEqual([
      'database',
      'schema',
      'readings',
      'rollups',
      'workers',
      'clock',
      'queue',
    ])
    const [worker] = workers
    const parts = (await call('/health/ready', undefined, worker?.origin)).body.parts
    expect(Object.keys(parts ?? {})).toEqual([
      'database',
      'schema',
      'readings',
      'rollups',
      'workers',
      'clock',
      'queue',
      'spool',
      'polling',
      'disk',
    ])
    expect((await call('/api/v1/equipment', undefined, worker?.origin)).status).toBe(404)
  })

  it('goes on when a worker is killed, and when one ends in order', async () => {
    await Promise.all([workers[0]?.kill('SIGKILL'), workers[1]?.kill('SIGTERM')])
    // A value that was never there before: only a worker that lives can have read it.
    for (const [index, machine] of machines.entries()) machine.units.get(1)?.holding.set(0, 300 + index)
    await vi.waitFor(async () => {
      for (const [index, id] of ids.entries())
        expect(await live(id)).toMatchObject({ temperature: (300 + index) / 10, stale: false })
    }, soon)
    expect(machines.map((machine) => machine.connections())).toEqual(machines.map(() => 1))
  })
})
