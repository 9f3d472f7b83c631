import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { idParams } from '../answer-fields.ts'
import type { RouteTools } from '../dependencies.ts'
import { knownOr404 } from '../known-or-404.ts'
import { decodePosition, type LiveFeed } from '../live/index.ts'
import type { ZodApp } from '../zod-app.ts'

const description = `Server-sent events until either side ends them; comments every 15 s keep the connection alive.
\`reading\`: a reading as in \`sensor-history\`, with \`equipment_id\` and \`equipment_name\`, each as it is stored (late ones too).
\`status\`: \`{equipment_id, equipment_name, connection_status, error, last_connected}\` as it is now.
\`alert\`: an alert as in \`iot-alerts\`, after each change of it.
\`gap\`: \`{from, to}\`, more was missed than is told again: ask \`sensor-history\`.
Send the id of the last event as \`Last-Event-ID\` and what was missed meanwhile is told first; ids are those of one machine or of
the fleet and mean nothing else. In the fleet's stream the last two seconds may be told again: a reading is known by
\`equipment_id\` and \`reading_time\`. A reader that does not keep up is disconnected.`

const shared = {
  exposeHeadRoute: false,
  config: { access: 'read' as const, errors: ['OVERLOADED' as const] },
}

const headers = z.looseObject({
  'last-event-id': z.string().max(40).optional().meta({ description: 'Id of the last event that was received.' }),
})

const response = {
  200: { description: 'A stream of events.', content: { 'text/event-stream': { schema: z.string() } } },
}

export function streamRoutes(app: ZodApp, { equipment, feed }: RouteTools): void {
  app.get('/equipment/:id/stream', {
    ...shared,
    schema: {
      tags: ['Readings'],
      summary: 'Follow a machine',
      description: `${description} Begins with the present \`status\`.`,
      params: idParams,
      headers,
      response,
    },
    handler: async (request, reply) => {
      const since = positionOf(request)
      const { id } = knownOr404(await equipment.get(request.params.id))
      return follow(id, { feed, request, reply, since })
    },
  })

  app.get('/stream', {
    ...shared,
    schema: { tags: ['Readings'], summary: 'Follow all machines', description, headers, response },
    handler: async (request, reply) => follow(null, { feed, request, reply, since: positionOf(request) }),
  })
}

function positionOf({ headers: given }: FastifyRequest) {
  const id = given['last-event-id']
  // A browser that has had no event yet sends nothing, some libraries send it empty.
  return typeof id === 'string' && id !== '' ? decodePosition(id) : undefined
}

interface Following {
  readonly feed: LiveFeed
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly since: ReturnType<typeof positionOf>
}

function follow(equipmentId: string | null, { feed, request, reply, since }: Following): FastifyReply {
  if (reply.raw.destroyed || request.raw.socket.destroyed) return reply.hijack()
  feed.open(equipmentId, {
    response: reply.raw,
    headers: {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      // nginx would gather events otherwise.
      'x-accel-buffering': 'no',
    },
    authorization: request.headers.authorization,
    since,
  })
  return reply.hijack()
}
