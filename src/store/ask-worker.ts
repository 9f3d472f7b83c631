import { setTimeout as sleep } from 'node:timers/promises'
import { BakewireError, limits, toBakewireError } from '#core'
import type { Database } from './database.ts'
import type { LinkRequestKind, LinkRequestStore } from './link-request-store.ts'

/** Asks the worker that holds a shard to do something on a link, and waits for its answer. */
export interface WorkerClient {
  /** Throws UNAVAILABLE when no worker answers in time; of a write that one may have taken OUTCOME_UNKNOWN. */
  ask(kind: LinkRequestKind, shard: number, request: unknown, timeoutMs?: number): Promise<unknown>
}

/** An answer is looked for this often besides the doorbell, which may be lost with its connection. */
const lookIntervalMs = 500

export async function createWorkerClient(database: Database, requests: LinkRequestStore): Promise<WorkerClient> {
  const rung = new Map<string, () => void>()
  await database.listen('link_answer', (id) => rung.get(id)?.())
  return {
    async ask(kind, shard, request, timeoutMs = limits.linkRequestLifetimeMs) {
      const lifetimeMs = Math.min(timeoutMs, limits.linkRequestLifetimeMs)
      const deadline = performance.now() + lifetimeMs
      const id = await requests.ask(kind, shard, request, lifetimeMs)
      try {
        while (performance.now() < deadline) {
          const ring = new Promise<void>((resolve) => rung.set(id, resolve))
          const found = await requests.collect(id)
          if (found) return found.answer
          await Promise.race([ring, sleep(Math.min(lookIntervalMs, Math.max(0, deadline - performance.now())))])
        }
        if (await requests.abandon(id)) throw new BakewireError('UNAVAILABLE', takenInVain)
      } catch (error) {
        throw kind === 'write' ? outcomeUnknown(error) : error
      } finally {
        rung.delete(id)
      }
      throw new BakewireError('UNAVAILABLE', 'no worker has taken it in time; is one running?')
    },
  }
}

const takenInVain =
  'the worker has not come to an end with it in time: it may be busy with other requests for this machine'

/** A worker may have taken it, or may take it still: what is done to a machine must not be asked for again unseen. */
function outcomeUnknown(cause: unknown): BakewireError {
  const { message } = toBakewireError(cause, 'waiting for the worker')
  return new BakewireError('OUTCOME_UNKNOWN', `${message}; whether it was written is not known`, { cause })
}
