import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Connector, configurationSchema, jsonSchemaOf, type Registry } from '#connector'
import { sharedFields } from './accept-configuration.ts'
import { configurationExamples } from './configuration-examples.ts'
import { documentHeaders, headerWordsOf } from './document-headers.ts'
import { optionalBody, tidyOpenapi } from './tidy-openapi.ts'

type JsonObject = Record<string, unknown>

const description = `Connects ovens, proofers, mixers, cold rooms and energy meters, stores their readings and raises alerts.

Send a key as \`Authorization: Bearer <key>\`. Each operation names the access it needs: a \`read\` key looks, a \`write\` key
also changes machines, configurations, rules and alerts, an \`admin\` key also keys and notification channels.

Bodies are strict JSON in UTF-8: unknown fields, doubled names and numbers that cannot be held exactly are refused, and
nothing is converted. 400 is a request that is malformed, 422 one that is well-formed but refused, 409 one that conflicts
with what is stored; each names every fault by its path. A 429 or 503 says in \`Retry-After\` when to ask again. Times are
ISO 8601 with offset; answers are in UTC.

Send an \`Idempotency-Key\` (1 to 255 visible ASCII characters, plain or quoted) with a POST that makes something, and send the
same request again when no answer came: it is made once, and the first answer is given again for 24 hours, marked
\`Idempotency-Replayed: true\`. While the first is under way the answer is 409, with another body 422. What ended
in 429 or 5xx may be sent again with the same key, and is made once whichever of them makes it. A refusal is kept as well: to
ask otherwise, take a new key. What steers a machine (\`write\`) is done at most once: one whose end nobody knows is
\`OUTCOME_UNKNOWN\` from then on. A POST that only sets a state (\`iot-config\`, \`acknowledge\`,
\`resolve\`) needs no key: sent again it sets the same.

What can be changed has an \`ETag\`, which stands for what is configured and not for the status of a connection. Send it as
\`If-Match\` to change only what you have seen: otherwise the answer is 412. Send it as \`If-None-Match\` to be told only what is
new: otherwise the answer is 304.`

/** How the OpenAPI 3.1 document is made from the schemas that the routes check by. */
export function openapiDocument(registry: Registry): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Bakewire', version: '1', description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, `bw_…`.' } },
        schemas: configurationComponents(registry),
      },
    },
    transform: (route) => {
      const documented = jsonSchemaTransform(route)
      const { body } = route.schema ?? {}
      const { bodyComponent } = route.route.config ?? {}
      const schema = {
        ...documented.schema,
        ...(bodyComponent ? { body: { $ref: `#/components/schemas/${bodyComponent}` } } : {}),
        ...(body instanceof z.ZodOptional ? { [optionalBody]: true } : {}),
        ...headerWordsOf(route.route.config),
      }
      return { ...documented, schema }
    },
    transformObject: (document) => documentHeaders(tidyOpenapi(jsonSchemaTransformObject(document))),
  }
}

/** One component for each connector's configuration, and `IotConfiguration` for any of them. */
function configurationComponents({ connectors }: Registry): Record<string, JsonObject> {
  const components = new Map(connectors.map((connector) => [componentName(connector), componentOf(connector)]))
  const any = {
    title: 'Configuration',
    description: 'How a machine is reached and what is read of it, in the form of its connector.',
    examples: configurationExamples,
    oneOf: [...components.keys()].map((name) => ({ $ref: `#/components/schemas/${name}` })),
  }
  return { ...Object.fromEntries(components), IotConfiguration: any }
}

/** `rest_api` → `RestApiConfiguration` */
function componentName({ id }: Connector): string {
  const words = id.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return `${words.join('')}Configuration`
}

function componentOf(connector: Connector): JsonObject {
  const { id, aliases = [], profiles, title } = connector
  const names: [string, ...string[]] = [id, ...aliases, ...profiles.map((profile) => profile.id)]
  const { protocol, ...shared } = sharedFields
  const fields = { protocol: z.enum(names).meta({ title: protocol.meta()?.title ?? 'Protocol' }), ...shared }
  const { $schema: _, ...schema } = jsonSchemaOf(configurationSchema(connector).extend(fields).meta({ title }))
  return schema
}
