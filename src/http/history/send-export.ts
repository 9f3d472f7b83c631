import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { BakewireError, type Log, limits } from '#core'

export interface Export {
  readonly mediaType: string
  /** For whoever saves it. */
  readonly fileName: string
  readonly chunks: AsyncGenerator<string>
}

export type SendExport = (
  exchange: { request: FastifyRequest; reply: FastifyReply },
  made: Export,
) => Promise<FastifyReply>

/**
 * Sends exports of any length in constant memory: no more is made than the client takes. What fails before the first byte is
 * a problem document; what fails later cuts the connection, so that nobody takes a part for the whole.
 */
export function createSendExport(log: Log): SendExport {
  let underWay = 0

  return async ({ request, reply }, { mediaType, fileName, chunks }) => {
    if (underWay >= limits.exportsMax) {
      throw new BakewireError('OVERLOADED', `${limits.exportsMax} exports are under way already`, {
        retryAfterMs: 5_000,
      })
    }
    underWay += 1
    try {
      const first = await chunks.next()
      const headers = {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': mediaType,
        'content-disposition': `attachment; filename="${fileName}"`,
      }
      if (reply.raw.destroyed) return reply.hijack()
      reply.hijack()
      reply.raw.writeHead(200, headers)
      if (request.method === 'HEAD') reply.raw.end()
      else await pipeline(Readable.from(startingWith(first, chunks), { objectMode: true, highWaterMark: 1 }), reply.raw)
    } catch (error) {
      if (!reply.sent) throw error
      reply.raw.destroy()
      const isClients = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
      if (!isClients) log.warn({ err: error, request_id: request.id }, 'an export was cut off')
    } finally {
      underWay -= 1
      await chunks.return(undefined)
    }
    return reply
  }
}

async function* startingWith(first: IteratorResult<string>, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (first.done) return
  yield first.value
  yield* rest
}
