import type { FastifyInstance } from 'fastify'

/** For whoever counts requests. */
export interface RequestEvents {
  requestBegun(): void
  /** Once for every request begun. The words are few: patterns of routes, methods, classes of status. */
  requestEnded(request: {
    readonly route: string
    readonly method: string
    readonly status: string
    readonly ms: number
  }): void
}

/** Where nothing is, and methods that no route has: addresses and words of strangers must not become labels. */
const noRoute = 'none'
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Tells of every request when it begins and when its connection has the answer or is gone, whichever is first. */
export function observeRequests(app: FastifyInstance, events: RequestEvents): void {
  app.addHook('onRequest', async (request, reply) => {
    events.requestBegun()
    const { raw } = reply
    let isAnswered = false
    raw.once('finish', () => {
      isAnswered = true
    })
    raw.once('close', () =>
      events.requestEnded({
        route: request.is404 ? noRoute : (request.routeOptions.url ?? noRoute),
        method: methods.has(request.method) ? request.method : 'other',
        status: isAnswered ? `${Math.floor(raw.statusCode / 100)}xx` : 'aborted',
        ms: reply.elapsedTime,
      }),
    )
  })
}
