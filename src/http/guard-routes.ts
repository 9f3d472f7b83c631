import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BakewireError } from '#core'
import type { Access } from './access.ts'
import type { Authenticator, Caller } from './authenticator.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key the request carries; null on public routes. */
    caller: Caller | null
  }
  interface FastifyInstance {
    /** Every route with what it needs, complete once the server is ready. */
    routeTable: readonly RouteEntry[]
  }
}

export interface RouteEntry {
  readonly method: string
  readonly url: string
  readonly access: Access
}

/** The one place where access is decided. A route that does not say what it needs stops the start. */
export function guardRoutes(app: FastifyInstance, authenticator: Authenticator): void {
  const registered: { method: string | string[]; url: string; config?: { access?: Access } }[] = []
  const table: RouteEntry[] = []

  app.decorate('routeTable', table)
  app.decorateRequest('caller', null)
  app.addHook('onRoute', (route) => void registered.push(route))
  app.addHook('onReady', async () => {
    for (const { method, url, config } of registered) {
      if (!config?.access) throw new Error(`the route ${method} ${url} does not say which access it needs`)
      for (const one of [method].flat()) table.push({ method: one, url, access: config.access })
    }
  })
  app.addHook('onRequest', async (request) => {
    if (request.is404) return
    // A route without a word is not served, whatever the start let pass.
    const access = request.routeOptions.config.access ?? 'admin'
    if (access !== 'public') request.caller = await authenticator.authorize(request.headers.authorization, access)
  })
}

/** Who asks, on a route that is not public. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (!caller) throw new BakewireError('INTERNAL', 'a request that changes something came without a caller')
  return caller
}
