import type { MemberRecord } from './observe-members.ts'

/** The right to poll one shard, until it is not renewed for the time of a lock. */
export interface Lease {
  readonly shard: number
  readonly token: string
}

/** What holding shards needs of the queue. Every method rejects when the queue cannot be reached. */
export interface LeaseQueue {
  count(): Promise<{ waiting: number; total: number }>
  addMissing(): Promise<void>
  take(token: string): Promise<Lease | undefined>
  /** Returns the shards whose lease is lost. */
  renew(leases: readonly Lease[]): Promise<number[]>
  giveBack(lease: Lease): Promise<void>
  /** By shard the instance that holds it; shards without a holder are left out. */
  holders(shards: readonly number[]): Promise<ReadonlyMap<number, string>>
  recoverStalled(): Promise<void>
  /** Says that this instance lives, and returns what the others said last. */
  meet(word: { beat: number; held: number }): Promise<MemberRecord[]>
  forget(instanceId: string): Promise<void>
}
