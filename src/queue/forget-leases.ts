import type { QueueBackend } from './connect-queue.ts'

/** Removes every lease and every member, also those held. Only for one who knows that nobody else is alive on this queue. */
export async function forgetLeases(backend: QueueBackend): Promise<void> {
  await backend.queue('poll-shard').obliterate({ force: true })
  await backend.queue('poll-shard-members').obliterate({ force: true })
}
