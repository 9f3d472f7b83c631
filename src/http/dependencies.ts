import type { Registry as MetricsRegistry } from 'prom-client'
import type { Registry } from '#connector'
import type { Clock, Log, Reading } from '#core'
import type { AlertLinks } from '#link'
import type {
  AlertRuleStore,
  AlertStore,
  ApiKeyStore,
  AuditStore,
  BatchStore,
  CertificateStore,
  ChannelStore,
  ConnectionStore,
  EquipmentStore,
  GapStore,
  IdempotencyStore,
  LiveStore,
  MachineNow,
  ReadingStore,
  RealtimeStore,
  RollupStore,
  WorkerClient,
} from '#store'
import type { AuditTrail } from './audit-trail.ts'
import type { CreateOnce, DoOnce } from './idempotency.ts'
import type { LiveFeed, StreamEvents } from './live/index.ts'
import type { MachineRequests } from './machine-requests.ts'
import type { NewestValues } from './newest-values.ts'
import type { RequestEvents } from './observe-requests.ts'

/** Whether this process can do its work, part by part. */
export interface Readiness {
  readonly ready: boolean
  /** By name of the part: database, queue, spool … */
  readonly parts: Readonly<Record<string, PartState>>
}

export interface PartState {
  readonly state: 'ok' | 'degraded' | 'down'
  /** How it is, in words; no secret and no address of ours. */
  readonly detail?: string
  /** What to do, where it is not as it should be. */
  readonly advice?: string
}

/** A machine and what it answered last, straight from its poller. */
export interface PolledNow {
  readonly machine: MachineNow['machine']
  readonly reading: Reading
}

/** All that the HTTP server needs of the rest. */
export interface HttpDependencies {
  /** `operation`: health and metrics alone, for a process that only polls. */
  readonly serves: 'everything' | 'operation'
  readonly clock: Clock
  readonly log: Log
  readonly registry: Registry
  readonly equipment: EquipmentStore
  readonly connections: Pick<ConnectionStore, 'list'>
  readonly gaps: Pick<GapStore, 'list' | 'intervals' | 'storedByDay'>
  readonly readings: ReadingStore
  readonly rollups: Pick<RollupStore, 'history' | 'coverage'>
  readonly live: LiveStore
  readonly realtime: RealtimeStore
  /** A machine that this process polls, as it answered last. */
  readonly polled: (equipmentId: string) => PolledNow | undefined
  readonly workers: WorkerClient
  readonly rules: AlertRuleStore
  readonly alerts: AlertStore
  readonly links: AlertLinks
  /** Where people reach this service; pages link to nowhere else. */
  readonly publicUrl: string
  readonly channels: ChannelStore
  readonly apiKeys: ApiKeyStore
  readonly audit: AuditStore
  readonly batches: BatchStore
  readonly idempotency: IdempotencyStore
  readonly certificates: Pick<CertificateStore, 'list' | 'trust' | 'remove'>
  /** By which OPC UA servers know this installation, PEM; made when it is first asked for. */
  readonly ownCertificate: () => Promise<string>
  readonly readiness: () => Promise<Readiness>
  readonly requests: RequestEvents
  readonly streams: StreamEvents
  readonly metrics: MetricsRegistry
  /** `public`: METRICS_PUBLIC is set and scrapers need no key. */
  readonly metricsAccess: 'public' | 'read'
}

/** What routes are given: the dependencies and what the server makes of them. */
export interface RouteTools extends HttpDependencies {
  readonly machines: MachineRequests
  readonly newestValues: NewestValues
  readonly recordChange: AuditTrail
  readonly feed: LiveFeed
  readonly createOnce: CreateOnce
  readonly doOnce: DoOnce
}
