import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BakewireError, Log } from '#core'
import { hasBody } from './accept-json-only.ts'
import { problemMediaType, problemOf, retryAfterSeconds } from './problem.ts'
import { nothingThere } from './request-validator.ts'
import { secureHeaders } from './secure-headers.ts'
import { translateError } from './translate-error.ts'

/** Every failure leaves as one problem document; what is not the caller's business stays in the log. */
export function handleErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((thrown, request, reply) => sendProblem(translateError(thrown), { request, reply, log }))
  app.setNotFoundHandler((request, reply) => sendProblem(nothingThere(), { request, reply, log }))
}

export function sendProblem(
  error: BakewireError,
  { request, reply, log }: { request: FastifyRequest; reply: FastifyReply; log: Log },
): FastifyReply {
  const names = { request_id: request.id, code: error.code }
  const isOurs = error.remedy === 'report-bug' || error.code === 'UNAVAILABLE'
  if (isOurs) log.error({ ...names, err: error }, error.message)
  // A machine that is switched off is nothing that a developer must look into.
  else if (error.status >= 500) log.warn(names, error.message)
  // The rest of a body that nobody will read must not hold the connection.
  if (hasBody(request) && !request.raw.complete) void reply.header('connection', 'close')
  if (error.code === 'UNAUTHENTICATED') void reply.header('www-authenticate', 'Bearer realm="Bakewire"')
  const retryAfter = retryAfterSeconds(error)
  if (retryAfter !== undefined) void reply.header('retry-after', retryAfter)
  return (
    reply
      .code(error.status)
      // Again, because an address that cannot be read never came to a hook.
      .headers({ ...secureHeaders, 'x-request-id': request.id, 'content-type': problemMediaType })
      .send(JSON.stringify(problemOf(error, request.id)))
  )
}
