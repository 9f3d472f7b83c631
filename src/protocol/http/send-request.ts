import type { Dispatcher } from 'undici'

/** What came, as it came: still packed, if it is. */
export interface Received {
  readonly status: number
  /** By name in lower case; several of one name are joined by `, `. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

interface SendOptions {
  /** Ends the request, and its connection where it was sent already. */
  readonly signal: AbortSignal
  /** Ends it likewise: for the whole exchange, a dripping body included. */
  readonly timeoutMs: number
  /** What to throw then. */
  readonly late: () => Error
  /** Judges the answer as soon as its status is known: how many bytes its body may have, and what to throw for one more. */
  readonly bodyLimit: (status: number) => { readonly bytesMax: number; readonly tooLarge: () => Error }
}

/**
 * Sends one request and collects its answer. Throws the signal's reason, what `late` or `tooLarge` give, or undici's error. It
 * takes undici's events as they come: the stream that `request` makes of them, and its end, cost more than a whole small answer.
 */
export function sendRequest(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { signal, timeoutMs, late, bodyLimit }: SendOptions,
): Promise<Received> {
  if (signal.aborted) return Promise.reject(signal.reason)
  if (timeoutMs <= 0) return Promise.reject(late())
  const { promise, resolve, reject } = Promise.withResolvers<Received>()
  let body = nothing
  let length = 0
  let status = 0
  let headers = noHeaders
  let limit = bodyLimit(status)
  let controller: Dispatcher.DispatchController | undefined

  /** Why it was ended before it was begun. */
  let ended: Error | undefined

  const settle = () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
  const fail = (error: Error) => {
    settle()
    ended ??= error
    reject(error)
    controller?.abort(error)
  }
  const stop = () => fail(signal.reason)
  const timer = setTimeout(() => fail(late()), timeoutMs)
  signal.addEventListener('abort', stop)

  dispatcher.dispatch(request, {
    onRequestStart(given) {
      controller = given
      // It may have waited for a connection until nobody waited for it any more.
      if (ended) given.abort(ended)
    },
    // An interim answer (RFC 9110, 15.2) comes first, and is replaced by the final one.
    onResponseStart(_controller, statusCode, fields) {
      status = statusCode
      headers = textOf(fields)
      limit = bodyLimit(status)
    },
    onResponseData(_controller, chunk) {
      const whole = length + chunk.length
      if (whole > limit.bytesMax) return fail(limit.tooLarge())
      if (whole > body.length) body = grown(body, Math.min(Math.max(whole, 2 * body.length), limit.bytesMax))
      chunk.copy(body, length)
      length = whole
    },
    onResponseEnd() {
      settle()
      const answer = { status, headers, body: body.subarray(0, length) }
      // undici frees the connection in the next turn; a request before that would open another one.
      queueMicrotask(() => setImmediate(resolve, answer))
    },
    onResponseError(_controller, error) {
      fail(error)
    },
  })
  return promise
}

const nothing = Buffer.alloc(0)
const noHeaders: ReadonlyMap<string, string> = new Map()

/** A copy: a chunk would keep all that was received with it, and a machine can send a body byte by byte with much around each. */
function grown(body: Buffer, bytes: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafe(bytes)
  body.copy(larger)
  return larger
}

function textOf(fields: Record<string, string | string[] | undefined>): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const name in fields) {
    const value = fields[name]
    headers.set(name, Array.isArray(value) ? value.join(', ') : (value ?? ''))
  }
  return headers
}
