import { z } from 'zod'
import { type BakewireError, type ErrorCode, errorTable, limits } from '#core'

const codes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]
const remedies = ['fix-config', 'fix-credentials', 'retry', 'give-up', 'report-bug'] as const

export const problemMediaType = 'application/problem+json'

const pathFaultSchema = z.object({
  path: z.string().meta({ description: 'Where in the request, for instance additional_config.points[2].address.' }),
  message: z.string(),
})

/** RFC 9457, with our code, remedy, faults by path and request id. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'Names the kind of problem: `urn:bakewire:problem:` and the code.' }),
    title: z.string().meta({ description: 'The kind of problem in words; the same for the same code.' }),
    status: z.int(),
    code: z.enum(codes),
    detail: z.string().meta({ description: 'What happened this time.' }),
    remedy: z.enum(remedies).meta({ description: 'What the one who asks should do.' }),
    errors: z.array(pathFaultSchema).optional().meta({ description: 'Every fault by its path.' }),
    request_id: z.string().meta({ description: 'Names the request in the logs.' }),
  })
  .meta({
    id: 'Problem',
    title: 'Problem',
    description: 'Every answer that is not a success.',
    examples: [
      {
        type: 'urn:bakewire:problem:CONFIG_INVALID',
        title: 'The values given are refused',
        status: 422,
        code: 'CONFIG_INVALID',
        detail: 'port: must be at most 65535',
        remedy: 'fix-config',
        errors: [{ path: 'port', message: 'must be at most 65535' }],
        request_id: '0b2a3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d',
      },
    ],
  })

export type Problem = z.output<typeof problemSchema>

/** Faults shown at most, and characters of each text: a request of 1 MB must not get an answer of several. */
const faultsMax = 100
const textMax = 500

export function problemOf(error: BakewireError, requestId: string): Problem {
  const errors = error.errors
    .slice(0, faultsMax)
    .map(({ path, message }) => ({ path: shortened(path), message: shortened(message) }))
  return {
    type: `urn:bakewire:problem:${error.code}`,
    title: error.title,
    status: error.status,
    code: error.code,
    // What went wrong inside is for the log; the request id leads there.
    detail: error.code === 'INTERNAL' ? 'The request could not be handled; the log says why' : shortened(error.message),
    remedy: error.remedy,
    ...(errors.length > 0 ? { errors } : {}),
    request_id: requestId,
  }
}

/** When to ask again where the error itself does not say, in ms: about as long as what it tells of mostly lasts. */
const usualRetryMs: { readonly [code in ErrorCode]?: number } = {
  OVERLOADED: 1_000,
  IN_PROGRESS: 1_000,
  LINK_LOST: limits.retryDelayMsMin,
  UNAVAILABLE: 5_000,
  UNREACHABLE: limits.retryDelayMsMax,
  ADDRESS_UNRESOLVED: limits.retryDelayMsMax,
}
const defaultRetryMs = 5_000

/** `Retry-After` of an answer: every 429 and 503 has one (RFC 9110, section 10.2.3). */
export function retryAfterSeconds({ code, status, retryAfterMs }: BakewireError): number | undefined {
  const fallbackMs = status === 429 || status === 503 ? defaultRetryMs : undefined
  const waitMs = retryAfterMs ?? usualRetryMs[code] ?? fallbackMs
  return waitMs === undefined ? undefined : Math.max(1, Math.ceil(waitMs / 1_000))
}

function shortened(text: string): string {
  return text.length <= textMax ? text : `${text.slice(0, textMax).toWellFormed()}…`
}
