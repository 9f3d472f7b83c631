import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** As the ids of proxies and tracing systems look. It goes into the log, the audit log and answers, so it is short and plain. */
const wellFormed = /^[A-Za-z0-9_-]{8,64}$/

/** The id that the caller gave in `X-Request-Id`, so that one name leads through the logs of all; else one of our own. */
export function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && wellFormed.test(given) ? given : randomUUID()
}
