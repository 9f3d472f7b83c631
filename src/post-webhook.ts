import type { Dial } from '#connector'
import type { PostWebhook } from '#notify'
import { openHttpClient, retryAfterMs } from '#protocol/http'

/** Sends webhooks through the egress gate: a connection for each, no redirects, certificates always checked. */
export function createWebhookPost(dial: Dial): PostWebhook {
  return async ({ url, headers, body, timeoutMs, signal }) => {
    const { origin, pathname, search } = new URL(url)
    const client = await openHttpClient({
      dial,
      origin: new URL(origin),
      tls: { verify: true },
      connections: 1,
      handshakeTimeoutMs: timeoutMs,
      signal,
    })
    try {
      const path = pathname + search
      const answer = await client.request({ method: 'POST', path, pathIs: 'secret', headers, body, timeoutMs, signal })
      return { status: answer.status, retryAfterMs: retryAfterMs(answer.headers.get('retry-after'), Date.now()) }
    } finally {
      await client.close()
    }
  }
}
