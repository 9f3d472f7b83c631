import { z } from 'zod'
import { timeOf, timeText } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { pageQuery, pageSchema } from '../query-fields.ts'
import type { ZodApp } from '../zod-app.ts'

const auditEntrySchema = z
  .object({
    at: timeText(),
    actor: z.string().meta({ description: 'Name and first characters of the API key.' }),
    action: z.string().meta({ examples: ['equipment.created'] }),
    subject_kind: z.string().nullable(),
    subject_id: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
    request_id: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry', title: 'Audit entry', description: 'One change, and whose key made it.' })

export function auditLogRoutes(app: ZodApp, { audit }: RouteTools): void {
  app.get('/audit-log', {
    config: { access: 'admin' },
    schema: {
      tags: ['Operation'],
      summary: 'List who changed what',
      description: 'Newest first.',
      querystring: z.strictObject({
        ...pageQuery,
        subject_id: z.string().min(1).max(200).optional().meta({ description: 'Changes of this thing alone.' }),
      }),
      response: { 200: pageSchema(auditEntrySchema) },
    },
    handler: async ({ query: { subject_id: subjectId, ...page } }) => {
      const { items, next_cursor } = await audit.list({ ...page, subjectId })
      return { items: items.map(({ id: _, at, ...entry }) => ({ at: timeOf(at), ...entry })), next_cursor }
    },
  })
}
