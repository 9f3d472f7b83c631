import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Log } from '#core'

/** One line for each request, with the pattern of its route: addresses may carry tokens. */
export function logRequests(app: FastifyInstance, { log }: { log: Log }): void {
  app.addHook('onResponse', async (request, reply) => {
    const equipmentId = equipmentOf(request)
    const fields = {
      request_id: request.id,
      ...(equipmentId === undefined ? {} : { equipment_id: equipmentId }),
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      caller: request.caller?.prefix ?? null,
    }
    if (request.method === 'GET' || request.method === 'HEAD') log.debug(fields, 'request')
    else log.info(fields, 'request')
  })
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The machine that a request is about, where its address names one. */
function equipmentOf({ routeOptions, params }: FastifyRequest): string | undefined {
  if (!routeOptions.url?.startsWith('/api/v1/equipment/:id')) return undefined
  const { id } = params as { readonly id?: string }
  return id !== undefined && uuid.test(id) ? id : undefined
}
