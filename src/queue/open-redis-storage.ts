import { setTimeout } from 'node:timers/promises'
import { createRedisBackend } from 'bullmq'
import { Redis, type RedisOptions } from 'ioredis'
import { BakewireError } from '#core'
import type { QueueStorage } from './queue-storage.ts'

/** A command of the queue takes well under 1 ms; a lease lasts 6 s, so a hanging one must end well before. */
const answerTimeoutMs = 2_500
const connectTimeoutMs = 2_000
/** A connection that has been silent for longer than any command may take is dead, though TCP would hold it open for a quarter of an hour. */
const silenceMsMax = 3_000
const retryMsMax = 1_000
const closeTimeoutMs = 1_000

const connectionOptions = {
  connectionName: 'bakewire-queue',
  connectTimeout: connectTimeoutMs,
  keepAlive: 10_000,
  // BullMQ's condition: it decides itself what to try again.
  maxRetriesPerRequest: null,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 10), retryMsMax),
} satisfies RedisOptions

/**
 * The queue in Redis: one connection for everything that does not wait, one more for each worker that does. `prefix` keeps
 * installations that share a server apart. Throws UNAVAILABLE when it cannot be reached, CONFIG_INVALID when it may evict.
 */
export async function openRedisStorage(redisUrl: string, prefix: string): Promise<QueueStorage> {
  const client = new Redis(redisUrl, {
    ...connectionOptions,
    lazyConnect: true,
    commandTimeout: answerTimeoutMs,
    socketTimeout: silenceMsMax,
  })
  // What fails, fails a command too; whoever gave that hears it.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await refuseEviction(client)
  } catch (error) {
    client.disconnect()
    if (error instanceof BakewireError) throw error
    throw new BakewireError('UNAVAILABLE', 'connecting to Redis failed', { cause: error })
  }
  // A command that waits for a job must not end by the time limit of the others: those who wait bring a connection each.
  const waiting = { ...connectionOptions, url: redisUrl }
  return {
    options: { prefix },
    factory: (name, options, needs) =>
      createRedisBackend(
        name,
        { ...options, skipVersionCheck: true, connection: needs?.withBlockingConnection ? waiting : client },
        needs,
      ),
    ping: async () => {
      await client.ping()
    },
    close: async () => {
      // A server that is away is not told goodbye.
      const quit = client.quit().catch(() => undefined)
      await Promise.race([quit, setTimeout(closeTimeoutMs, undefined, { ref: false })])
      client.disconnect()
    },
  }
}

/** A server that evicts takes leases away from those who hold them, and jobs from everybody. */
async function refuseEviction(client: Redis): Promise<void> {
  const [, policy] = /maxmemory_policy:(\S+)/.exec(await client.info('memory')) ?? []
  if (policy === undefined || policy === 'noeviction') return
  throw new BakewireError(
    'CONFIG_INVALID',
    `the Redis server may evict what the queue holds: set its maxmemory-policy to noeviction (it is ${policy})`,
  )
}
