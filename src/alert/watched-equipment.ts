import type { EquipmentType } from '#core'

/** A machine that this worker polls, under the epoch of its shard. */
export interface WatchedEquipment {
  readonly id: string
  readonly name: string
  readonly type: EquipmentType
  readonly shard: number
  readonly epoch: number
  readonly intervalMs: number
}
