import { connect, createServer, type Socket } from 'node:net'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { BakewireError, type Log, silentLog } from '#core'
import { hasRedis, startRedis, type TestRedis } from '../../test/setup/redis.ts'
import { soon } from '../../test/setup/soon.ts'
import { createTemporaryDatabase, type TemporaryDatabase } from '../../test/setup/temporary-database.ts'
import { connectQueue, type QueueBackend } from './connect-queue.ts'
import { ringDoorbell } from './ring-doorbell.ts'

let database: TemporaryDatabase
let admin: Client
const open: QueueBackend[] = []

beforeAll(async () => {
  database = await createTemporaryDatabase()
  admin = new Client({ connectionString: database.url })
  await admin.connect()
})

afterEach(async () => {
  await Promise.all(open.splice(0).map((backend) => backend.close()))
})

afterAll(async () => {
  await admin.end()
  await database.drop()
})

async function connectTo(databaseUrl: string, log: Log = silentLog): Promise<QueueBackend> {
  const backend = await connectQueue({ databaseUrl }, log)
  open.push(backend)
  return backend
}

async function connections(): Promise<number> {
  const { rows } = await admin.query(
    'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  return rows.length
}

describe('connectQueue', () => {
  it('lets several processes make the tables at once, in a schema of their own', async () => {
    await Promise.all([connectTo(database.url), connectTo(database.url), connectTo(database.url)])
    const { rows } = await admin.query(
      `select distinct table_schema from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')`,
    )
    expect(rows).toEqual([{ table_schema: 'bullmq' }])
  })

  it('says that the queue is not available where nothing listens', async () => {
    const failure = await connectTo('postgres://nobody@127.0.0.1:1/none').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(BakewireError)
    expect(failure).toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('leaves no connection behind', async () => {
    const backend = await connectTo(database.url)
    await backend.worker('send-notification', async () => undefined, {})
    await ringDoorbell(backend, 'maintain-readings', {})
    expect(await connections()).toBeGreaterThan(0)
    await backend.close()
    await vi.waitUntil(async () => (await connections()) === 0, soon)
  })

  it('tells a lost connection once, and once that it is back', async () => {
    const told: string[] = []
    const tell = (_fields: object, message: string) => void told.push(message)
    const backend = await connectTo(database.url, { ...silentLog, info: tell, warn: tell, error: tell })
    await backend.worker('send-notification', async () => undefined, {})
    await admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    await vi.waitUntil(() => !backend.working, soon)
    await vi.waitUntil(() => backend.working, soon)
    expect(told).toEqual(['the job queue fails; work goes on, found by the sweep', 'the job queue works again'])
  })
})

describe('a database that stops answering', () => {
  /** Passes everything on to the database until it is stalled: then it swallows everything and keeps the connections. */
  async function startStallingProxy() {
    const { hostname, port } = new URL(database.url)
    const clients = new Set<Socket>()
    let stalled = false
    // Half open: when our side says goodbye, a dead network does not answer that either.
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const upstream = connect(Number(port), hostname)
      upstream.on('error', () => client.destroy()).on('data', (data) => stalled || client.write(data))
      client.on('error', () => client.destroy()).on('data', (data) => stalled || upstream.write(data))
      client.on('end', () => stalled || client.end())
      clients.add(client.once('close', () => clients.delete(client) && upstream.destroy()))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
    const url = new URL(database.url)
    url.port = String(address.port)
    return {
      url: url.href,
      clients,
      stall: () => {
        stalled = true
      },
      /** An empty notice: a connection that still exists takes it, one that was cut answers by a reset, which ends it here. */
      probe: () => {
        for (const client of clients) client.write(Buffer.from([0x4e, 0, 0, 0, 5, 0]))
      },
      stop: () => {
        for (const client of clients) client.destroy()
        server.close()
      },
    }
  }

  it('neither holds up a doorbell nor the end of the process', async () => {
    const proxy = await startStallingProxy()
    try {
      const backend = await connectTo(proxy.url)
      await backend.worker('send-notification', async () => undefined, {})
      proxy.stall()
      await ringDoorbell(backend, 'maintain-readings', {})
      expect(backend.working).toBe(false)
      await backend.close()
      expect(proxy.clients.size).toBeGreaterThan(0)
      await vi.waitUntil(() => {
        proxy.probe()
        return proxy.clients.size === 0
      }, soon)
    } finally {
      proxy.stop()
    }
  })
})

describe.runIf(hasRedis)('a queue in Redis', () => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.stop())

  async function connectToRedis(prefix: string): Promise<QueueBackend> {
    const backend = await connectQueue({ redisUrl: redis.url, prefix }, silentLog)
    open.push(backend)
    return backend
  }

  it('is not used where it could be evicted', async () => {
    const evicting = await startRedis(['--maxmemory-policy', 'allkeys-lru'])
    try {
      await expect(connectQueue({ redisUrl: evicting.url, prefix: 'p' }, silentLog)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/noeviction.*allkeys-lru/),
      })
    } finally {
      await evicting.stop()
    }
  })

  it('is said not to be available where nothing listens', async () => {
    const place = { redisUrl: 'redis://127.0.0.1:1', prefix: 'p' }
    await expect(connectQueue(place, silentLog)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('is kept apart from that of another installation', async () => {
    const [one, other] = await Promise.all([connectToRedis('one'), connectToRedis('other')])
    const heard: string[] = []
    await other.worker('maintain-readings', async () => void heard.push('other'), {})
    await ringDoorbell(one, 'maintain-readings', {})
    await one.worker('maintain-readings', async () => void heard.push('one'), {})
    await vi.waitUntil(() => heard.length > 0, soon)
    expect(heard).toEqual(['one'])
  })

  it('goes on after everything was lost, and leaves no connection behind', async () => {
    const backend = await connectToRedis('p')
    const heard: string[] = []
    await backend.worker('maintain-readings', async () => void heard.push('rung'), {})
    await redis.restart()
    await vi.waitUntil(async () => {
      await ringDoorbell(backend, 'maintain-readings', {})
      return heard.length > 0
    }, soon)
    await backend.close()
    await vi.waitUntil(
      async () => Number(/connected_clients:(\d+)/.exec(await redis.admin.info('clients'))?.[1]) === 1,
      soon,
    )
  })
})
