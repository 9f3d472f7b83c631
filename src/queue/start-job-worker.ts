import { setTimeout } from 'node:timers/promises'
import type { Log } from '#core'
import type { JobWorker, QueueBackend } from './connect-queue.ts'
import { type Payload, parsePayload } from './jobs.ts'
import type { DoorbellName } from './ring-doorbell.ts'

/** Does the work that a job stands for. A throw means that it is to be tried again, as often as the job's table says. */
export type JobHandler<Name extends DoorbellName> = (payload: Payload<Name>, signal: AbortSignal) => Promise<void>

export interface RunningJobWorker {
  /** Lets the work under way finish for a moment, then aborts it; at most about 3 s. */
  stop(): Promise<void>
}

/** A notification under way at SIGTERM mostly ends within this; what does not is tried again at the next start. */
const finishTimeoutMs = 2_000
const abortTimeoutMs = 1_000
/** How long BullMQ waits for a doorbell before it looks by itself. Only a fallback: PostgreSQL notifies. */
const lookSeconds = 30
/** BullMQ's default of 15 s would leave a worker deaf for so long after the database has come back. */
const retryDelayMs = 1_000

/** Runs a handler for every job of a name. A job whose payload is not understood is logged and dropped. */
export async function startJobWorker<Name extends DoorbellName>(
  backend: QueueBackend,
  name: Name,
  options: { handle: JobHandler<Name>; concurrency: number; log: Log },
): Promise<RunningJobWorker> {
  const { handle, concurrency, log } = options
  const worker = await backend.worker(
    name,
    // BullMQ makes the signal only for a processor that declares all three parameters.
    async (job, _token, signal) => {
      const payload = job.name === name ? parsePayload(name, job.data) : undefined
      if (payload === undefined)
        return log.error({ job_id: job.id, job: job.name }, 'a job that is not understood is dropped')
      await handle(payload, signal ?? new AbortController().signal)
    },
    { concurrency, drainDelay: lookSeconds, runRetryDelay: retryDelayMs },
  )
  worker.on('failed', (job, error) =>
    log.warn({ job_id: job?.id, job: name, attempt: job?.attemptsMade, err: error }, 'a job failed'),
  )
  worker.on('lockRenewalFailed', (jobIds) => {
    for (const jobId of jobIds) worker.cancelJob(jobId, 'another worker may have this job now')
  })
  return { stop: () => stop(worker, name, log) }
}

async function stop(worker: JobWorker, name: DoorbellName, log: Log): Promise<void> {
  const closed = worker.close().then(() => true)
  const late = (timeoutMs: number) => setTimeout(timeoutMs, false, { ref: false })
  if (await Promise.race([closed, late(finishTimeoutMs)])) return
  worker.cancelAllJobs('this process stops')
  if (await Promise.race([closed, late(abortTimeoutMs)])) return
  log.warn({ job: name }, 'a job does not stop; it is left to be tried again')
}
