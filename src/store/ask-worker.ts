import { setTimeout as sleep } from 'node:timers/promises'
import { BakewireError, limits } from '#core'
import type { Database } from './database.ts'
import type { LinkRequestKind, LinkRequestStore } from './link-request-store.ts'

/** Asks the worker that holds a shard to do something on a link, and waits for its answer. */
export interface WorkerClient {
  /** Throws UNAVAILABLE when no worker answers in time. */
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
        const wasTaken = await requests.abandon(id)
        const message = wasTaken
          ? 'the worker has not come to an end with it in time, and may have done it: it may be busy with this machine'
          : 'no worker has taken it in time; is one running?'
        throw new BakewireError('UNAVAILABLE', message)
      } finally {
        rung.delete(id)
      }
    },
  }
}
