import { z } from 'zod'
import type { HttpDependencies } from '../dependencies.ts'
import type { ZodApp } from '../zod-app.ts'

export function metricsRoutes(app: ZodApp, { metrics, metricsAccess }: HttpDependencies): void {
  app.get('/metrics', {
    config: { access: metricsAccess },
    schema: {
      tags: ['Operation'],
      summary: 'Show metrics for Prometheus',
      response: {
        200: { description: 'Prometheus text format', content: { [metrics.contentType]: { schema: z.string() } } },
      },
    },
    handler: async (_request, reply) => reply.header('content-type', metrics.contentType).send(await metrics.metrics()),
  })
}
