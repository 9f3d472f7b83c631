import { BakewireError, type Clock, type Log, limits } from '#core'
import type { AlertLinks } from '#link'
import type { ClaimedNotification, NotificationStore, Settlement } from '#store'
import { renderAlertEvent } from './render-alert-event.ts'
import { settlementOf, type TryOutcome } from './settlement-of.ts'
import { type PostWebhook, webhookHeaders } from './webhook.ts'

export interface DeliveryOptions {
  readonly notifications: NotificationStore
  readonly links: Pick<AlertLinks, 'linkOf'>
  readonly post: PostWebhook
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  /** In [0, 1): spreads the retries. */
  readonly random: () => number
  /** Hears what came of every try, by kind of channel. */
  readonly onTry?: (kind: string, result: Settlement['result']) => void
}

/** Tries to deliver one row of the outbox. Settles when the try is over, whatever came of it; throws only when the database refuses. */
export type DeliverNotification = (id: string, signal: AbortSignal) => Promise<void>

/**
 * At least once: a crash between sending and noting it sends again, under the same id. In order per alert and channel. What
 * cannot be sent now is tried again by the schedule in the outbox, not by the caller.
 */
export function createDelivery(options: DeliveryOptions): DeliverNotification {
  const { notifications, log, random, onTry } = options
  return async (id, signal) => {
    const claimed = await notifications.claim(id)
    if (!claimed) return
    const { channel, attempt, alert } = claimed
    if (!channel.enabled) {
      await notifications.settle(claimed, { result: 'failed', error: 'the channel is disabled', disableChannel: false })
      return
    }
    const outcome = await attemptOnce(claimed, signal, options)
    // This process stops: nobody knows whether it was sent. When the claim is over, somebody tries again.
    if (signal.aborted && 'thrown' in outcome) return
    const settlement = settlementOf(outcome, attempt, random())
    await notifications.settle(claimed, settlement)
    onTry?.(channel.kind, settlement.result)
    const fields = {
      notification_id: id,
      channel_id: channel.id,
      alert_id: alert.id,
      equipment_id: alert.equipment_id,
      attempt,
    }
    if (settlement.result === 'sent') log.debug(fields, 'notification sent')
    else if (settlement.result === 'retry') log.info({ ...fields, ...settlement }, 'notification is tried again')
    else log.warn({ ...fields, error: settlement.error }, 'notification given up')
  }
}

async function attemptOnce(
  claimed: ClaimedNotification,
  signal: AbortSignal,
  { links, post, clock, log }: DeliveryOptions,
): Promise<TryOutcome> {
  const { id, alert, transition, channel } = claimed
  const { title, message } = transition.texts[channel.language]
  // The claim on the row is made for a try of this length.
  const tooLate = AbortSignal.timeout(limits.webhookTimeoutMs)
  try {
    const body = renderAlertEvent(claimed, links.linkOf({ id: alert.id, title, message }))
    const headers = webhookHeaders({ id, at: clock.now(), body }, claimed.secret())
    const ended = AbortSignal.any([signal, tooLate])
    return {
      answer: await post({ url: channel.url, headers, body, timeoutMs: limits.webhookTimeoutMs, signal: ended }),
    }
  } catch (thrown) {
    if (thrown instanceof BakewireError || signal.aborted) return { thrown }
    if (tooLate.aborted) return { thrown: new BakewireError('TIMED_OUT', 'the server did not answer in time') }
    log.error({ notification_id: id, err: thrown }, 'notification failed unexpectedly')
    return { thrown }
  }
}
