import type { JobsOptions } from 'bullmq'
import { z } from 'zod'
import { shardCount } from '#core'

/** Ids only: the consumer reads what they stand for from the database. */
const payloads = {
  /** A lease on one shard of the fleet: taken and handed back, never finished. */
  'poll-shard': z.strictObject({
    shard: z
      .int()
      .min(0)
      .max(shardCount - 1),
  }),
  'send-notification': z.strictObject({ notificationId: z.uuid() }),
  'maintain-readings': z.strictObject({}),
}

export type JobName = keyof typeof payloads
export type Payload<Name extends JobName> = z.infer<(typeof payloads)[Name]>

interface JobDefinition<Name extends JobName> {
  readonly payload: z.ZodType<Payload<Name>>
  /** The same work has the same id, so that it waits in the queue once. No integer and without `:`, which BullMQ refuses. */
  readonly jobId: (payload: Payload<Name>) => string
  /** Tries by the queue. Few: what finally matters is tried again by the sweep, from the database. */
  readonly attempts: number
  /** Wait before the second try; doubles from there. */
  readonly backOffMs: number
}

/** Every job: what it carries and how often it is tried. */
export const jobs: { readonly [Name in JobName]: JobDefinition<Name> } = {
  'poll-shard': {
    payload: payloads['poll-shard'],
    jobId: ({ shard }) => `shard-${shard}`,
    attempts: 1,
    backOffMs: 0,
  },
  'send-notification': {
    payload: payloads['send-notification'],
    jobId: ({ notificationId }) => notificationId,
    attempts: 3,
    backOffMs: 1_000,
  },
  'maintain-readings': {
    payload: payloads['maintain-readings'],
    jobId: () => 'maintain-readings',
    attempts: 1,
    backOffMs: 0,
  },
}

export const jobNames = Object.keys(jobs) as JobName[]

/** How a job is added. Nothing of it stays in the queue when it is over. */
export function jobOptions<Name extends JobName>(name: Name, payload: Payload<Name>): JobsOptions & { jobId: string } {
  const { jobId, attempts, backOffMs } = jobs[name]
  return {
    jobId: jobId(payload),
    attempts,
    backoff: { type: 'exponential', delay: backOffMs },
    removeOnComplete: true,
    removeOnFail: true,
  }
}

/** The payload of a job as it came out of the queue, or nothing when it is not what this release puts in. */
export function parsePayload<Name extends JobName>(name: Name, data: unknown): Payload<Name> | undefined {
  return jobs[name].payload.safeParse(data).data
}
