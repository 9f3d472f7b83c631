import type { DeliverNotification, DeliveryOptions } from '#notify'
import { type QueueBackend, type RunningJobWorker, startJobWorker } from '#queue'

/** Deliveries under way at once: each may wait for a slow server. */
const deliveriesAtOnce = 16

/** Delivers what the doorbell names. A failed try is no failed job: its retry is in the outbox, and the sweep rings for it. */
export function sendNotification(
  backend: QueueBackend,
  { deliver, log }: { deliver: DeliverNotification } & Pick<DeliveryOptions, 'log'>,
): Promise<RunningJobWorker> {
  return startJobWorker(backend, 'send-notification', {
    handle: ({ notificationId }, signal) => deliver(notificationId, signal),
    concurrency: deliveriesAtOnce,
    log,
  })
}
