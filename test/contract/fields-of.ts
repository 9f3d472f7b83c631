import { z } from 'zod'
import { jsonSchemaOf } from '#connector'

const objectSchema = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
})

/** Fields by name, each as JSON Schema. */
export type Fields = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>

/** The fields of an object schema. */
export function fieldsOf(schema: z.ZodType): Fields {
  return propertiesOf(jsonSchemaOf(schema))
}

/** The fields of what is JSON Schema already. */
export function propertiesOf(schema: unknown): Fields {
  return objectSchema.parse(schema ?? {}).properties
}
