import { BakewireError } from '#core'

/** What a request died of, from undici's and the socket's error codes. `what` is the request: `GET https://oven.example/status`. */
export function httpFault(error: unknown, what: string): BakewireError {
  if (error instanceof BakewireError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'UND_ERR_SOCKET' && error instanceof Error && unasked.test(error.message)) {
    const message = `${what} was answered with a status that was not asked for (100 or 101)`
    return new BakewireError('PROTOCOL_VIOLATED', message, { cause: error })
  }
  if (lostCodes.has(code)) {
    return new BakewireError('LINK_LOST', `${what} was not answered: the connection was closed${hint(what)}`, {
      cause: error,
    })
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new BakewireError('PROTOCOL_VIOLATED', `${what} answered with too many headers`, { cause: error })
  }
  if (error instanceof Error && (error.name === 'HTTPParserError' || violationCodes.has(code))) {
    // undici's error carries the bytes that it could not read; they are not for logs.
    const cause = new Error(`${error.name}: ${error.message}`)
    return new BakewireError('PROTOCOL_VIOLATED', `${what} was not answered in HTTP`, { cause })
  }
  return new BakewireError('INTERNAL', `${what} failed unexpectedly`, { cause: error })
}

/** What closes a plain connection without a word is often a server that speaks TLS. */
const hint = (what: string) => (/^\w+ http:/.test(what) ? ' (if it always is: does this port want https://?)' : '')

/** How undici calls them; other interim answers it passes over. */
const unasked = /^bad (response|upgrade)$/
const lostCodes = new Set([
  'UND_ERR_SOCKET',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
  'UND_ERR_ABORTED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
])
const violationCodes = new Set(['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_RESPONSE_STATUS_CODE'])
