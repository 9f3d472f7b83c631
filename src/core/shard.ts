import { createHash } from 'node:crypto'

/** The fleet is cut into this many shards. Fixed for the life of an installation: stored rows carry shard numbers. */
export const shardCount = 64

/** The shard (0 … 63) that a link key belongs to: the same for every process and release. */
export function shardOf(linkKey: string): number {
  return createHash('sha256').update(linkKey).digest().readUInt32BE(0) % shardCount
}
