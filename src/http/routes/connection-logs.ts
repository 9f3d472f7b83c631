import { z } from 'zod'
import { connectionStatuses, type ErrorCode, errorTable } from '#core'
import { idParams, timeOf, timeText, wordOf } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { knownOr404 } from '../known-or-404.ts'
import { pageQuery, pageSchema } from '../query-fields.ts'
import type { ZodApp } from '../zod-app.ts'

const codes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]

const eventTypes = ['connected', 'degraded', 'disconnected', 'error'] as const

const connectionLogSchema = z
  .object({
    event_type: z.enum(eventTypes),
    event_time: timeText(),
    connection_status: z.enum(connectionStatuses),
    error_code: z.enum(codes).nullable(),
    error_message: z.string().nullable(),
    response_time_ms: z.number().nullable(),
    data_points_received: z.int().nullable(),
  })
  .meta({ id: 'ConnectionLog', title: 'Connection log', description: 'A change of the connection of a machine.' })

export function connectionLogRoutes(app: ZodApp, { equipment, connections }: RouteTools): void {
  app.get('/equipment/:id/connection-logs', {
    config: { access: 'read' },
    schema: {
      tags: ['Connection'],
      summary: 'List what happened to the connection of a machine',
      description: 'Newest first. A line for every change of the status or of its reason, none for a poll.',
      params: idParams,
      querystring: z.strictObject(pageQuery),
      response: { 200: pageSchema(connectionLogSchema) },
    },
    handler: async ({ params: { id }, query }) => {
      knownOr404(await equipment.get(id))
      const { items, next_cursor } = await connections.list(id, query)
      return {
        items: items.map(({ id: _, equipment_id, event_time, ...event }) => ({
          ...event,
          event_time: timeOf(event_time),
          event_type: wordOf(eventTypes, event.event_type, 'error'),
          connection_status: wordOf(connectionStatuses, event.connection_status, 'error'),
          error_code: event.error_code && wordOf(codes, event.error_code, 'INTERNAL'),
        })),
        next_cursor,
      }
    },
  })
}
