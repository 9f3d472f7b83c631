import type { BackendFactory, IQueueBackend } from 'bullmq'

/** What the queues of one process are kept in. */
export interface QueueStorage {
  /** For every Queue and Worker on it. */
  readonly options: { readonly prefix?: string }
  /** Builds what one BullMQ Queue or Worker works on; brings its own connection and ignores the one in the options. */
  readonly factory: BackendFactory<IQueueBackend, object>
  /** One round trip; rejects while the storage cannot be used. */
  ping(): Promise<void>
  /** Ends all connections within about a second, reachable or not. */
  close(): Promise<void>
}
