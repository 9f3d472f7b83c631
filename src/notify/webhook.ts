import { createHmac } from 'node:crypto'
import { webhookSecretBytes } from '#store'

/** One POST that leaves through the egress gate, without following redirects. Throws when no answer came. */
export type PostWebhook = (request: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}) => Promise<WebhookAnswer>

export interface WebhookAnswer {
  readonly status: number
  /** What the answer's Retry-After asks for. */
  readonly retryAfterMs?: number | undefined
}

/** A message in the form of Standard Webhooks 1.0. */
export interface WebhookMessage {
  /** The same on every try. */
  readonly id: string
  /** When this try is made, ms since 1970. */
  readonly at: number
  readonly body: string
}

/** Headers of a signed message: HMAC-SHA256 over `id.timestamp.body`. Throws when the secret is none. */
export function webhookHeaders({ id, at, body }: WebhookMessage, secret: unknown): Record<string, string> {
  const key = typeof secret === 'string' ? webhookSecretBytes(secret) : undefined
  if (!key) throw new Error('the secret of the channel is no webhook secret')
  const timestamp = String(Math.floor(at / 1000))
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return {
    'content-type': 'application/json',
    'user-agent': 'Bakewire',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
}
