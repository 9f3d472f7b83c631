import { z } from 'zod'
import { capabilities, describeConnector } from '#connector'
import type { RouteTools } from '../dependencies.ts'
import { faultAt } from '../fault-at.ts'
import { knownOr404 } from '../known-or-404.ts'
import { pageQuery, pageSchema } from '../query-fields.ts'
import type { ZodApp } from '../zod-app.ts'

const profileSchema = z.object({
  id: z.string(),
  title: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  source: z.string(),
  notes: z.array(z.string()),
})

const connectorSchema = z
  .object({
    id: z.string(),
    aliases: z.array(z.string()),
    title: z.string(),
    source: z.string().meta({ description: 'The document that the connector follows.' }),
    capabilities: z.array(z.enum(capabilities)),
    profiles: z.array(profileSchema).meta({ description: 'Known machines whose points need not be typed.' }),
    configuration_schema: z
      .record(z.string(), z.unknown())
      .meta({ description: 'JSON Schema of `iot-config`, with `x-secret`, `x-unit` and `x-ui` for forms.' }),
  })
  .meta({ id: 'Connector', title: 'Connector' })

const tags = ['Connectors']

export function connectorRoutes(app: ZodApp, { registry }: RouteTools): void {
  const described = registry.connectors.map(shown).sort((one, other) => (one.id < other.id ? -1 : 1))

  app.get('/connectors', {
    config: { access: 'read' },
    schema: {
      tags,
      summary: 'List what machines can be connected by',
      querystring: z.strictObject(pageQuery),
      response: { 200: pageSchema(connectorSchema) },
    },
    handler: async ({ query: { limit, cursor } }) => {
      const rest = described.slice(cursor === undefined ? 0 : positionAfter(described, cursor))
      const items = rest.slice(0, limit)
      return { items, next_cursor: rest.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
  })

  app.get('/connectors/:id', {
    config: { access: 'read' },
    schema: {
      tags,
      summary: 'Show a connector',
      params: z.strictObject({ id: z.string() }),
      response: { 200: connectorSchema },
    },
    handler: async ({ params: { id } }) =>
      knownOr404(described.find((connector) => connector.id === id || connector.aliases.includes(id))),
  })
}

function positionAfter(connectors: readonly { id: string }[], cursor: string): number {
  const index = connectors.findIndex((connector) => connector.id === cursor)
  if (index >= 0) return index + 1
  throw faultAt('REQUEST_MALFORMED', 'cursor', 'is not a cursor of an earlier answer')
}

function shown(connector: Parameters<typeof describeConnector>[0]): z.output<typeof connectorSchema> {
  const { aliases, capabilities, profiles, configuration_schema, ...rest } = describeConnector(connector)
  return {
    ...rest,
    aliases: [...aliases],
    capabilities: [...capabilities],
    profiles: profiles.map(({ notes, ...profile }) => ({ ...profile, notes: [...notes] })),
    configuration_schema,
  }
}
