import { BakewireError, limits } from '#core'
import type { Settlement } from '#store'
import type { WebhookAnswer } from './webhook.ts'

/** What a try came to: an answer, or what was thrown instead of one. */
export type TryOutcome = { readonly answer: WebhookAnswer } | { readonly thrown: unknown }

/** With these twelve tries are spread over about a day. */
const retryMsMin = 5_000
const retryGrowth = 3
const retryMsMax = 6 * 3_600_000
/** Waits differ by up to this share, so that a server that comes back is not met by all at once. */
const jitterShare = 0.2

/** Too early and too many: the client errors that pass. */
const passingClientErrors = new Set([408, 425, 429])

/** What follows from a try. `random` is in [0, 1). */
export function settlementOf(outcome: TryOutcome, attempt: number, random: number): Settlement {
  const status = 'answer' in outcome ? outcome.answer.status : undefined
  if (status !== undefined && status >= 200 && status < 300) return { result: 'sent' }
  const error = 'answer' in outcome ? `the server answered ${outcome.answer.status}` : reasonOf(outcome.thrown)
  const isRefused = status !== undefined && status >= 400 && status < 500 && !passingClientErrors.has(status)
  if (isRefused || attempt >= limits.notificationAttemptsMax) {
    return { result: 'failed', error, disableChannel: status === 410 }
  }
  const askedMs = 'answer' in outcome ? (outcome.answer.retryAfterMs ?? 0) : 0
  return { result: 'retry', error, inMs: Math.max(askedMs, retryDelayMs(attempt, random)) }
}

function retryDelayMs(attempt: number, random: number): number {
  const delayMs = Math.min(retryMsMin * retryGrowth ** (attempt - 1), retryMsMax)
  return Math.round(delayMs * (1 + jitterShare * (2 * random - 1)))
}

/** Only our own messages are known to hold neither secrets nor words of the peer. */
function reasonOf(thrown: unknown): string {
  return thrown instanceof BakewireError ? thrown.message : 'the message could not be sent'
}
