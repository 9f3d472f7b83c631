import { z } from 'zod'
import { BakewireError, errorTable, limits } from '#core'
import { acceptConfiguration, sharedFields } from '../accept-configuration.ts'
import { idParams, idText } from '../answer-fields.ts'
import {
  configurationRecord,
  keepSecrets,
  maskedNames,
  refuseContradictions,
  toStored,
} from '../configure-equipment.ts'
import { type ConnectionTest, connectionTestSchema } from '../connection-test.ts'
import type { RouteTools } from '../dependencies.ts'
import { knownOr404 } from '../known-or-404.ts'
import { stateAskedFor, tagOf } from '../preconditions.ts'
import { queryField } from '../query-fields.ts'
import type { ZodApp } from '../zod-app.ts'

const tags = ['Connection']

const configuredSchema = z.object({
  success: z.boolean(),
  message: z.string(),
  equipment_id: idText(),
  connection_test_result: connectionTestSchema,
})

const configurationSchema = z
  .object({
    ...sharedFields,
    endpoint: z.string(),
    port: z.int(),
    credentials: z.record(z.string(), z.string()).meta({ description: 'Each secret as `***`; sent back it is kept.' }),
    additional_config: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'StoredConfiguration', title: 'Stored configuration' })

export function iotConfigRoutes(app: ZodApp, tools: RouteTools): void {
  configureMachine(app, tools)
  showConfiguration(app, tools)
  forgetConfiguration(app, tools)
}

function configureMachine(app: ZodApp, { equipment, registry, machines, recordChange }: RouteTools): void {
  app.post('/equipment/:id/iot-config', {
    handlerTimeout: limits.machineAnswerTimeoutMs,
    config: {
      access: 'write',
      conditional: 'changed',
      bodyComponent: 'IotConfiguration',
      errors: [
        'SECRET_REQUIRED',
        'LINK_CONFLICT',
        'ADDRESS_REFUSED',
        'CONNECTION_FAILED',
        'CREDENTIALS_REJECTED',
        'OVERLOADED',
      ],
    },
    schema: {
      tags,
      summary: 'Configure the connection of a machine',
      description:
        'Checked, tested and stored. Stored also when the machine does not answer now: it may be switched off.',
      params: idParams,
      querystring: z.strictObject({
        require_connection: queryField
          .flag(z.boolean().default(false))
          .meta({ description: 'Store only if the machine answers.' }),
      }),
      body: z.record(z.string(), z.unknown()),
      response: { 200: configuredSchema },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const checkState = stateAskedFor(request, tagOf.configuration)
      checkState(knownOr404(await equipment.get(id)))
      const accepted = acceptConfiguration(registry, id, request.body)
      const saved = maskedNames(accepted).length > 0 ? await equipment.configuration(id) : undefined
      const configuration = keepSecrets(accepted, saved, registry)
      const test = await machines.test(configuration, request.id)
      refuseUseless(test, request.query.require_connection)
      const check: Parameters<typeof equipment.configure>[2] = (others, before) => {
        checkState(before)
        refuseContradictions(configuration, others, registry)
      }
      const row = knownOr404(await equipment.configure(id, toStored(configuration, test.reading), check))
      const { protocol, target, pollIntervalSeconds, pollCron } = configuration
      await recordChange(request, {
        action: 'configuration.stored',
        subject: { kind: 'equipment', id },
        detail: {
          protocol,
          endpoint: target.endpoint,
          port: target.port,
          poll_interval_seconds: pollIntervalSeconds,
          poll_cron: pollCron,
        },
      })
      reply.header('etag', tagOf.equipment(row))
      return { success: true, message: messageOf(row.name, test), equipment_id: id, connection_test_result: test }
    },
  })
}

function showConfiguration(app: ZodApp, { equipment }: RouteTools): void {
  app.get('/equipment/:id/iot-config', {
    config: { access: 'read', conditional: 'shown', errors: ['SECRET_REQUIRED'] },
    schema: {
      tags,
      summary: 'Show the configuration, secrets masked',
      description: 'In the form in which it can be sent back.',
      params: idParams,
      response: { 200: configurationSchema },
    },
    handler: async ({ params: { id } }, reply) => {
      const { name } = knownOr404(await equipment.get(id))
      const configuration = (await equipment.configuration(id)) ?? notConfigured(name)
      reply.header('etag', tagOf.equipment(configuration.row))
      return configurationRecord(configuration)
    },
  })
}

function forgetConfiguration(app: ZodApp, { equipment, recordChange }: RouteTools): void {
  app.delete('/equipment/:id/iot-config', {
    config: { access: 'write', conditional: 'changed' },
    schema: {
      tags,
      summary: 'Forget the configuration',
      description: 'Polling stops and the secret is wiped; readings stay.',
      params: idParams,
      response: { 204: z.undefined() },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const { name } = knownOr404(await equipment.get(id))
      if (!(await equipment.unconfigure(id, stateAskedFor(request, tagOf.configuration)))) notConfigured(name)
      await recordChange(request, { action: 'configuration.deleted', subject: { kind: 'equipment', id } })
      return reply.code(204).send()
    },
  })
}

function notConfigured(name: string): never {
  throw new BakewireError('NOT_FOUND', `${name} is not configured`)
}

/** Throws when what the test found can never work, or when the caller wants only what works now. */
function refuseUseless({ success, error_details: fault }: ConnectionTest, requireConnection: boolean): void {
  if (success || !fault) return
  if (fault.code === 'ADDRESS_REFUSED') {
    const errors = [{ path: 'endpoint', message: fault.message }]
    throw new BakewireError('ADDRESS_REFUSED', fault.message, { errors })
  }
  if (!requireConnection) return
  const isOurs = fault.code === 'UNAVAILABLE'
  const isRefusal = errorTable[fault.code].status === 422
  throw new BakewireError(isOurs || isRefusal ? fault.code : 'CONNECTION_FAILED', `Not stored: ${fault.message}`)
}

function messageOf(name: string, { success, response_time_ms, error_details }: ConnectionTest): string {
  if (success) return `${name} is configured and answered in ${response_time_ms} ms`
  return `${name} is configured, but could not be read now (${error_details?.message ?? 'no reason known'}); polling goes on trying`
}
