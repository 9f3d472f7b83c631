export type { PollReport } from './equipment-poller.ts'
export { createFleet, type Fleet, type FleetCensus } from './fleet.ts'
export { holdShardLeases, leaseDefaults, type ShardLeaseOptions, type ShardLeases } from './shard-leases.ts'
export type { WatchedEquipment } from './shard-plan.ts'
