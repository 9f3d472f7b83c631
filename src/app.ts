import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSilenceJudge } from '#alert'
import type { Log } from '#core'
import { createHttpServer, ensureAdminKey } from '#http'
import { makeOwnCertificate } from '#protocol/opc-ua'
import { ringDoorbell } from '#queue'
import { type SweepTask, startSweep } from '../workers/sweep.ts'
import { type Foundation, layFoundation } from './foundation.ts'
import { createMetrics } from './metrics.ts'
import { createReadiness } from './readiness.ts'
import { type Settings, SettingsError } from './settings.ts'
import { addSharedMetrics } from './shared-metrics.ts'
import { startPolling } from './start-polling.ts'
import { stoppedTogether } from './stopped-together.ts'

/** Answers under way at the end mostly take milliseconds; those that wait for a machine or a silent database are cut off. */
const answerTimeoutMs = 1_000

export interface App {
  /** Where it listens. */
  readonly port: number
  /** The first admin key, on the very first start only. */
  readonly adminKey: string | undefined
  /** Calls the HTTP interface from within the process. */
  readonly inject: Awaited<ReturnType<typeof createHttpServer>>['inject']
  stop(): Promise<void>
}

/**
 * Puts the parts of this process's role together and starts them: `worker` polls, `api` answers, `all` does both. What was
 * started is stopped in the opposite order, also when a later part fails.
 */
export async function startApp(settings: Settings, log: Log): Promise<App> {
  await using started = new AsyncDisposableStack()
  const foundation = await layFoundation(settings, log, started)
  const { stores, queue, clock } = foundation
  const metrics = createMetrics()
  const polling = settings.ROLE === 'api' ? undefined : await startPolling(foundation, metrics, started)
  const callers = polling?.callers ?? stoppedTogether(started)

  const readiness = createReadiness({
    database: stores.database,
    operation: stores.operation,
    queue,
    migrations: foundation.migrations,
    clock,
    polling: polling?.parts,
    dataDir: settings.dataDir,
    spoolBytesMax: settings.SPOOL_MAX_MB * 2 ** 20,
  })
  addSharedMetrics(metrics.registry, { ...stores, queue, readiness, now: clock.now })
  const http = await createHttpServer({
    ...stores,
    serves: settings.ROLE === 'worker' ? 'operation' : 'everything',
    clock,
    log,
    publicUrl: foundation.publicUrl,
    registry: foundation.registry,
    links: foundation.links,
    ownCertificate: async () => (await stores.certificates.own(makeOwnCertificate)).certificate,
    readiness,
    polled: polling?.polled ?? (() => undefined),
    requests: metrics,
    streams: metrics,
    metrics: metrics.registry,
    metricsAccess: settings.METRICS_PUBLIC ? 'public' : 'read',
  })
  callers.add(async () => {
    await Promise.race([http.close(), sleep(answerTimeoutMs, undefined, { ref: false })])
    http.server.closeAllConnections()
  })
  const hasKeys = settings.ROLE !== 'worker'
  // Whoever asks as soon as the service listens is let in.
  if (hasKeys && settings.ADMIN_API_KEY) await ensureAdminKey(stores.apiKeys, settings.ADMIN_API_KEY)
  await listen(http, settings)
  // One of our own is made last, because it is shown only once: by a start that nothing can fail any more.
  const adminKey = hasKeys && !settings.ADMIN_API_KEY ? await ensureAdminKey(stores.apiKeys, undefined) : undefined

  const sweep = startSweep([...(polling?.sweepTasks ?? []), ...commonTasks(foundation)], log)
  callers.add(() => sweep.stop())

  const running = started.move()
  const { port } = http.server.address() as AddressInfo
  return { port, adminKey, inject: http.inject.bind(http), stop: () => running.disposeAsync() }
}

/** What any process can look after, so that it is looked after while one of them lives. */
function commonTasks({ stores, queue, clock, log, ringForNotifications }: Foundation): SweepTask[] {
  const judgeSilence = createSilenceJudge({
    silence: stores.silence,
    clock,
    log,
    onNotifications: ringForNotifications,
  })
  return [
    { name: 'silence', run: judgeSilence },
    {
      name: 'outbox',
      everyMs: 10_000,
      async run() {
        const heldBack = await stores.notifications.attend()
        if (heldBack > 0)
          log.error(
            { notifications: heldBack },
            'notifications that nobody sent in time are held back: see their channels',
          )
      },
    },
    { name: 'notifications', run: async () => ringForNotifications(await stores.notifications.due(500)) },
    { name: 'link requests', everyMs: 30_000, run: stores.linkRequests.removeExpired },
    { name: 'link memory', everyMs: 600_000, run: stores.linkMemory.removeUnused },
    { name: 'kept answers', everyMs: 600_000, run: stores.idempotency.removeExpired },
    { name: 'maintenance', everyMs: 600_000, run: () => ringDoorbell(queue, 'maintain-readings', {}) },
  ]
}

async function listen(http: Awaited<ReturnType<typeof createHttpServer>>, { PORT, HOST }: Settings): Promise<void> {
  try {
    await http.listen({ port: PORT, host: HOST })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'EADDRINUSE')
      throw new SettingsError(`PORT ${PORT} on ${HOST} is in use by another program; choose another PORT.`)
    if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
      throw new SettingsError(`HOST ${HOST} is no address of this machine.`)
    if (error.code === 'EACCES')
      throw new SettingsError(`PORT ${PORT} needs more rights than this user has; choose one above 1023.`)
    throw error
  }
}
