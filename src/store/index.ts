export type { AlertChange, ChangeOutcome, Fence, RaisedChange, ResolvedChange } from './alert-change.ts'
export {
  type AlertChangeStore,
  createAlertChangeStore,
  type StateToSave,
  type StoredConditionState,
} from './alert-change-store.ts'
export {
  type AlertRuleFields,
  type AlertRuleRow,
  type AlertRuleStore,
  createAlertRuleStore,
} from './alert-rule-store.ts'
export { type AlertEvent, type AlertQuery, type AlertRecord, type AlertStore, createAlertStore } from './alert-store.ts'
export { type AlertTexts, type AlertThreshold, type AlertValue, type Language, languages } from './alert-words.ts'
export type { ReadingKey } from './announcement.ts'
export { type ApiKeyFields, type ApiKeyRow, type ApiKeyStore, createApiKeyStore } from './api-key-store.ts'
export { createWorkerClient, type WorkerClient } from './ask-worker.ts'
export { type AuditEntry, type AuditStore, createAuditStore } from './audit-store.ts'
export { type Batch, type BatchStore, createBatchStore } from './batch-store.ts'
export {
  type CertificateRow,
  type CertificateStore,
  createCertificateStore,
  type OwnCertificate,
  type SeenCertificate,
} from './certificate-store.ts'
export {
  type ChannelChange,
  type ChannelFields,
  type ChannelRecord,
  type ChannelStore,
  createChannelStore,
  type Deliveries,
} from './channel-store.ts'
export { type ConnectionEvent, type ConnectionStore, createConnectionStore } from './connection-store.ts'
export { copyDatabase } from './copy-database.ts'
export type { CreatingStores } from './creating-stores.ts'
export { type Cursor, decodeCursor, encodeCursor, type Page } from './cursor.ts'
export { type Channel, type Database, openDatabase } from './database.ts'
export {
  type ConfiguredEquipment,
  createEquipmentStore,
  type EquipmentFields,
  type EquipmentRow,
  type EquipmentStore,
  type StoredConfiguration,
} from './equipment-store.ts'
export { createGapStore, type GapRow, type GapStart, type GapStore } from './gap-store.ts'
export {
  createIdempotencyStore,
  type IdempotencyStore,
  isFinal,
  type KeptAnswer,
} from './idempotency-store.ts'
export { installationId } from './installation-id.ts'
export { checkEncryptionKeys } from './key-check.ts'
export { createLinkMemoryStore, type LinkMemoryStore } from './link-memory-store.ts'
export {
  type ClaimedLinkRequest,
  createLinkRequestStore,
  type LinkRequestKind,
  type LinkRequestStore,
} from './link-request-store.ts'
export { createLiveStore, type LiveStore, type MachineReading, type MachineStatus } from './live-store.ts'
export { migrate, migrationNames, type ReadingsBackend } from './migrate.ts'
export {
  type ClaimedNotification,
  createNotificationStore,
  type NotificationStore,
  type Settlement,
} from './notification-store.ts'
export {
  createOperationStore,
  type DatabaseCondition,
  type OperationStore,
} from './operation-store.ts'
export { createReadingStore, type HistoryQuery, type ReadingStore, type StoredReading } from './reading-store.ts'
export { createReadingWriter, type ReadingWriter } from './reading-writer.ts'
export { createRealtimeStore, type MachineNow, type RealtimeStore } from './realtime-store.ts'
export { createRemovalStore, type RemovalStore } from './removal-store.ts'
export { createRetentionStore, type Retention, type RetentionStore } from './retention-store.ts'
export type { CounterRollup, NamedRollup, NumberRollup, Rollup } from './rollup-columns.ts'
export type { Resolution } from './rollup-fold.ts'
export { createRollupStore, type RollupCoverage, type RollupQuery, type RollupStore } from './rollup-store.ts'
export { type Binding, createSecretBox, type KeyRing, type SecretBox } from './secret-box.ts'
export { createShardStore, type ShardStore } from './shard-store.ts'
export { createSilenceStore, type SilenceFinding, type SilenceStore } from './silence-store.ts'
export type { StateCheck } from './state-check.ts'
export { newWebhookSecret, webhookSecretBytes } from './webhook-secret.ts'
export { createWorkerStore, type WorkerStore } from './worker-store.ts'
