import { shardCount } from '#core'

export interface ShardBalance {
  /** Leases held here. */
  readonly held: number
  /** Shards that nobody holds. */
  readonly waiting: number
  /** For how long shards have been waiting without a break. */
  readonly waitingForMs: number
  /** What each of the other living members says that it holds. */
  readonly heldByOthers: readonly number[]
}

/** How many shards to take or to release now; never both. */
export interface ShardMoves {
  readonly take: number
  readonly release: number
}

/** A shard that is handed over is not polled until its plan is loaded elsewhere: few at once wait for each other little. */
const releasesAtOnce = 8

/** How many shards one of so many members should hold. Rounded up, so that the shares cover all shards. */
export function fairShare(members: number): number {
  return Math.ceil(shardCount / members)
}

/**
 * What brings this process nearer to its fair share.
 * The share is a wish, not a cap: a shard that waits longer than `patienceMs` is taken by whoever sees it, because a member
 * that counts as living may be frozen. And a shard is released only to a living member with room, or it would come back.
 */
export function balanceShards(balance: ShardBalance, patienceMs: number): ShardMoves {
  const { held, waiting, waitingForMs, heldByOthers } = balance
  const share = fairShare(heldByOthers.length + 1)
  if (waiting > 0) {
    const wanted = waitingForMs >= patienceMs ? waiting : share - held
    return { take: clamp(wanted, waiting), release: 0 }
  }
  const roomElsewhere = heldByOthers.reduce((room, theirs) => room + Math.max(0, share - theirs), 0)
  return { take: 0, release: clamp(held - share, Math.min(roomElsewhere, releasesAtOnce)) }
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most))
