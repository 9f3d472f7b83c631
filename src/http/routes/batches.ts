import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Batch } from '#store'
import { alertRecord, alertSchema } from '../alert-record.ts'
import { idParams, idText, timeOf, timeOrNull, timeText } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { knownOr404 } from '../known-or-404.ts'
import { stateAskedFor, tagOf } from '../preconditions.ts'
import { pageQuery, pageSchema } from '../query-fields.ts'
import { realtimeData, realtimeDataSchema } from '../realtime-data.ts'
import { requestField } from '../request-fields.ts'
import type { ZodApp } from '../zod-app.ts'

/** Machines of one batch: a line of a large bakery. */
const machinesMax = 50
/** Alerts that are shown of each machine, the newest. */
const alertsMax = 20

const batchSchema = z
  .object({
    id: idText(),
    name: z.string(),
    product: z.string().nullable(),
    equipment_ids: z.array(idText()),
    started_at: timeText(),
    ended_at: timeText().nullable(),
    created_at: timeText(),
    updated_at: timeText(),
  })
  .meta({ id: 'Batch', title: 'Batch', description: 'What is made on which machines, from when until when.' })

const trackingSchema = batchSchema
  .extend({
    equipment: z.array(
      realtimeDataSchema.extend({
        energy_so_far_kwh: z
          .number()
          .nullable()
          .meta({ description: 'What the counter of the machine has grown by during the batch.' }),
        alerts: z.array(alertSchema).meta({ description: 'Active and acknowledged, newest first.' }),
      }),
    ),
  })
  .meta({ id: 'BatchTracking', title: 'Batch with its machines as they are now' })

const newBatch = z
  .strictObject({
    id: z.uuid().toLowerCase().optional().meta({ description: 'Your own id; without one, one is made.' }),
    name: requestField.words(200).meta({ examples: ['Baguettes 123'] }),
    product: requestField.words(200).nullable().optional(),
    equipment_ids: z
      .array(z.uuid().toLowerCase())
      .min(1)
      .max(machinesMax)
      .refine((ids) => new Set(ids).size === ids.length, 'must not name a machine twice'),
    started_at: requestField.time().optional().meta({ description: 'Without: now.' }),
  })
  .meta({ title: 'New batch' })

const changedBatch = z
  .strictObject({
    name: requestField.words(200).optional(),
    product: requestField.words(200).nullable().optional(),
    ended_at: requestField.time().nullable().optional().meta({ description: 'null lets it go on.' }),
  })
  .meta({ title: 'Batch change' })

const tags = ['Batches']
const subjectOf = (id: string) => ({ kind: 'batch', id })

export function batchRoutes(app: ZodApp, tools: RouteTools): void {
  addBatch(app, tools)
  listBatches(app, tools)
  showBatch(app, tools)
  changeBatch(app, tools)
  trackBatch(app, tools)
}

function addBatch(app: ZodApp, { createOnce, clock }: RouteTools): void {
  app.post('/batches', {
    config: { access: 'write', conditional: 'made', idempotencyKey: 'taken', errors: ['CONFLICT'] },
    schema: { tags, summary: 'Begin a batch', body: newBatch, response: { 201: batchSchema } },
    handler: (request, reply) =>
      createOnce({ request, reply }, async ({ batches, recordChange }) => {
        const { started_at = new Date(clock.now()), ...fields } = request.body
        const batch = await batches.create({ ...fields, started_at })
        await recordChange(request, {
          action: 'batch.created',
          subject: subjectOf(batch.id),
          detail: { name: batch.name, equipment_ids: batch.equipment_ids },
        })
        const headers = { location: `/api/v1/batches/${batch.id}`, etag: tagOf.batch(batch) }
        return { record: batchRecord(batch), headers }
      }),
  })
}

function listBatches(app: ZodApp, { batches }: RouteTools): void {
  app.get('/batches', {
    config: { access: 'read' },
    schema: {
      tags,
      summary: 'List batches',
      description: 'Oldest first.',
      querystring: z.strictObject(pageQuery),
      response: { 200: pageSchema(batchSchema) },
    },
    handler: async ({ query }) => {
      const page = await batches.list(query)
      return { ...page, items: page.items.map(batchRecord) }
    },
  })
}

function showBatch(app: ZodApp, { batches }: RouteTools): void {
  app.get('/batches/:id', {
    config: { access: 'read', conditional: 'shown' },
    schema: { tags, summary: 'Show a batch', params: idParams, response: { 200: batchSchema } },
    handler: async ({ params: { id } }, reply) => tagged(reply, knownOr404(await batches.get(id))),
  })
}

function changeBatch(app: ZodApp, { batches, recordChange }: RouteTools): void {
  app.patch('/batches/:id', {
    config: { access: 'write', conditional: 'changed' },
    schema: {
      tags,
      summary: 'End or change a batch',
      params: idParams,
      body: changedBatch,
      response: { 200: batchSchema },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const batch = knownOr404(await batches.update(id, request.body, stateAskedFor(request, tagOf.batch)))
      const detail = { changed: Object.keys(request.body), ended_at: timeOrNull(batch.ended_at) }
      await recordChange(request, { action: 'batch.changed', subject: subjectOf(id), detail })
      return tagged(reply, batch)
    },
  })
}

function trackBatch(app: ZodApp, tools: RouteTools): void {
  app.get('/batches/:id/realtime-tracking', {
    config: { access: 'read' },
    schema: {
      tags,
      summary: 'Show a batch with its machines as they are now',
      params: idParams,
      response: { 200: trackingSchema },
    },
    handler: async ({ params: { id } }) => {
      const batch = knownOr404(await tools.batches.get(id))
      const equipment = await Promise.all(batch.equipment_ids.map((machineId) => track(machineId, batch, tools)))
      return { ...batchRecord(batch), equipment: equipment.filter((machine) => machine !== undefined) }
    },
  })
}

async function track(
  machineId: string,
  batch: Batch,
  { equipment, readings, batches, alerts, links, clock }: RouteTools,
) {
  const machine = await equipment.get(machineId)
  if (!machine) return undefined
  const now = clock.now()
  const span = { start: batch.started_at, end: batch.ended_at ?? new Date(now) }
  const [newest, active, energy, open] = await Promise.all([
    readings.latest(machineId),
    batches.activeOn(machineId),
    machine.supports_energy_monitoring ? readings.energyBetween(machineId, span) : null,
    alerts.list({ equipmentId: machineId, limit: alertsMax }),
  ])
  return {
    ...realtimeData(machine, newest, { now, batch: active }),
    energy_so_far_kwh: energy,
    alerts: open.items.map((alert) => alertRecord(alert, links)),
  }
}

function tagged(reply: FastifyReply, batch: Batch) {
  reply.header('etag', tagOf.batch(batch))
  return batchRecord(batch)
}

function batchRecord({ equipment_ids, ...row }: Batch): z.output<typeof batchSchema> {
  return {
    id: row.id,
    name: row.name,
    product: row.product,
    equipment_ids: [...equipment_ids],
    started_at: timeOf(row.started_at),
    ended_at: timeOrNull(row.ended_at),
    created_at: timeOf(row.created_at),
    updated_at: timeOf(row.updated_at),
  }
}
