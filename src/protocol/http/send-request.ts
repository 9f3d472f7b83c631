import type { Dispatcher } from 'undici'
import { whenAborted } from './when-aborted.ts'

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
  /** How many bytes the body of an answer with this status may have. */
  readonly bytesMaxOf: (status: number) => number
  readonly faults: SendFaults
}

/** What to throw. */
export interface SendFaults {
  /** When the time is up. */
  late(): Error
  /** When the body has one byte too many. */
  tooLarge(status: number): Error
}

/**
 * Sends one request and collects its answer. Throws the signal's reason, what `faults` give, or undici's error. It takes
 * undici's events as they come: the stream that `request` makes of them, and its end, cost more than a whole small answer.
 */
export function sendRequest(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  options: SendOptions,
): Promise<Received> {
  if (options.signal.aborted) return Promise.reject(options.signal.reason)
  if (options.timeoutMs <= 0) return Promise.reject(options.faults.late())
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(request, new Collector(options, resolve, reject))
  })
}

/** What undici tells of one request. */
class Collector implements Dispatcher.DispatchHandler {
  readonly #options: SendOptions
  readonly #resolve: (received: Received) => void
  readonly #reject: (error: Error) => void
  readonly #timer: NodeJS.Timeout
  readonly #stopListening: () => void
  #controller: Dispatcher.DispatchController | undefined
  /** Why it was ended before it was begun. */
  #ended: Error | undefined
  #status = 0
  #headers = noHeaders
  #body: Buffer = nothing
  #length = 0

  constructor(options: SendOptions, resolve: (received: Received) => void, reject: (error: Error) => void) {
    this.#options = options
    this.#resolve = resolve
    this.#reject = reject
    this.#timer = setTimeout(runOut, options.timeoutMs, this)
    this.#stopListening = whenAborted(options.signal, () => this.#fail(options.signal.reason))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // It may have waited for a connection until nobody waited for it any more.
    if (this.#ended) controller.abort(this.#ended)
  }

  /** An interim answer (RFC 9110, 15.2) comes first, and is replaced by the final one. */
  onResponseStart(_: unknown, status: number, fields: Record<string, string | string[] | undefined>): void {
    this.#status = status
    this.#headers = textOf(fields)
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    const whole = this.#length + chunk.length
    const bytesMax = this.#options.bytesMaxOf(this.#status)
    if (whole > bytesMax) this.#fail(this.#options.faults.tooLarge(this.#status))
    else {
      this.#take(chunk, whole, bytesMax)
      this.#length = whole
    }
  }

  #take(chunk: Buffer, whole: number, bytesMax: number): void {
    if (this.#length === 0) {
      this.#body = chunk
      return
    }
    // The first chunk is as long as what has come by then, so that none is ever written into.
    if (whole > this.#body.length) {
      this.#body = grown(this.#body, Math.min(Math.max(whole, 2 * this.#body.length), bytesMax))
    }
    chunk.copy(this.#body, this.#length)
  }

  onResponseEnd(): void {
    this.#settle()
    const body = this.#length === this.#body.length ? this.#body : this.#body.subarray(0, this.#length)
    const received = { status: this.#status, headers: this.#headers, body }
    // undici frees the connection in the next turn; a request before that would open another one.
    queueMicrotask(() => setImmediate(this.#resolve, received))
  }

  onResponseError(_: unknown, error: Error): void {
    this.#fail(error)
  }

  runOut(): void {
    this.#fail(this.#options.faults.late())
  }

  #fail(error: Error): void {
    this.#settle()
    this.#ended ??= error
    this.#reject(error)
    this.#controller?.abort(error)
  }

  #settle(): void {
    clearTimeout(this.#timer)
    this.#stopListening()
  }
}

function runOut(collector: Collector): void {
  collector.runOut()
}

const nothing = Buffer.alloc(0)
const noHeaders: ReadonlyMap<string, string> = new Map()

/** A copy: each chunk would keep all that was received with it, and a machine can send a body byte by byte with much around each. */
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
