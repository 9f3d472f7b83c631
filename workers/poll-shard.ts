import { holdShardLeases, leaseDefaults, type ShardLeaseOptions, type ShardLeases } from '#fleet'
import { forgetLeases, openLeaseQueue, type QueueBackend } from '#queue'

/**
 * Lets this process take part in the polling: it holds its fair share of the shards until it is stopped. With
 * `forgetOthers` it takes all of them at once, instead of waiting for the leases of a killed process to run out.
 */
export async function pollShard(
  backend: QueueBackend,
  options: Omit<ShardLeaseOptions, 'queue'> & { readonly forgetOthers?: boolean },
): Promise<Pick<ShardLeases, 'held' | 'health' | 'stop'>> {
  if (options.forgetOthers) await forgetLeases(backend)
  const queue = await openLeaseQueue(backend, { ...leaseDefaults, ...options })
  const leases = holdShardLeases({ ...options, queue })
  return {
    held: leases.held,
    health: () => leases.health(),
    async stop() {
      await leases.stop()
      await queue.close()
    },
  }
}
