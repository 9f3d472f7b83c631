import { z } from 'zod'
import type { HttpDependencies } from '../dependencies.ts'
import type { ZodApp } from '../zod-app.ts'

const readinessSchema = z.object({
  ready: z.boolean(),
  parts: z.record(
    z.string(),
    z.object({
      state: z.enum(['ok', 'degraded', 'down']),
      detail: z.string().optional().meta({ description: 'How it is, in words.' }),
      advice: z.string().optional().meta({ description: 'What to do, where it is not as it should be.' }),
    }),
  ),
})

/** A part that is down is mostly being started again. */
const retrySeconds = 5

const tags = ['Operation']

/** For whoever starts and restarts this process, so no key is needed and nothing is said but states. */
export function healthRoutes(app: ZodApp, { readiness }: HttpDependencies): void {
  app.get('/health/live', {
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'Tell whether the process answers',
      response: { 200: z.object({ live: z.literal(true) }) },
    },
    handler: async () => ({ live: true as const }),
  })

  app.get('/health/ready', {
    config: { access: 'public' },
    schema: {
      tags,
      summary: 'Tell whether the service can do its work',
      description:
        '200 when it can, 503 when the database is down. A part that is `degraded` says what is wrong and what to do; it does not make the service unready.',
      response: { 200: readinessSchema, 503: readinessSchema },
    },
    handler: async (_request, reply) => {
      const { ready, parts } = await readiness()
      if (!ready) reply.header('retry-after', retrySeconds)
      return reply.code(ready ? 200 : 503).send({ ready, parts: { ...parts } })
    },
  })
}
