/** What the one who meets the error should do. */
export type Remedy = 'fix-config' | 'fix-credentials' | 'retry' | 'give-up' | 'report-bug'

interface ErrorEntry {
  readonly status: number
  readonly remedy: Remedy
  readonly title: string
}

/** Every error that leaves Bakewire, by code: HTTP status, remedy and title. The only such table. */
export const errorTable = {
  REQUEST_MALFORMED: { status: 400, remedy: 'fix-config', title: 'The request is malformed' },
  UNAUTHENTICATED: { status: 401, remedy: 'fix-credentials', title: 'A valid API key is needed' },
  FORBIDDEN: { status: 403, remedy: 'give-up', title: 'The API key does not allow this' },
  NOT_FOUND: { status: 404, remedy: 'give-up', title: 'There is no such thing' },
  REQUEST_TIMED_OUT: { status: 408, remedy: 'retry', title: 'The request took too long to arrive' },
  CONFLICT: { status: 409, remedy: 'give-up', title: 'The request conflicts with what is stored' },
  SECRET_REQUIRED: { status: 409, remedy: 'fix-credentials', title: 'The secret must be given again' },
  IN_PROGRESS: { status: 409, remedy: 'retry', title: 'The same request is still under way' },
  LINK_CONFLICT: { status: 409, remedy: 'fix-config', title: 'Another machine uses this link with other settings' },
  PRECONDITION_FAILED: { status: 412, remedy: 'fix-config', title: 'It was changed meanwhile: read it again' },
  BODY_TOO_LARGE: { status: 413, remedy: 'give-up', title: 'The request body is too large' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, remedy: 'fix-config', title: 'The media type is not supported' },
  CONFIG_INVALID: { status: 422, remedy: 'fix-config', title: 'The values given are refused' },
  NOT_SUPPORTED: { status: 422, remedy: 'give-up', title: 'The connector cannot do this' },
  KEY_REUSED: { status: 422, remedy: 'fix-config', title: 'The Idempotency-Key was used for another request' },
  CONNECTION_FAILED: { status: 422, remedy: 'fix-config', title: 'The equipment could not be read' },
  CREDENTIALS_REJECTED: { status: 422, remedy: 'fix-credentials', title: 'The equipment refuses the credentials' },
  ADDRESS_REFUSED: { status: 422, remedy: 'fix-config', title: 'This address may not be dialled' },
  HEADERS_TOO_LARGE: { status: 431, remedy: 'fix-config', title: 'The request headers are too large' },
  OVERLOADED: { status: 429, remedy: 'retry', title: 'Too many requests at once' },
  INTERNAL: { status: 500, remedy: 'report-bug', title: 'Something went wrong inside Bakewire' },
  PROTOCOL_VIOLATED: { status: 502, remedy: 'fix-config', title: 'The equipment answered against its protocol' },
  POINT_REFUSED: { status: 502, remedy: 'fix-config', title: 'The equipment refuses this point' },
  VALUE_INVALID: { status: 502, remedy: 'give-up', title: 'The equipment gave no usable value' },
  DEVICE_BUSY: { status: 502, remedy: 'retry', title: 'The equipment is busy or reports a failure' },
  TLS_FAILED: { status: 502, remedy: 'fix-config', title: 'No encrypted connection could be made' },
  CERTIFICATE_REJECTED: { status: 502, remedy: 'fix-config', title: "The equipment's certificate is not trusted" },
  UNREACHABLE: { status: 503, remedy: 'retry', title: 'The equipment cannot be reached' },
  ADDRESS_UNRESOLVED: { status: 503, remedy: 'retry', title: 'The host name cannot be resolved' },
  LINK_LOST: { status: 503, remedy: 'retry', title: 'The equipment closed the connection' },
  UNAVAILABLE: { status: 503, remedy: 'retry', title: 'A part of Bakewire is not available' },
  TIMED_OUT: { status: 504, remedy: 'retry', title: 'The equipment did not answer in time' },
  OUTCOME_UNKNOWN: {
    status: 504,
    remedy: 'give-up',
    title: 'Whether it was done is not known: look before you repeat it',
  },
  VERSION_UNSUPPORTED: { status: 505, remedy: 'give-up', title: 'This version of HTTP is not spoken here' },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorTable

/** One named fault inside something that was refused: a JSON path such as `additional_config.points[2].address`. */
export interface PathFault {
  readonly path: string
  readonly message: string
}

/** The one error class. The code says what went wrong, its table entry what to do; `message` says what was being done, to what, and what came back, and never holds a secret or bytes of a peer. */
export class BakewireError extends Error {
  override readonly name = 'BakewireError'
  readonly code: ErrorCode
  readonly errors: readonly PathFault[]
  readonly retryAfterMs: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; errors?: readonly PathFault[]; retryAfterMs?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.errors = options.errors ?? []
    this.retryAfterMs = options.retryAfterMs
  }

  get status(): number {
    return errorTable[this.code].status
  }

  get remedy(): Remedy {
    return errorTable[this.code].remedy
  }

  get title(): string {
    return errorTable[this.code].title
  }
}

/** Whatever was thrown, as a BakewireError: ours as it is, anything else INTERNAL with the original as cause. */
export function toBakewireError(thrown: unknown, doing: string): BakewireError {
  if (thrown instanceof BakewireError) return thrown
  return new BakewireError('INTERNAL', `${doing} failed unexpectedly`, { cause: thrown })
}
