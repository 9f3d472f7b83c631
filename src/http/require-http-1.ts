import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { BakewireError } from '#core'

/** Refuses what the HTTP parser lets pass: versions other than 1, 1.1 without a Host, and more than one Host (RFC 9112, section 3.2). */
export function requireHttp1(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw }, reply) => {
    const error = refusalOf(raw)
    if (!error) return
    // What follows on the connection may be meant in another way than it is read.
    void reply.header('connection', 'close')
    throw error
  })
}

function refusalOf({ httpVersion, httpVersionMajor, rawHeaders }: IncomingMessage): BakewireError | undefined {
  if (httpVersionMajor < 1) return new BakewireError('REQUEST_MALFORMED', `HTTP ${httpVersion} is not spoken here`)
  if (httpVersionMajor > 1) return new BakewireError('VERSION_UNSUPPORTED', `HTTP ${httpVersion} is not spoken here`)
  // Of several Node shows the first as the only one.
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length
  if (hosts > 1) return new BakewireError('REQUEST_MALFORMED', 'The request has more than one Host header')
  if (hosts === 0 && httpVersion === '1.1')
    return new BakewireError('REQUEST_MALFORMED', 'The request has no Host header')
  return undefined
}
