import type { Registry } from 'prom-client'
import type { Fleet, ShardLeases } from '#fleet'
import type { Ingest, Spool } from '#ingest'
import { addAskedMetrics, tally } from './asked-metrics.ts'

/** What a process that polls can be asked besides. */
export interface AskedPolling {
  readonly fleet: Pick<Fleet, 'census'>
  readonly leases: Pick<ShardLeases, 'health'>
  readonly spool: Pick<Spool, 'size' | 'oldestAt'>
  readonly ingest: Pick<Ingest, 'counts' | 'unstoredForMs'>
  readonly now: () => number
}

export function addPollingMetrics(registry: Registry, { fleet, leases, spool, ingest, now }: AskedPolling): void {
  addAskedMetrics(registry, 'gauge', [
    {
      name: 'bakewire_equipment',
      help: 'Machines that this process polls, by connector and status of the connection.',
      labelNames: ['connector', 'status'],
      ask: () => tally(fleet.census().equipment),
    },
    {
      name: 'bakewire_links',
      help: 'Links that this process keeps, by connector and state (open, resting after failed openings, closed).',
      labelNames: ['connector', 'state'],
      ask: () => tally(fleet.census().links),
    },
    {
      name: 'bakewire_shard_equipment',
      help: 'Machines in each shard that this process polls.',
      labelNames: ['shard'],
      ask: () => fleet.census().shards.map(({ shard, equipment }) => [equipment, { shard: String(shard) }]),
    },
    {
      name: 'bakewire_shard_epoch_age_seconds',
      help: 'Since when this process holds the shard under its present epoch, in seconds.',
      labelNames: ['shard'],
      ask: () => fleet.census().shards.map(({ shard, heldForMs }) => [heldForMs / 1000, { shard: String(shard) }]),
    },
    {
      name: 'bakewire_shards_held',
      help: 'Shards that this process holds a lease on.',
      ask: () => [[leases.health().held]],
    },
    {
      name: 'bakewire_shards_orphaned',
      help: 'Shards polled here although their lease is lost, because no other holder is known.',
      ask: () => [[leases.health().orphaned]],
    },
    {
      name: 'bakewire_workers',
      help: 'Processes that poll, as this one sees them, itself included.',
      ask: () => [[leases.health().members]],
    },
    {
      name: 'bakewire_spool_batches',
      help: 'Batches of readings that wait for the database.',
      ask: () => [[spool.size().batches]],
    },
    {
      name: 'bakewire_spool_readings',
      help: 'Readings that wait for the database.',
      ask: () => [[spool.size().readings]],
    },
    {
      name: 'bakewire_spool_bytes',
      help: 'Readings that wait for the database on disk, in bytes.',
      ask: () => [[spool.size().bytes]],
    },
    {
      name: 'bakewire_spool_oldest_seconds',
      help: 'Age of the oldest reading that waits for the database, in seconds; 0 while none waits.',
      ask: () => {
        if (spool.size().batches === 0) return [[0]]
        const oldestAt = spool.oldestAt()
        return oldestAt === undefined ? [] : [[Math.max(0, now() - oldestAt) / 1000]]
      },
    },
    {
      name: 'bakewire_readings_behind_seconds',
      help: 'Since when more readings wait than in good times, in seconds; 0 while storing keeps up.',
      ask: () => [[ingest.unstoredForMs() / 1000]],
    },
  ])
  addAskedMetrics(registry, 'counter', [
    {
      name: 'bakewire_shard_leases_lost_total',
      help: 'Leases on shards that were lost while they were held.',
      ask: () => [[leases.health().lost]],
    },
    {
      name: 'bakewire_spool_dropped_readings_total',
      help: 'Readings dropped because the spool was full or damaged.',
      ask: () => [[spool.size().dropped]],
    },
    {
      name: 'bakewire_readings_accepted_total',
      help: 'Readings taken from machines.',
      ask: () => [[ingest.counts().accepted]],
    },
    {
      name: 'bakewire_readings_stored_total',
      help: 'Readings stored in the database.',
      ask: () => [[ingest.counts().stored]],
    },
    {
      name: 'bakewire_readings_refused_total',
      help: 'Readings that the database refuses for good.',
      ask: () => [[ingest.counts().refused]],
    },
  ])
}
