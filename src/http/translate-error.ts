import { BakewireError, type ErrorCode, limits } from '#core'

/** What the server software says, in our words. Everything else that it throws with a 4xx is a malformed request. */
const known: Record<string, readonly [ErrorCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['BODY_TOO_LARGE', `The body is larger than ${limits.bodyBytesMax} bytes`],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['MEDIA_TYPE_UNSUPPORTED', 'The body must be application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['REQUEST_MALFORMED', 'The body is not as long as Content-Length says'],
  FST_ERR_HANDLER_TIMEOUT: ['UNAVAILABLE', 'The answer could not be made in time; the database may be away'],
  FST_ERR_BAD_URL: ['NOT_FOUND', 'There is nothing at this address'],
  FST_ERR_MAX_PARAM_LENGTH: ['NOT_FOUND', 'There is nothing at this address'],
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The request line and headers are larger than the server takes'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMED_OUT', 'The request did not arrive in time'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['BODY_TOO_LARGE', 'The chunk extensions are larger than the server takes'],
}

/** Whatever was thrown on the way of a request, as one of our errors. */
export function translateError(thrown: unknown): BakewireError {
  if (thrown instanceof BakewireError) return thrown
  const { code, status } = partsOf(thrown)
  const entry = Object.hasOwn(known, code) ? known[code] : undefined
  if (entry) return new BakewireError(entry[0], entry[1], { cause: thrown })
  if (status >= 400 && status < 500) {
    return new BakewireError('REQUEST_MALFORMED', 'The request could not be read', { cause: thrown })
  }
  return new BakewireError('INTERNAL', 'handling a request failed unexpectedly', { cause: thrown })
}

function partsOf(thrown: unknown): { code: string; status: number } {
  if (typeof thrown !== 'object' || thrown === null) return { code: '', status: 500 }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
  const status = 'statusCode' in thrown && typeof thrown.statusCode === 'number' ? thrown.statusCode : 500
  return { code, status }
}
