import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAlertEngine } from '#alert'
import { createFleet } from '#fleet'
import { gapOfLoss, openSpool, startIngest } from '#ingest'
import { createDelivery } from '#notify'
import { createReadingWriter } from '#store'
import { maintainReadings } from '../workers/maintain-readings.ts'
import { pollShard } from '../workers/poll-shard.ts'
import { sendNotification } from '../workers/send-notification.ts'
import type { SweepTask } from '../workers/sweep.ts'
import type { Foundation } from './foundation.ts'
import type { Metrics } from './metrics.ts'
import { addPollingMetrics } from './polling-metrics.ts'
import { createWebhookPost } from './post-webhook.ts'
import type { PollingParts } from './readiness.ts'
import { watchForRestore } from './restored-database.ts'
import { stoppedTogether } from './stopped-together.ts'

/** Alerts that were raised a moment ago are written within milliseconds, or the database is away. */
const idleTimeoutMs = 500
/** What is not stored by then waits in the spool for the next start. */
const storeTimeoutMs = 1_500

/** What the role `worker` does: polls machines, stores their readings, judges them, sends what is to be told. */
export async function startPolling(foundation: Foundation, metrics: Metrics, started: AsyncDisposableStack) {
  const { settings, log, clock, instanceId, stores, queue, gate, links, ringForNotifications } = foundation
  const { database, readings, linkRequests, notifications } = stores

  const engine = createAlertEngine({
    rules: stores.rules,
    changes: stores.alertChanges,
    clock,
    log,
    onNotifications: ringForNotifications,
  })
  const ticking = setInterval(() => engine.tick(), 1_000)
  started.defer(async () => {
    clearInterval(ticking)
    // States that a silent database does not take are judged again at the next start.
    await Promise.race([engine.idle(), sleep(idleTimeoutMs, undefined, { ref: false })])
  })

  const spool = openSpool({
    directory: join(settings.dataDir, 'spool'),
    log,
    bytesMax: settings.SPOOL_MAX_MB * 2 ** 20,
    onDropped: (losses) => losses.map(gapOfLoss).forEach(fleet.readingsLost),
  })
  const writer = createReadingWriter(database.bulk)
  const ingest = startIngest({ spool, writer, log, onReadings: engine.readingsAccepted })
  started.defer(() => ingest.stop(storeTimeoutMs))

  const fleet = createFleet({
    instanceId,
    registry: foundation.registry,
    dial: gate.dial,
    equipment: stores.equipment,
    readings,
    shards: stores.shards,
    connections: stores.connections,
    gaps: stores.gaps,
    linkRequests,
    linkMemory: stores.linkMemory,
    certificates: stores.certificates,
    clock,
    log,
    onReading: ingest.accept,
    onHeard: (reading) => engine.readingsAccepted([reading]),
    onPoll: metrics.polled,
    onOpening: metrics.linkOpening,
    onWatched: engine.watch,
    onForgotten: engine.forget,
  })
  started.defer(() => fleet.stop())

  const callers = stoppedTogether(started)
  await database.listen('plan_changed', (shard) => fleet.planChanged(Number(shard)))
  await database.listen('link_request', (shard) => fleet.linkRequested(Number(shard)))
  await database.listen('rules_changed', () => engine.rulesChanged())
  const leases = await pollShard(queue, {
    instanceId,
    clock,
    log,
    // Whoever held leases on our own queue before is dead.
    forgetOthers: foundation.isQueueOurs,
    onTaken: fleet.shardTaken,
    onAdopted: fleet.shardAdopted,
    onReleased: fleet.shardReleased,
  })
  callers.add(() => leases.stop())
  addPollingMetrics(metrics.registry, { fleet, leases, spool, ingest, now: clock.now })

  const post = createWebhookPost(gate.dial)
  const deliver = createDelivery({
    notifications,
    links,
    post,
    clock,
    log,
    random: Math.random,
    onTry: metrics.notificationTried,
  })
  const sending = await sendNotification(queue, { deliver, log })
  callers.add(() => sending.stop())
  const { removals, rollups, retention } = stores
  const maintaining = await maintainReadings(queue, {
    readings,
    removals,
    rollups,
    retention,
    log,
    keep: settings.retention,
  })
  callers.add(() => maintaining.stop())

  const restore = watchForRestore({
    gaps: stores.gaps,
    clock,
    log,
    shards: leases.held,
    beginAnew: fleet.databaseWentBack,
  })
  const sweepTasks: SweepTask[] = [
    { name: 'fleet', run: fleet.sweep },
    { name: 'rules', everyMs: 30_000, run: async () => engine.rulesChanged() },
    {
      name: 'report',
      run: async () =>
        restore.reported(await stores.workerReports.report(instanceId, { unstoredForMs: ingest.unstoredForMs() })),
    },
    { name: 'lost readings', run: restore.look },
  ]
  const parts: PollingParts = { spool, leases }
  return { callers, sweepTasks, parts, polled: fleet.polled }
}
