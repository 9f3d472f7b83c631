import { join } from 'node:path'
import { loadRegistry } from '#connector'
import { BakewireError, type Clock, type Log, systemClock } from '#core'
import { createEgressGate } from '#egress'
import { createAlertLinks } from '#link'
import { partsKit } from '#protocol/parts'
import { connectQueue, type QueueBackend, type QueuePlace, ringDoorbell } from '#queue'
import { installationId, migrationNames } from '#store'
import { provideDatabase, provideKeys } from './provide.ts'
import { publicUrlOf, type Settings, SettingsError } from './settings.ts'
import { stoppedTogether } from './stopped-together.ts'
import { openStores } from './stores.ts'

const root = join(import.meta.dirname, '..')

export type Foundation = Awaited<ReturnType<typeof layFoundation>>

/** What every process of Bakewire stands on, whatever its role: database, queue, connectors, links, the way out. */
export async function layFoundation(settings: Settings, log: Log, started: AsyncDisposableStack) {
  const clock: Clock = systemClock
  const keys = provideKeys(settings)
  const { url: databaseUrl, isOurs } = await provideDatabase(settings, log, started)
  const registry = await loadConnectors(settings)

  const migrations = join(root, 'migrations')
  let queue: QueueBackend | undefined
  const ringForNotifications = (ids: readonly string[]) => {
    for (const notificationId of ids) if (queue) void ringDoorbell(queue, 'send-notification', { notificationId })
  }
  const stores = await openStores({
    databaseUrl,
    keys,
    migrations,
    log,
    ringForNotifications,
  })
  const connections = stoppedTogether(started)
  connections.add(() => stores.database.close())
  const connected = await openQueue(settings, { databaseUrl, installation: await installationId(stores.database) }, log)
  queue = connected
  connections.add(() => connected.close())

  const { publicUrl, backlinkBaseUrl } = publicUrlOf(settings)
  return {
    settings,
    log,
    clock,
    instanceId: crypto.randomUUID(),
    registry,
    /** Names of those that this release brings. */
    migrations: await migrationNames(migrations),
    stores,
    queue: connected,
    /** Nobody else is on the queue: it lies in our own database. */
    isQueueOurs: isOurs && settings.REDIS_URL === undefined,
    gate: createEgressGate({
      allow: settings.EGRESS_ALLOW,
      denied: ownEndpoints(settings, publicUrl, [databaseUrl, settings.REDIS_URL]),
      log,
    }),
    publicUrl,
    links: createAlertLinks({ publicUrl, backlinkBaseUrl, linkKey: stores.linkKey, clock }),
    ringForNotifications,
  }
}

async function loadConnectors({ CONNECTOR_DIRS }: Settings) {
  try {
    return await loadRegistry([join(root, 'connectors'), ...CONNECTOR_DIRS], partsKit)
  } catch (error) {
    throw new SettingsError(
      `CONNECTOR_DIRS: a connector cannot be loaded (${error instanceof Error ? error.message : String(error)}).`,
    )
  }
}

async function openQueue(
  { REDIS_URL }: Settings,
  { databaseUrl, installation }: { databaseUrl: string; installation: string },
  log: Log,
): Promise<QueueBackend> {
  const place: QueuePlace =
    REDIS_URL === undefined ? { databaseUrl } : { redisUrl: REDIS_URL, prefix: `bakewire:${installation}` }
  try {
    return await connectQueue(place, log)
  } catch (error) {
    if (REDIS_URL === undefined || !(error instanceof BakewireError)) throw error
    const reason = error.cause instanceof Error && error.cause.message !== '' ? ` (${error.cause.message})` : ''
    throw new SettingsError(`REDIS_URL: ${error.message}${reason}.`)
  }
}

/** Our own services, which no machine's configuration may lead to. */
function ownEndpoints({ HOST, PORT }: Settings, publicUrl: string, services: readonly (string | undefined)[]) {
  const standardPorts: Readonly<Record<string, number>> = {
    'postgres:': 5432,
    'postgresql:': 5432,
    'redis:': 6379,
    'rediss:': 6379,
    'http:': 80,
    'https:': 443,
  }
  const urls = [publicUrl, ...services].filter((url) => url !== undefined).map((url) => new URL(url))
  return [
    { host: HOST, port: PORT },
    ...urls.map(({ hostname, port, protocol }) => ({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (standardPorts[protocol] ?? 0),
    })),
  ]
}
