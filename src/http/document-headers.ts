import type { RouteOptions } from 'fastify'

type Json = Record<string, unknown>

/** Set on an operation until its headers are described: what its route says of them. */
const headerWords = 'x-headers'

export function headerWordsOf(config: RouteOptions['config']): Json {
  const { conditional, idempotencyKey } = config ?? {}
  return conditional || idempotencyKey ? { [headerWords]: { conditional, idempotencyKey } } : {}
}

const text = { type: 'string' }

const parameters = {
  'Idempotency-Key':
    'Makes or does it once: sent again within 24 hours, the same request with the same key gets the first answer.',
  'If-Match': 'Change it only while its ETag is one of these.',
  'If-None-Match': 'Answer 304 where its ETag is one of these.',
} as const

const etag = {
  ETag: { description: 'Stands for what is configured, not for the status of the connection.', schema: text },
}
const retryAfter = {
  'Retry-After': { description: 'Seconds to wait before asking again.', schema: { type: 'integer' } },
}
const replayed = { 'Idempotency-Replayed': { description: '`true`: this answer was given before.', schema: text } }

/** Describes the headers that follow from a route's words, in the generated document. */
export function documentHeaders(document: object): object {
  for (const path of Object.values(objectIn(document, 'paths'))) {
    for (const operation of Object.values(path as Json)) documentOperation(operation as Json)
  }
  return document
}

function documentOperation(operation: Json): void {
  const { conditional, idempotencyKey } = objectIn(operation, headerWords)
  delete operation[headerWords]
  if (idempotencyKey) takes(operation, 'Idempotency-Key')
  if (conditional === 'changed') takes(operation, 'If-Match')
  if (conditional === 'shown') takes(operation, 'If-None-Match')
  const responses = objectIn(operation, 'responses')
  if (conditional === 'shown') responses['304'] = { description: 'Not changed' }
  for (const [status, response] of Object.entries(responses)) {
    const tellsTag = conditional !== undefined && ['200', '201', '304'].includes(status)
    const headers = {
      ...(tellsTag ? etag : {}),
      ...(idempotencyKey && status.startsWith('20') ? replayed : {}),
      ...(status === '429' || status === '503' || (idempotencyKey && status === '409') ? retryAfter : {}),
    }
    if (Object.keys(headers).length > 0) Object.assign(response as Json, { headers })
  }
}

function takes(operation: Json, name: keyof typeof parameters): void {
  const given = Array.isArray(operation['parameters']) ? operation['parameters'] : []
  const parameter = { name, in: 'header', required: false, description: parameters[name], schema: text }
  operation['parameters'] = [...given, parameter]
}

function objectIn(object: object, name: string): Json {
  return ((object as Json)[name] ?? {}) as Json
}
