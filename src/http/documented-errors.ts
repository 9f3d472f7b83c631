import type { RouteOptions } from 'fastify'
import { type ErrorCode, errorTable } from '#core'
import { problemMediaType, problemSchema } from './problem.ts'

type Route = Pick<RouteOptions, 'config' | 'schema'>

/** The problems that a route can answer with, by status: what follows from its form, and what its `errors` name. */
export function documentedErrors(route: Route): Record<string, unknown> {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of new Set(codesOf(route))) {
    const { status } = errorTable[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${errorTable[code].title}.`).join('\n\n'),
        content: { [problemMediaType]: { schema: problemSchema } },
      },
    ]),
  )
}

function codesOf({ config, schema }: Route): ErrorCode[] {
  const access = config?.access
  return [
    'REQUEST_MALFORMED',
    ...(schema?.body || schema?.querystring ? (['CONFIG_INVALID'] as const) : []),
    ...(schema?.body ? (['REQUEST_TIMED_OUT', 'BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED'] as const) : []),
    ...(schema?.params ? (['NOT_FOUND'] as const) : []),
    ...(access === 'public' ? [] : (['UNAUTHENTICATED', 'UNAVAILABLE'] as const)),
    ...(access === 'write' || access === 'admin' ? (['FORBIDDEN'] as const) : []),
    ...(config?.conditional === 'changed' ? (['PRECONDITION_FAILED'] as const) : []),
    ...(config?.idempotencyKey ? (['IN_PROGRESS', 'KEY_REUSED'] as const) : []),
    ...(config?.errors ?? []),
    'INTERNAL',
  ]
}
