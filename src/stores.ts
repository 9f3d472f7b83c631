import type { Log } from '#core'
import { deriveLinkKey } from '#link'
import {
  checkEncryptionKeys,
  createAlertChangeStore,
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
  createNotificationStore,
  createOperationStore,
  createReadingStore,
  createRealtimeStore,
  createRemovalStore,
  createRetentionStore,
  createRollupStore,
  createSecretBox,
  createShardStore,
  createSilenceStore,
  createWorkerClient,
  createWorkerStore,
  type KeyRing,
  migrate,
  openDatabase,
} from '#store'
import { SettingsError } from './settings.ts'

/** What fails here is for the operator to mend: one sentence, and the reason in the words of whoever found it. */
export async function prove(sentence: string, check: PromiseLike<unknown>): Promise<void> {
  try {
    await check
  } catch (error) {
    throw new SettingsError(`${sentence} (${error instanceof Error ? error.message : 'unknown reason'}).`)
  }
}

/** Opens the database, brings it up to date, proves the keys, and makes every store on it. */
export async function openStores(options: {
  readonly databaseUrl: string
  readonly keys: KeyRing
  readonly migrations: string
  readonly log: Log
  readonly ringForNotifications: (ids: readonly string[]) => void
}) {
  const { databaseUrl, keys, migrations, log, ringForNotifications } = options
  const box = createSecretBox(keys)
  const [firstKey] = keys
  if (!firstKey) throw new Error('there is no encryption key')
  const database = openDatabase(databaseUrl, log)
  try {
    await prove('DATABASE_URL: the database cannot be used', database.bulk`select 1`)
    await migrate(database.bulk, migrations, log)
    await prove(
      'ENCRYPTION_KEYS: these are not the keys that the stored secrets were made with',
      checkEncryptionKeys(database, box),
    )
    const linkRequests = createLinkRequestStore(database, box)
    return {
      database,
      linkRequests,
      linkMemory: createLinkMemoryStore(database, box),
      linkKey: deriveLinkKey(firstKey.key),
      workers: await createWorkerClient(database, linkRequests),
      equipment: createEquipmentStore(database, box),
      readings: createReadingStore(database),
      live: createLiveStore(database),
      realtime: createRealtimeStore(database),
      removals: createRemovalStore(database),
      rollups: createRollupStore(database),
      retention: createRetentionStore(database),
      workerReports: createWorkerStore(database),
      shards: createShardStore(database),
      connections: createConnectionStore(database),
      rules: createAlertRuleStore(database, ringForNotifications),
      alerts: createAlertStore(database, ringForNotifications),
      alertChanges: createAlertChangeStore(database),
      silence: createSilenceStore(database),
      notifications: createNotificationStore(database, box),
      channels: createChannelStore(database, box),
      apiKeys: createApiKeyStore(database),
      audit: createAuditStore(database),
      operation: createOperationStore(database),
      batches: createBatchStore(database),
      idempotency: createIdempotencyStore(database, box),
      gaps: createGapStore(database),
      certificates: createCertificateStore(database, box),
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
