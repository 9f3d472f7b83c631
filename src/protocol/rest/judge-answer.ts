import { BakewireError } from '#connector'
import { type HttpAnswer, retryAfterMs } from '#protocol/http'

interface JudgeOptions {
  /** The request, for messages: `GET /api/v1/status`. */
  readonly what: string
  /** Which setting names the path; absent: the connector knows it. */
  readonly setting?: 'data_endpoint' | 'status_endpoint' | 'token_url' | 'api_endpoint'
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * What the status of an answer says is wrong, if anything: CREDENTIALS_REJECTED, DEVICE_BUSY, POINT_REFUSED. Redirects do
 * not get here.
 */
export function faultOfStatus(
  { status, headers }: HttpAnswer,
  { what, setting, now }: JudgeOptions,
): BakewireError | undefined {
  if (status >= 200 && status < 300) return undefined
  const answered = `${what} was answered with ${status}`
  if (status === 401 || status === 403) {
    return new BakewireError('CREDENTIALS_REJECTED', `${answered}: the credentials are missing, wrong or not enough`)
  }
  if (status === 404 || status === 410) {
    const advice = setting === undefined ? '' : `; ${setting} may be wrong`
    return new BakewireError('POINT_REFUSED', `${answered}: there is nothing at this path${advice}`)
  }
  if (status === 408 || status === 429 || status >= 500) {
    const waitMs = retryAfterMs(headers.get('retry-after'), now)
    const message = status === 429 ? `${answered}: it is asked too often` : `${answered}: it is busy or has failed`
    return new BakewireError('DEVICE_BUSY', message, waitMs === undefined ? {} : { retryAfterMs: waitMs })
  }
  return new BakewireError('POINT_REFUSED', `${answered}: it refuses this request`)
}

/** The JSON document of an answer. Throws PROTOCOL_VIOLATED for anything else, and says what it looks like. */
export function documentOf({ headers, body }: HttpAnswer, what: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // Not given as cause: the parser's message quotes what the machine sent.
    throw new BakewireError('PROTOCOL_VIOLATED', `${what} was answered with ${kindOf(headers, body)} instead of JSON`)
  }
}

/** The same of any answer: throws what its status says is wrong. */
export function documentIn(answer: HttpAnswer, options: Omit<JudgeOptions, 'setting'>): unknown {
  const fault = faultOfStatus(answer, options)
  if (fault) throw fault
  return documentOf(answer, options.what)
}

function kindOf(headers: HttpAnswer['headers'], body: string): string {
  if (body.trim() === '') return 'nothing'
  const isPage = /html/i.test(headers.get('content-type') ?? '') || /^\s*<(!doctype|html)/i.test(body)
  if (isPage) return 'a web page (a login page?)'
  return /^\s*</.test(body) ? 'XML' : 'broken text'
}
