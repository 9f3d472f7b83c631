import { z } from 'zod'
import type { Connector } from './definition.ts'
import { configurationSchema } from './parse.ts'

export interface ConnectorDescription {
  readonly id: string
  readonly aliases: readonly string[]
  readonly title: string
  readonly source: string
  /** Computed by the contract suite, not claimed. */
  readonly capabilities: readonly Capability[]
  readonly profiles: readonly {
    id: string
    title: string
    manufacturer: string
    model: string
    source: string
    notes: readonly string[]
  }[]
  /** JSON Schema (draft 2020-12) of the configuration as `iot-config` takes it; `x-secret`, `x-unit`, `x-ui` beside the standard words. */
  readonly configuration_schema: Readonly<Record<string, unknown>>
}

export const capabilities = ['read', 'subscribe', 'write', 'browse', 'history'] as const
export type Capability = (typeof capabilities)[number]

/** A method that is present is a capability. */
export function capabilitiesOf(connector: Connector): Capability[] {
  return capabilities.filter((capability) => connector[capability])
}

/** Everything that a form, the docs or a program need to know of a connector. */
export function describeConnector(connector: Connector): ConnectorDescription {
  return {
    id: connector.id,
    aliases: connector.aliases ?? [],
    title: connector.title,
    source: connector.source,
    capabilities: capabilitiesOf(connector),
    profiles: connector.profiles.map(({ id, title, manufacturer, model, source, notes }) => ({
      id,
      title,
      manufacturer,
      model,
      source,
      notes: notes ?? [],
    })),
    configuration_schema: jsonSchemaOf(configurationSchema(connector)),
  }
}

/** JSON Schema of what is given (defaults optional); our own meta words become `x-` words. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      const words = jsonSchema as Record<string, unknown>
      if (words['secret']) Object.assign(words, { 'x-secret': true, writeOnly: true })
      if (words['unit']) words['x-unit'] = words['unit']
      if (words['group'] || words['advanced']) {
        words['x-ui'] = {
          ...(words['group'] ? { group: words['group'] } : {}),
          ...(words['advanced'] ? { advanced: true } : {}),
        }
      }
      for (const own of ['secret', 'unit', 'group', 'advanced']) delete words[own]
    },
  })
}

/** Replaces every secret of a configuration's credentials by `***`. */
export const mask = '***'
export function maskCredentials(credentials: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.keys(credentials).map((name) => [name, mask]))
}
