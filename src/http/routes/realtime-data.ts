import { z } from 'zod'
import { limits } from '#core'
import { idParams } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { knownOr404 } from '../known-or-404.ts'
import { machineErrors } from '../machine-errors.ts'
import { pageQuery, pageSchema, queryField } from '../query-fields.ts'
import { justRead, realtimeData, realtimeDataSchema } from '../realtime-data.ts'
import type { ZodApp } from '../zod-app.ts'

export function realtimeDataRoutes(
  app: ZodApp,
  { equipment, newestValues, batches, machines, clock }: RouteTools,
): void {
  app.get('/realtime-data', {
    config: { access: 'read' },
    schema: {
      tags: ['Readings'],
      summary: 'List the newest values of all machines',
      description:
        'Oldest machine first. `GET /stream` tells of new values as they come. While the database is away a page that was asked for before has the same machines, with their values from memory.',
      querystring: z.strictObject(pageQuery),
      response: { 200: pageSchema(realtimeDataSchema) },
    },
    handler: async ({ query }) => {
      const { items, next_cursor } = await newestValues.page(query)
      const now = clock.now()
      return {
        items: items.map(({ machine, newest, batch }) => realtimeData(machine, newest, { now, batch })),
        next_cursor,
      }
    },
  })

  app.get('/equipment/:id/realtime-data', {
    handlerTimeout: limits.machineAnswerTimeoutMs,
    config: {
      access: 'read',
      errors: ['CONFLICT', ...machineErrors],
    },
    schema: {
      tags: ['Readings'],
      summary: 'Show the newest values',
      description:
        'While the database is away the values come from memory: those of the process itself where it polls the machine, else the last that it has told.',
      params: idParams,
      querystring: z.strictObject({
        fresh: queryField.flag(z.boolean().default(false)).meta({ description: 'Read the machine now.' }),
      }),
      response: { 200: realtimeDataSchema },
    },
    handler: async ({ params: { id }, query: { fresh } }) => {
      if (!fresh) {
        const { machine, newest, batch } = knownOr404(await newestValues.of(id))
        return realtimeData(machine, newest, { now: clock.now(), batch })
      }
      const machine = knownOr404(await equipment.get(id))
      const reading = await machines.read(machine)
      const batch = await batches.activeOn(id)
      return realtimeData(justRead(machine, reading), reading, { now: clock.now(), batch })
    },
  })
}
