import { z } from 'zod'
import type { ApiKeyRow } from '#store'
import { idParams, idText, timeOf, timeOrNull, timeText } from '../answer-fields.ts'
import { newApiKey } from '../api-key.ts'
import type { RouteTools } from '../dependencies.ts'
import { faultAt } from '../fault-at.ts'
import { knownOr404 } from '../known-or-404.ts'
import { pageQuery, pageSchema } from '../query-fields.ts'
import { requestField } from '../request-fields.ts'
import type { ZodApp } from '../zod-app.ts'

const apiKeySchema = z
  .object({
    id: idText(),
    name: z.string(),
    access: z.enum(['read', 'write', 'admin']),
    prefix: z.string().meta({ description: 'The first characters, to recognise it by.' }),
    created_at: timeText(),
    last_used_at: timeText().nullable(),
    expires_at: timeText().nullable(),
  })
  .meta({ id: 'ApiKey', title: 'API key' })

const newKeySchema = z
  .strictObject({
    name: requestField.words(100).meta({ description: 'Who or what uses it; the audit log shows this name.' }),
    access: z.enum(['read', 'write', 'admin']).default('read').meta({
      description:
        '`read`: look. `write`: also machines, configurations, rules and alerts. `admin`: also keys and channels.',
    }),
    expires_at: requestField.time().optional(),
  })
  .meta({ title: 'New API key', examples: [{ name: 'Dashboard', access: 'read' }] })

const tags = ['API keys']

export function apiKeyRoutes(app: ZodApp, tools: RouteTools): void {
  listKeys(app, tools)
  makeKey(app, tools)
  revokeKey(app, tools)
}

function listKeys(app: ZodApp, { apiKeys }: RouteTools): void {
  app.get('/api-keys', {
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'List API keys',
      querystring: z.strictObject(pageQuery),
      response: { 200: pageSchema(apiKeySchema) },
    },
    handler: async ({ query }) => {
      const page = await apiKeys.list(query)
      return { ...page, items: page.items.map(apiKeyRecord) }
    },
  })
}

function makeKey(app: ZodApp, { createOnce, clock }: RouteTools): void {
  app.post('/api-keys', {
    config: { access: 'admin', idempotencyKey: 'taken' },
    schema: {
      tags,
      summary: 'Make an API key',
      description: 'The answer shows the key, this once.',
      body: newKeySchema,
      response: { 201: apiKeySchema.extend({ key: z.string() }).meta({ id: 'NewApiKey', title: 'New API key' }) },
    },
    handler: (request, reply) =>
      createOnce({ request, reply }, async ({ apiKeys, recordChange }) => {
        const { name, access, expires_at } = request.body
        if (expires_at && expires_at.getTime() <= clock.now()) {
          throw faultAt('CONFIG_INVALID', 'expires_at', 'must lie in the future')
        }
        const { key, hash, prefix } = newApiKey()
        const row = await apiKeys.create({ name, access, hash, prefix, expires_at: expires_at ?? null })
        const detail = { name, access, prefix, expires_at: timeOrNull(row.expires_at) }
        await recordChange(request, { action: 'api_key.created', subject: { kind: 'api_key', id: row.id }, detail })
        return { record: { ...apiKeyRecord(row), key }, headers: {} }
      }),
  })
}

function revokeKey(app: ZodApp, { apiKeys, recordChange }: RouteTools): void {
  app.delete('/api-keys/:id', {
    config: { access: 'admin', errors: ['CONFLICT'] },
    schema: {
      tags,
      summary: 'Revoke an API key',
      description: 'It opens nothing a second later.',
      params: idParams,
      response: { 204: z.undefined() },
    },
    handler: async (request, reply) => {
      const { id, name, prefix } = knownOr404(await apiKeys.remove(request.params.id))
      await recordChange(request, {
        action: 'api_key.revoked',
        subject: { kind: 'api_key', id },
        detail: { name, prefix },
      })
      return reply.code(204).send()
    },
  })
}

function apiKeyRecord(row: ApiKeyRow): z.output<typeof apiKeySchema> {
  const { id, name, access, prefix, created_at, last_used_at, expires_at } = row
  return {
    id,
    name,
    access,
    prefix,
    created_at: timeOf(created_at),
    last_used_at: timeOrNull(last_used_at),
    expires_at: timeOrNull(expires_at),
  }
}
