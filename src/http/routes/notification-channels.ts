import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { channelPatchSchema, channelSchema } from '#alert'
import { mask } from '#connector'
import { severities } from '#core'
import { type ChannelRecord, type ChannelStore, type Deliveries, languages } from '#store'
import { idParams, idText, timeOf, timeOrNull, timeText, wordOf } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { knownOr404 } from '../known-or-404.ts'
import { stateAskedFor, tagOf } from '../preconditions.ts'
import { pageQuery, pageSchema } from '../query-fields.ts'
import { nothingThere } from '../request-validator.ts'
import type { ZodApp } from '../zod-app.ts'

const channelRecordSchema = z
  .object({
    id: idText(),
    kind: z.literal('webhook'),
    name: z.string(),
    url: z.string(),
    secret: z
      .string()
      .meta({ description: '`***`; a secret that was made for the channel is shown once, when it is made.' }),
    severities: z.array(z.enum(severities)),
    language: z.enum(languages),
    enabled: z.boolean(),
    recent_messages: z
      .object({
        sent: z.int(),
        waiting: z.int(),
        failed: z.int(),
        last_sent_at: timeText().nullable(),
        last_error: z.string().nullable().meta({ description: 'Why the newest that failed, or is tried again, did.' }),
      })
      .meta({ description: 'What became of the last 100.' }),
    created_at: timeText(),
    updated_at: timeText(),
  })
  .meta({ id: 'NotificationChannel', title: 'Notification channel' })

const tags = ['Notification channels']

const subjectOf = (id: string) => ({ kind: 'notification_channel', id })

export function notificationChannelRoutes(app: ZodApp, tools: RouteTools): void {
  addChannel(app, tools)
  listChannels(app, tools)
  showChannel(app, tools)
  changeChannel(app, tools)
  deleteChannel(app, tools)
}

function addChannel(app: ZodApp, { createOnce }: RouteTools): void {
  app.post('/notification-channels', {
    config: { access: 'admin', conditional: 'made', idempotencyKey: 'taken' },
    schema: {
      tags,
      summary: 'Add a notification channel',
      body: channelSchema,
      response: { 201: channelRecordSchema },
    },
    handler: (request, reply) =>
      createOnce({ request, reply }, async ({ channels, recordChange }) => {
        const { channel, generatedSecret } = await channels.create(request.body)
        const change = {
          action: 'notification_channel.created',
          subject: subjectOf(channel.id),
          detail: auditable(channel),
        }
        await recordChange(request, change)
        const record = { ...channelRecord(channel, undefined), secret: generatedSecret ?? mask }
        const headers = { location: `/api/v1/notification-channels/${channel.id}`, etag: tagOf.channel(channel) }
        return { record, headers }
      }),
  })
}

function listChannels(app: ZodApp, { channels }: RouteTools): void {
  app.get('/notification-channels', {
    config: { access: 'admin' },
    schema: {
      tags,
      summary: 'List notification channels',
      description: 'Oldest first.',
      querystring: z.strictObject(pageQuery),
      response: { 200: pageSchema(channelRecordSchema) },
    },
    handler: async ({ query }) => {
      const page = await channels.list(query)
      const deliveries = await channels.deliveriesOf(page.items.map(({ id }) => id))
      return { ...page, items: page.items.map((channel) => channelRecord(channel, deliveries.get(channel.id))) }
    },
  })
}

function showChannel(app: ZodApp, { channels }: RouteTools): void {
  app.get('/notification-channels/:id', {
    config: { access: 'admin', conditional: 'shown' },
    schema: { tags, summary: 'Show a notification channel', params: idParams, response: { 200: channelRecordSchema } },
    handler: async ({ params: { id } }, reply) => tagged(reply, knownOr404(await channels.get(id)), channels),
  })
}

function changeChannel(app: ZodApp, { channels, recordChange }: RouteTools): void {
  app.patch('/notification-channels/:id', {
    config: { access: 'admin', conditional: 'changed', errors: ['SECRET_REQUIRED'] },
    schema: {
      tags,
      summary: 'Change a notification channel',
      description: '`***` keeps the secret; an address on another server needs it again.',
      params: idParams,
      body: channelPatchSchema,
      response: { 200: channelRecordSchema },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const { secret, ...fields } = request.body
      const isNew = secret !== undefined && secret !== mask
      const check = stateAskedFor(request, tagOf.channel)
      const channel = knownOr404(await channels.update(id, isNew ? { ...fields, secret } : fields, check))
      const detail = { ...auditable(channel), changed: Object.keys(request.body) }
      await recordChange(request, { action: 'notification_channel.changed', subject: subjectOf(id), detail })
      return tagged(reply, channel, channels)
    },
  })
}

function deleteChannel(app: ZodApp, { channels, recordChange }: RouteTools): void {
  app.delete('/notification-channels/:id', {
    config: { access: 'admin', conditional: 'changed' },
    schema: {
      tags,
      summary: 'Delete a notification channel',
      description: 'What waits for it is not sent any more.',
      params: idParams,
      response: { 204: z.undefined() },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const channel = knownOr404(await channels.get(id))
      if (!(await channels.remove(id, stateAskedFor(request, tagOf.channel)))) throw nothingThere()
      const change = { action: 'notification_channel.deleted', subject: subjectOf(id), detail: auditable(channel) }
      await recordChange(request, change)
      return reply.code(204).send()
    },
  })
}

async function tagged(reply: FastifyReply, channel: ChannelRecord, channels: ChannelStore) {
  reply.header('etag', tagOf.channel(channel))
  return channelRecord(channel, (await channels.deliveriesOf([channel.id])).get(channel.id))
}

function channelRecord(row: ChannelRecord, recent: Deliveries | undefined): z.output<typeof channelRecordSchema> {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    url: row.url,
    secret: mask,
    severities: row.severities.filter((severity) => severities.includes(severity)),
    language: wordOf(languages, row.language, 'en'),
    enabled: row.enabled,
    recent_messages: {
      sent: recent?.sent ?? 0,
      waiting: recent?.waiting ?? 0,
      failed: recent?.failed ?? 0,
      last_sent_at: timeOrNull(recent?.last_sent_at ?? null),
      last_error: recent?.last_error ?? null,
    },
    created_at: timeOf(row.created_at),
    updated_at: timeOf(row.updated_at),
  }
}

/** The path of a webhook's address is often a secret itself: the log names the server only. */
function auditable({ name, url, severities, language, enabled }: ChannelRecord): Record<string, unknown> {
  return { name, server: new URL(url).origin, severities, language, enabled }
}
