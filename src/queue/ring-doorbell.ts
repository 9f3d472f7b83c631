import type { QueueBackend } from './connect-queue.ts'
import { type JobName, jobOptions, type Payload } from './jobs.ts'

/** Jobs that are finished by a handler; a lease on a shard is none. */
export type DoorbellName = Exclude<JobName, 'poll-shard'>

/**
 * Says that there is work in the database. Ringing again for the same work while it waits changes nothing.
 * Never throws, and settles within 5 s: a ring that the queue does not take is logged as a failure of the queue,
 * and the sweep finds the work in the database without it.
 */
export async function ringDoorbell<Name extends DoorbellName>(
  backend: QueueBackend,
  name: Name,
  payload: Payload<Name>,
): Promise<void> {
  try {
    await backend.queue(name).add(name, payload, jobOptions(name, payload))
  } catch (error) {
    backend.failed(error)
  }
}
