import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { checking, refused } from '#connector'
import { BakewireError } from '#core'
import { queryFaults } from './query-string.ts'

/** Checks each part of a request against its schema: 400 for the form, 422 for the values, 404 for what names nothing. */
export const requestValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  if (httpPart === 'params') return (data) => parse(schema, data, () => nothingThere())
  if (httpPart === 'querystring') return (data) => queryRefusal(data) ?? parse(schema, data, refused)
  // The router hands a missing body over as null; the body parser lets no other null pass.
  return (data) => parse(schema, data ?? undefined, refused)
}

type Outcome = { value: unknown } | { error: Error }

function parse(schema: z.ZodType, data: unknown, refuse: (error: z.ZodError) => BakewireError): Outcome {
  const parsed = schema.safeParse(data, checking)
  return parsed.success ? { value: parsed.data } : { error: refuse(parsed.error) }
}

function queryRefusal(query: unknown): Outcome | undefined {
  const errors = queryFaults(query)
  const [first] = errors
  if (!first) return undefined
  return {
    error: new BakewireError('REQUEST_MALFORMED', `query parameter ${first.path}: ${first.message}`, { errors }),
  }
}

/** One answer for an unknown address, an unknown id and one that cannot be an id. */
export function nothingThere(): BakewireError {
  return new BakewireError('NOT_FOUND', 'There is nothing at this address')
}
