import type { RouteOptions } from 'fastify'
import { z } from 'zod'
import { documentedErrors } from './documented-errors.ts'

/** Completes what a route of ours says of itself: its problems, its name, the key it needs, and no query where it names none. */
export function describeRoute(route: RouteOptions): void {
  const { config, schema = {}, method } = route
  // The HEAD beside a GET shares its schema and is no part of the documentation.
  if (method === 'HEAD') return
  const isPublic = config?.access === 'public'
  const key = isPublic ? 'Needs no key.' : `Needs a key with \`${config?.access}\` access.`
  route.schema = {
    ...schema,
    querystring: schema.querystring ?? z.strictObject({}),
    operationId: operationId(route),
    security: isPublic ? [] : [{ apiKey: [] }],
    description: schema.description === undefined ? key : `${schema.description} ${key}`,
    // What the route says itself goes before what follows from its form.
    response: { ...documentedErrors(route), ...(schema.response as object | undefined) },
  }
}

/** `GET /api/v1/equipment/:id/iot-config` → `getEquipmentByIdIotConfig` */
function operationId({ method, url }: RouteOptions): string {
  const parts = url.replace(/^\/api\/v1/, '').split(/[/-]/)
  const words = parts.filter((part) => part !== '').map((part) => (part.startsWith(':') ? `by-${part.slice(1)}` : part))
  return [String(method).toLowerCase(), ...words.join('-').split('-').map(capitalized)].join('')
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
