import { z } from 'zod'
import { BakewireError, limits } from '#core'
import { acceptConfiguration } from '../accept-configuration.ts'
import { idParams } from '../answer-fields.ts'
import { configurationRecord, keepSecrets, maskedNames } from '../configure-equipment.ts'
import { connectionTestSchema } from '../connection-test.ts'
import type { RouteTools } from '../dependencies.ts'
import { knownOr404 } from '../known-or-404.ts'
import type { ZodApp } from '../zod-app.ts'

export function testConnectionRoutes(app: ZodApp, { equipment, registry, machines }: RouteTools): void {
  app.post('/equipment/:id/test-connection', {
    handlerTimeout: limits.machineAnswerTimeoutMs,
    config: {
      access: 'write',
      bodyComponent: 'IotConfiguration',
      errors: ['SECRET_REQUIRED', 'CONFLICT', 'OVERLOADED'],
    },
    schema: {
      tags: ['Connection'],
      summary: 'Test a connection',
      description:
        'The stored configuration without a body or with an empty one, else the one given, which is not stored.',
      params: idParams,
      body: z.record(z.string(), z.unknown()).optional(),
      response: { 200: connectionTestSchema },
    },
    handler: async ({ id: requestId, params: { id }, body }) => {
      const machine = knownOr404(await equipment.get(id))
      // Many programs cannot send a POST without a body: an empty object is none.
      const given = body && Object.keys(body).length > 0 ? body : undefined
      const accepted = given && acceptConfiguration(registry, id, given)
      const needsSaved = !accepted || maskedNames(accepted).length > 0
      const saved = needsSaved ? await equipment.configuration(id) : undefined
      if (accepted) return machines.test(keepSecrets(accepted, saved, registry), requestId)
      if (!saved)
        throw new BakewireError('CONFLICT', `${machine.name} is not configured yet; send a configuration to test`)
      return machines.test(
        acceptConfiguration(registry, id, { ...configurationRecord(saved), credentials: saved.credentials }),
        requestId,
      )
    },
  })
}
