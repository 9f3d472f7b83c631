import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { Registry as MetricsRegistry } from 'prom-client'
import { type Connector, createRegistry, loadRegistry } from '#connector'
import { type Clock, type Log, shardCount, silentLog, systemClock } from '#core'
import { createEgressGate, parseEgressAllow } from '#egress'
import { createFleet } from '#fleet'
import { createHttpServer, ensureAdminKey, type HttpDependencies, type Readiness } from '#http'
import { createAlertLinks } from '#link'
import { partsKit } from '#protocol/parts'
import { makeCertificate } from '#protocol/tls'
import {
  createAlertRuleStore,
  createAlertStore,
  createApiKeyStore,
  createAuditStore,
  createBatchStore,
  createCertificateStore,
  createChannelStore,
  createConnectionStore,
  createEquipmentStore,
  createGapStore,
  createIdempotencyStore,
  createLinkMemoryStore,
  createLinkRequestStore,
  createLiveStore,
  createReadingStore,
  createReadingWriter,
  createRealtimeStore,
  createRollupStore,
  createSecretBox,
  createShardStore,
  createWorkerClient,
  migrate,
  openDatabase,
} from '#store'
import { createTemporaryDatabase, type TemporaryDatabase } from '../setup/temporary-database.ts'
import { expectDocumented } from './documented-operation.ts'

const publicUrl = 'http://127.0.0.1:3000'
const own = makeCertificate({ name: 'Bakewire' })
const root = join(import.meta.dirname, '../..')

export interface HttpRigOptions {
  /** Whether somebody polls: a worker of this process that holds every shard and may dial loopback only. */
  readonly worker?: 'holds every shard' | 'absent'
  readonly clock?: Clock
  readonly log?: Log
  readonly metricsAccess?: HttpDependencies['metricsAccess']
  /** The database that it runs on, and removes when it stops; else one of its own. */
  readonly temporary?: TemporaryDatabase
  /** Besides those of `connectors/`. */
  readonly connectors?: readonly Connector[]
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
  readonly text: string
}

export type HttpRig = Awaited<ReturnType<typeof startHttpRig>>

/** The HTTP server on a database of its own, with real stores and, where asked for, a real worker. */
export async function startHttpRig({
  worker = 'absent',
  clock = systemClock,
  log = silentLog,
  metricsAccess = 'read',
  temporary: given,
  connectors = [],
}: HttpRigOptions = {}) {
  const temporary = given ?? (await createTemporaryDatabase())
  const database = openDatabase(temporary.url, silentLog)
  await migrate(database.bulk, join(root, 'migrations'), silentLog)
  const installed = await loadRegistry([join(root, 'connectors')], partsKit)
  const registry = createRegistry([...installed.connectors, ...connectors])
  const box = createSecretBox([{ id: 'k1', key: crypto.getRandomValues(Buffer.alloc(32)) }])
  const equipment = createEquipmentStore(database, box)
  const linkRequests = createLinkRequestStore(database, box)
  const apiKeys = createApiKeyStore(database)
  const metrics = new MetricsRegistry()
  let readiness: Readiness = { ready: true, parts: { database: { state: 'ok' } } }
  const dependencies: HttpDependencies = {
    serves: 'everything',
    polled: () => undefined,
    clock,
    log,
    registry,
    equipment,
    connections: createConnectionStore(database),
    gaps: createGapStore(database),
    readings: createReadingStore(database),
    rollups: createRollupStore(database),
    live: createLiveStore(database),
    realtime: createRealtimeStore(database),
    workers: await createWorkerClient(database, linkRequests),
    rules: createAlertRuleStore(database, () => undefined),
    alerts: createAlertStore(database, () => undefined),
    publicUrl,
    links: createAlertLinks({
      publicUrl,
      backlinkBaseUrl: `${publicUrl}/backlink.html`,
      linkKey: Buffer.alloc(32, 7),
      clock,
    }),
    channels: createChannelStore(database, box),
    apiKeys,
    audit: createAuditStore(database),
    batches: createBatchStore(database),
    idempotency: createIdempotencyStore(database, box),
    certificates: createCertificateStore(database, box),
    ownCertificate: async () => own.cert,
    readiness: async () => readiness,
    requests: { requestBegun: () => undefined, requestEnded: () => undefined },
    streams: { streamOpened: () => undefined, streamEnded: () => undefined },
    metrics,
    metricsAccess,
  }
  const app = await createHttpServer(dependencies)
  await app.ready()
  const stopWorker = worker === 'absent' ? async () => undefined : await startWorker()

  async function startWorker(): Promise<() => Promise<void>> {
    const gate = createEgressGate({ allow: parseEgressAllow('127.0.0.0/8'), denied: [], log: silentLog })
    const fleet = createFleet({
      instanceId: 'rig',
      registry,
      dial: gate.dial,
      equipment,
      readings: dependencies.readings,
      shards: createShardStore(database),
      connections: createConnectionStore(database),
      gaps: createGapStore(database),
      linkRequests,
      linkMemory: createLinkMemoryStore(database, box),
      certificates: createCertificateStore(database, box),
      clock: systemClock,
      log: silentLog,
      onReading: () => undefined,
      onHeard: () => undefined,
      onPoll: () => undefined,
      onWatched: () => undefined,
      onForgotten: () => undefined,
    })
    await database.listen('plan_changed', (shard) => fleet.planChanged(Number(shard)))
    await database.listen('link_request', (shard) => fleet.linkRequested(Number(shard)))
    for (let shard = 0; shard < shardCount; shard += 1) fleet.shardTaken(shard)
    return () => fleet.stop()
  }

  const openapi = (await app.inject('/openapi.json')).json()
  const adminKey = (await ensureAdminKey(apiKeys, undefined)) ?? ''
  const call = async (method: NonNullable<InjectOptions['method']>, url: string, options: CallOptions = {}) => {
    const { key = adminKey, body, headers = {} } = options
    const response = await app.inject({
      method,
      url,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: textOf(body) }),
    })
    expectDocumented(openapi, { method, url, status: response.statusCode })
    const isJson = /[/+]json/.test(String(response.headers['content-type'] ?? ''))
    const answer: Answer = {
      status: response.statusCode,
      headers: response.headers,
      text: response.payload,
      body: isJson && response.payload !== '' ? JSON.parse(response.payload) : undefined,
    }
    return answer
  }

  return {
    app,
    dependencies,
    url: temporary.url,
    adminKey,
    database,
    equipment,
    registry,
    apiKeys,
    metrics,
    linkRequests,
    openapi,
    readings: createReadingWriter(database.bulk),
    call,
    setReadiness(given: Readiness) {
      readiness = given
    },
    /** A new machine; gives its id. */
    async machine(name = 'Oven'): Promise<string> {
      return (await equipment.create({ name, type: 'deck_oven' })).id
    },
    async stop() {
      await app.close()
      await stopWorker()
      await database.close()
      await temporary.drop()
    },
  }
}

export interface CallOptions {
  /** The admin key where nothing is said, none with null. */
  readonly key?: string | null
  /** An object goes as JSON; text and bytes go as they are. */
  readonly body?: object | string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

function textOf(body: object | string | Buffer): string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
}

/** The address of a server that listens on a free port of the loopback interface. */
export async function listen(app: FastifyInstance): Promise<{ host: string; port: number }> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return { host: '127.0.0.1', port: address.port }
}
