import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Connector, createRegistry, loadRegistry, parseTarget } from '#connector'
import { type EquipmentType, type Log, type Reading, shardCount, silentLog, systemClock } from '#core'
import { createEgressGate, parseEgressAllow } from '#egress'
import { createFleet, type PollReport } from '#fleet'
import { openSpool, startIngest } from '#ingest'
import { partsKit } from '#protocol/parts'
import {
  createCertificateStore,
  createConnectionStore,
  createEquipmentStore,
  createGapStore,
  createLinkMemoryStore,
  createLinkRequestStore,
  createReadingStore,
  createReadingWriter,
  createSecretBox,
  createShardStore,
  createWorkerClient,
  migrate,
  openDatabase,
} from '#store'
import { createTemporaryDatabase } from './temporary-database.ts'

const root = join(import.meta.dirname, '../..')

/** Everything between a machine's socket and the readings table, real, in this process; without queue, alerts and HTTP. */
export async function startPollingRig({
  log = silentLog,
  connectors = [],
}: {
  readonly log?: Log
  /** Besides those of `connectors/`. */
  readonly connectors?: readonly Connector[]
} = {}) {
  const temporary = await createTemporaryDatabase()
  const directory = mkdtempSync(join(tmpdir(), 'bakewire-rig-'))
  const database = openDatabase(temporary.url, silentLog)
  await migrate(database.bulk, join(root, 'migrations'), silentLog)
  const installed = await loadRegistry([join(root, 'connectors')], partsKit)
  const registry = createRegistry([...installed.connectors, ...connectors])
  const box = createSecretBox([{ id: 'k1', key: crypto.getRandomValues(Buffer.alloc(32)) }])
  const equipment = createEquipmentStore(database, box)
  const linkRequests = createLinkRequestStore(database, box)
  const readings = createReadingStore(database)
  const accepted: Reading[] = []
  /** What arrived between polls. */
  const heard: Reading[] = []
  const polls: (PollReport & { readonly connectorId: string })[] = []
  /** Machines that the alert engine would know of. */
  const watched = new Set<string>()
  const ingest = startIngest({
    spool: openSpool({ directory: join(directory, 'spool'), log: silentLog, onDropped: () => undefined }),
    writer: createReadingWriter(database.bulk),
    log: silentLog,
    onReadings: (readings) => accepted.push(...readings),
  })
  const gate = createEgressGate({ allow: parseEgressAllow('127.0.0.0/8'), denied: [], log: silentLog })
  const fleet = createFleet({
    instanceId: 'rig',
    registry,
    dial: gate.dial,
    equipment,
    readings,
    shards: createShardStore(database),
    connections: createConnectionStore(database),
    gaps: createGapStore(database),
    linkRequests,
    linkMemory: createLinkMemoryStore(database, box),
    certificates: createCertificateStore(database, box),
    clock: systemClock,
    log,
    onReading: ingest.accept,
    onHeard: (reading) => heard.push(reading),
    onPoll: (connectorId, report) => polls.push({ ...report, connectorId }),
    onWatched: ({ id }) => void watched.add(id),
    onForgotten: (id) => void watched.delete(id),
  })
  await database.listen('plan_changed', (shard) => fleet.planChanged(Number(shard)))
  await database.listen('link_request', (shard) => fleet.linkRequested(Number(shard)))

  return {
    fleet,
    database,
    equipment,
    readings,
    worker: await createWorkerClient(database, linkRequests),
    accepted,
    heard,
    polls,
    watched,
    takeAll() {
      for (let shard = 0; shard < shardCount; shard += 1) fleet.shardTaken(shard)
    },
    /** Stores a machine with a configuration as `iot-config` takes it; gives its id. */
    async configure(
      protocol: string,
      given: { endpoint: string; port: number; credentials?: object; additional_config?: object },
      pollIntervalSeconds = 1,
      id?: string,
      type: EquipmentType = 'other',
    ): Promise<string> {
      const equipmentId = id ?? (await equipment.create({ name: `Machine ${given.port}`, type })).id
      const { connector } = registry.resolve(protocol)
      const target = parseTarget(connector, equipmentId, given)
      await equipment.configure(
        equipmentId,
        {
          protocol,
          endpoint: target.endpoint,
          port: target.port,
          credentials: { ...given.credentials },
          config: { ...given.additional_config },
          linkKey: connector.linkKey(target),
          pollIntervalSeconds,
          derived: {
            supports_realtime: true,
            temperature_zones: 0,
            supports_humidity: false,
            supports_energy_monitoring: false,
            supports_remote_control: false,
          },
        },
        () => undefined,
      )
      return equipmentId
    },
    async status(id: string) {
      const row = await equipment.get(id)
      return { status: row?.iot_connection_status, code: row?.iot_connection_error?.code ?? null }
    },
    async stop() {
      await fleet.stop()
      await ingest.stop(3_000)
      await database.close()
      await temporary.drop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
