import { z } from 'zod'
import { alertStatuses, severities } from '#core'
import type { AlertRecord } from '#store'
import { alertDetails, alertDetailsSchema, alertRecord, alertSchema } from '../alert-record.ts'
import { idParams } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { callerOf } from '../guard-routes.ts'
import { knownOr404 } from '../known-or-404.ts'
import { pageQuery, pageSchema } from '../query-fields.ts'
import type { ZodApp } from '../zod-app.ts'

const listQuery = z.strictObject({
  ...pageQuery,
  status: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(alertStatuses)))
    .optional()
    .meta({
      description: 'One or several of active, acknowledged, resolved, separated by commas; without it the first two.',
      examples: ['active,acknowledged'],
    }),
  severity: z.enum(severities).optional(),
  type: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ examples: ['temperature_deviation'] }),
  equipment_id: z.uuid().optional(),
})

const remarkSchema = z
  .strictObject({ note: z.string().min(1).max(1_000).optional().meta({ description: 'What there is to say to it.' }) })
  .optional()

const tags = ['Alerts']

export function alertRoutes(app: ZodApp, tools: RouteTools): void {
  listAlerts(app, tools)
  showAlert(app, tools)
  acknowledgeAlert(app, tools)
  resolveAlert(app, tools)
}

function listAlerts(app: ZodApp, { alerts, links }: RouteTools): void {
  app.get('/equipment/iot-alerts', {
    config: { access: 'read' },
    schema: {
      tags,
      summary: 'List alerts',
      description: 'Newest first.',
      querystring: listQuery,
      response: { 200: pageSchema(alertSchema) },
    },
    handler: async ({ query: { equipment_id: equipmentId, ...query } }) => {
      const page = await alerts.list({ ...query, equipmentId })
      return { ...page, items: page.items.map((alert) => alertRecord(alert, links)) }
    },
  })
}

function showAlert(app: ZodApp, tools: RouteTools): void {
  const { alerts } = tools
  app.get('/alerts/:id', {
    config: { access: 'read' },
    schema: { tags, summary: 'Show an alert', params: idParams, response: { 200: alertDetailsSchema } },
    handler: async ({ params: { id } }) => detailsOf(knownOr404(await alerts.get(id)), tools),
  })
}

function acknowledgeAlert(app: ZodApp, tools: RouteTools): void {
  const { alerts } = tools
  app.post('/alerts/:id/acknowledge', {
    config: { access: 'write', errors: ['CONFLICT'] },
    schema: {
      tags,
      summary: 'Acknowledge an alert',
      description: 'In the name of the API key. Once acknowledged it stays so; a resolved alert cannot be.',
      params: idParams,
      body: remarkSchema,
      response: { 200: alertDetailsSchema },
    },
    handler: async (request) => {
      const remark = { by: callerOf(request).name, note: request.body?.note }
      return detailsOf(knownOr404(await alerts.acknowledge(request.params.id, remark)), tools)
    },
  })
}

function resolveAlert(app: ZodApp, tools: RouteTools): void {
  const { alerts } = tools
  app.post('/alerts/:id/resolve', {
    config: { access: 'write' },
    schema: {
      tags,
      summary: 'Resolve an alert',
      description: 'In the name of the API key. It is not raised again before its condition has ended.',
      params: idParams,
      body: remarkSchema,
      response: { 200: alertDetailsSchema },
    },
    handler: async (request) => {
      const remark = { by: callerOf(request).name, note: request.body?.note }
      return detailsOf(knownOr404(await alerts.resolve(request.params.id, remark)), tools)
    },
  })
}

async function detailsOf(alert: AlertRecord, { alerts, links }: RouteTools) {
  return alertDetails(alert, await alerts.history(alert.id), links)
}
