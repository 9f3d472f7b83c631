import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BakewireError, limits } from '#core'
import { strictJson } from './strict-json.ts'

const jsonMediaType = /^application\/json(\s*;\s*charset="?utf-8"?)?$/i

/** The only way in for a body: strict JSON in UTF-8, refused by its headers before a byte of it is read. */
export function acceptJsonOnly(app: FastifyInstance): void {
  app.addHook('preParsing', async (request) => {
    if (hasBody(request)) checkHeaders(request)
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: limits.bodyBytesMax },
    async (_request: FastifyRequest, body: Buffer) => (body.length === 0 ? undefined : strictJson(body)),
  )
}

/** RFC 9112, section 6.3: a request has a body when one of these headers says so. */
export function hasBody({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

function checkHeaders({ headers }: FastifyRequest): void {
  if (headers['content-encoding'] !== undefined) {
    throw new BakewireError('MEDIA_TYPE_UNSUPPORTED', 'The body must come without Content-Encoding')
  }
  if (!jsonMediaType.test(headers['content-type'] ?? '')) {
    throw new BakewireError('MEDIA_TYPE_UNSUPPORTED', 'The body must be application/json in UTF-8')
  }
}
