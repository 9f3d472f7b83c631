import { type AlertRuleStore, createAlertRuleStore } from './alert-rule-store.ts'
import { type ApiKeyStore, createApiKeyStore } from './api-key-store.ts'
import { type AuditStore, createAuditStore } from './audit-store.ts'
import { type BatchStore, createBatchStore } from './batch-store.ts'
import { type ChannelStore, createChannelStore } from './channel-store.ts'
import type { Database } from './database.ts'
import { createEquipmentStore, type EquipmentStore } from './equipment-store.ts'
import type { SecretBox } from './secret-box.ts'

/** What makes new things, and writes down who did. */
export interface CreatingStores {
  readonly equipment: Pick<EquipmentStore, 'create'>
  readonly batches: Pick<BatchStore, 'create'>
  readonly rules: Pick<AlertRuleStore, 'create'>
  readonly channels: Pick<ChannelStore, 'create'>
  readonly apiKeys: Pick<ApiKeyStore, 'create'>
  readonly audit: Pick<AuditStore, 'append'>
}

/** On a database, or within one transaction of it. */
export function createCreatingStores(database: Database, box: SecretBox): CreatingStores {
  return {
    equipment: createEquipmentStore(database, box),
    batches: createBatchStore(database),
    // A new rule has no alerts yet that would have to be told of.
    rules: createAlertRuleStore(database, () => undefined),
    channels: createChannelStore(database, box),
    apiKeys: createApiKeyStore(database),
    audit: createAuditStore(database),
  }
}
