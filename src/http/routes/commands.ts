import { z } from 'zod'
import { writesOf } from '#connector'
import { BakewireError, limits, toBakewireError } from '#core'
import { acceptConfiguration } from '../accept-configuration.ts'
import { idParams } from '../answer-fields.ts'
import type { Change } from '../audit-trail.ts'
import { configurationRecord } from '../configure-equipment.ts'
import type { RouteTools } from '../dependencies.ts'
import { knownOr404 } from '../known-or-404.ts'
import { machineErrors } from '../machine-errors.ts'
import { writeAnswerSchema } from '../write-result.ts'
import type { ZodApp } from '../zod-app.ts'

const valueSchema = z.union([z.number(), z.string().min(1).max(100), z.boolean()], {
  error: 'must be a number, a word, or true or false',
})

const bodySchema = z
  .strictObject({
    values: z
      .record(z.string().min(1).max(100), valueSchema)
      .refine((values) => Object.keys(values).length > 0, 'must name at least one metric')
      .refine((values) => Object.keys(values).length <= limits.writesAtOnce, `has more than ${limits.writesAtOnce}`)
      .meta({ description: 'By metric, in our unit or words.', examples: [{ target_temperature: 180 }] }),
  })
  .meta({ title: 'Write' })

const description = `Only what \`write\` of a point in the configuration allows; one value that is refused refuses all, before anything is
sent. Each value is read back. Nothing is ever written twice by itself: what failed on the way is told in \`results\`, and a
problem means that nothing was sent, but for \`OUTCOME_UNKNOWN\`.`

export function commandRoutes(app: ZodApp, tools: RouteTools): void {
  const { doOnce } = tools
  app.post('/equipment/:id/commands', {
    handlerTimeout: limits.machineAnswerTimeoutMs,
    config: {
      access: 'write',
      idempotencyKey: 'taken',
      errors: ['SECRET_REQUIRED', 'CONFLICT', 'NOT_SUPPORTED', 'OUTCOME_UNKNOWN', ...machineErrors],
    },
    schema: {
      tags: ['Connection'],
      summary: 'Write to a machine',
      description: description.replaceAll('\n', ' '),
      params: idParams,
      body: bodySchema,
      response: { 200: writeAnswerSchema },
    },
    handler: (request, reply) => {
      const { id } = request.params
      const audit = (action: string, detail: Change['detail'] = {}) =>
        tools.recordChange(request, { action, subject: { kind: 'equipment', id }, detail })
      return doOnce({ request, reply }, id, {
        act: () => write(tools, { id, ...request.body, audit }),
        afterwards: ({ results }) => audit('equipment.written', { results }),
      })
    },
  })
}

interface WriteRequest {
  readonly id: string
  readonly values: z.output<typeof bodySchema>['values']
  readonly audit: (action: string, detail?: Change['detail']) => Promise<void>
}

/** What is to be done is written down before it is done. */
async function write(
  { equipment, registry, machines }: RouteTools,
  { id, values, audit }: WriteRequest,
): Promise<z.output<typeof writeAnswerSchema>> {
  const { row } = await writable({ equipment, registry }, id, values)
  await audit('equipment.write_asked', { values })
  const results = await machines.write(row, values).catch(async (thrown: unknown) => {
    const { code, message } = toBakewireError(thrown, 'writing to a machine')
    await audit('equipment.write_failed', { code, message })
    throw thrown
  })
  return { success: results.every(({ ok }) => ok), equipment_id: id, results }
}

/** The machine, where every value may be written to it. */
async function writable(
  { equipment, registry }: Pick<RouteTools, 'equipment' | 'registry'>,
  id: string,
  values: WriteRequest['values'],
) {
  const { name } = knownOr404(await equipment.get(id))
  const saved = await equipment.configuration(id)
  if (!saved) throw new BakewireError('CONFLICT', `${name} is not configured yet`)
  const record = { ...configurationRecord(saved), credentials: saved.credentials }
  const { connector, target } = acceptConfiguration(registry, id, record)
  if (!connector.write) throw new BakewireError('NOT_SUPPORTED', `${connector.title} cannot write`)
  writesOf(target.points, values)
  return saved
}
