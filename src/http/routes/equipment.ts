import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { BakewireError, equipmentTypes } from '#core'
import type { EquipmentRow } from '#store'
import { idParams } from '../answer-fields.ts'
import { actorOf } from '../audit-trail.ts'
import type { RouteTools } from '../dependencies.ts'
import { type EquipmentRecord, equipmentRecord, equipmentSchema } from '../equipment-record.ts'
import { knownOr404 } from '../known-or-404.ts'
import { stateAskedFor, tagOf } from '../preconditions.ts'
import { pageQuery, pageSchema } from '../query-fields.ts'
import { requestField } from '../request-fields.ts'
import { nothingThere } from '../request-validator.ts'
import type { ZodApp } from '../zod-app.ts'

const words = () => requestField.words(200)

const metadataBytesMax = 16 * 1024

const fields = {
  name: words().meta({ examples: ['Deck oven 1'] }),
  type: z.enum(equipmentTypes),
  site: words().nullable().optional(),
  location: words().nullable().optional(),
  manufacturer: words().nullable().optional(),
  model: words().nullable().optional(),
  serial_number: words().nullable().optional(),
  installed_on: z.iso
    .date()
    .refine((date) => date >= '1900-01-01', 'must not lie before 1900')
    .nullable()
    .optional()
    .meta({ examples: ['2024-02-29'] }),
  metadata: z
    .record(z.string(), z.unknown())
    .refine(
      (metadata) => Buffer.byteLength(JSON.stringify(metadata)) <= metadataBytesMax,
      `must not be longer than ${metadataBytesMax} bytes of JSON`,
    )
    .optional()
    .meta({ description: 'Whatever you want to keep with the machine.' }),
} as const

const newEquipment = z.strictObject(fields).meta({
  title: 'New equipment',
  examples: [{ name: 'Cold room 2', type: 'cold_room', location: 'Basement' }],
})

const changedEquipment = z
  .strictObject({
    ...fields,
    name: fields.name.optional(),
    type: fields.type.optional(),
    iot_enabled: z.boolean().optional().meta({ description: 'false pauses polling, true resumes it.' }),
  })
  .meta({ title: 'Equipment change' })

const tags = ['Equipment']

const subjectOf = (id: string) => ({ kind: 'equipment', id })

export function equipmentRoutes(app: ZodApp, tools: RouteTools): void {
  addMachine(app, tools)
  listMachines(app, tools)
  showMachine(app, tools)
  changeMachine(app, tools)
  deleteMachine(app, tools)
}

function addMachine(app: ZodApp, { createOnce }: RouteTools): void {
  app.post('/equipment', {
    config: { access: 'write', conditional: 'made', idempotencyKey: 'taken' },
    schema: { tags, summary: 'Add a machine', body: newEquipment, response: { 201: equipmentSchema } },
    handler: (request, reply) =>
      createOnce({ request, reply }, async ({ equipment, recordChange }) => {
        const row = await equipment.create(withoutUndefined(request.body))
        const detail = { name: row.name, type: row.type }
        await recordChange(request, { action: 'equipment.created', subject: subjectOf(row.id), detail })
        const headers = { location: `/api/v1/equipment/${row.id}`, etag: tagOf.equipment(row) }
        return { record: equipmentRecord(row), headers }
      }),
  })
}

function listMachines(app: ZodApp, { equipment }: RouteTools): void {
  app.get('/equipment', {
    config: { access: 'read' },
    schema: {
      tags,
      summary: 'List machines',
      description: 'Oldest first.',
      querystring: z.strictObject(pageQuery),
      response: { 200: pageSchema(equipmentSchema) },
    },
    handler: async ({ query }) => {
      const page = await equipment.list(query)
      return { ...page, items: page.items.map(equipmentRecord) }
    },
  })
}

function showMachine(app: ZodApp, { equipment }: RouteTools): void {
  app.get('/equipment/:id', {
    config: { access: 'read', conditional: 'shown' },
    schema: { tags, summary: 'Show a machine', params: idParams, response: { 200: equipmentSchema } },
    handler: async ({ params }, reply) => tagged(reply, knownOr404(await equipment.get(params.id))),
  })
}

function changeMachine(app: ZodApp, { equipment, recordChange }: RouteTools): void {
  app.patch('/equipment/:id', {
    config: { access: 'write', conditional: 'changed', errors: ['CONFLICT'] },
    schema: {
      tags,
      summary: 'Change, pause or resume a machine',
      params: idParams,
      body: changedEquipment,
      response: { 200: equipmentSchema },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const before = knownOr404(await equipment.get(id))
      const check = stateAskedFor(request, tagOf.equipment)
      check(before)
      const change = withoutUndefined(request.body)
      if (change.iot_enabled && before.link_key === null) {
        throw new BakewireError('CONFLICT', `${before.name} is not configured yet and cannot be polled`)
      }
      if (Object.keys(change).length === 0) return tagged(reply, before)
      const row = knownOr404(await equipment.update(id, { ...change, paused_by: actorOf(request) }, check))
      await recordChange(request, { action: 'equipment.changed', subject: subjectOf(id), detail: change })
      return tagged(reply, row)
    },
  })
}

function deleteMachine(app: ZodApp, { equipment, recordChange }: RouteTools): void {
  app.delete('/equipment/:id', {
    config: { access: 'write', conditional: 'changed' },
    schema: {
      tags,
      summary: 'Delete a machine',
      description: 'Its readings and alerts go with it.',
      params: idParams,
      response: { 204: z.undefined() },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const before = knownOr404(await equipment.get(id))
      if (!(await equipment.remove(id, stateAskedFor(request, tagOf.equipment)))) throw nothingThere()
      await recordChange(request, {
        action: 'equipment.deleted',
        subject: subjectOf(id),
        detail: { name: before.name },
      })
      return reply.code(204).send()
    },
  })
}

function tagged(reply: FastifyReply, row: EquipmentRow): EquipmentRecord {
  reply.header('etag', tagOf.equipment(row))
  return equipmentRecord(row)
}

type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> }

/** zod gives an absent field no key, though its types allow `undefined`. */
function withoutUndefined<T extends object>(body: T): Given<T> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Given<T>
}
