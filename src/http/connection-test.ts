import { z } from 'zod'
import { adviceOn, commonStages, stages } from '#connector'
import {
  type BakewireError,
  type CanonicalMetric,
  canonicalMetricNames,
  type ErrorCode,
  errorTable,
  valueWordNames,
} from '#core'
import { asStored, readingRecord, readingSchema } from './reading-record.ts'

const codes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]
const metrics = canonicalMetricNames as [CanonicalMetric, ...CanonicalMetric[]]

/** A reading on its way from the worker that took it. */
export const takenReadingSchema = z.object({
  equipmentId: z.string(),
  readingTime: z.number(),
  sourceTime: z.number().nullable(),
  values: z.partialRecord(z.enum(metrics), z.union([z.number(), z.string()])),
  zones: z.record(z.string(), z.number()).nullable(),
  additional: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).nullable(),
  quality: z.record(z.string(), z.enum([...codes, 'MISSING', ...valueWordNames])).nullable(),
})

const stepSchema = z.object({
  step: z.enum(stages),
  ok: z.boolean(),
  ms: z.number(),
  skipped: z.literal(true).optional().meta({ description: 'Not tried, because an earlier step failed.' }),
  detail: z.string().optional(),
  advice: z
    .string()
    .optional()
    .meta({ description: 'What to do about what is wrong here, for somebody who is no engineer.' }),
})

const testFields = {
  success: z.boolean(),
  status: z.enum(['connected', 'degraded', 'disconnected', 'error']),
  response_time_ms: z.number(),
  supported_features: z.array(z.string()),
  steps: z.array(stepSchema).meta({ description: 'How far it got, stage by stage.' }),
  error_details: z.object({ code: z.enum(codes), message: z.string(), remedy: z.string() }).optional(),
}

/** The result of a test as the worker tells it. */
export const workerTestSchema = z.object({ ...testFields, reading: takenReadingSchema.optional() })

/** The result of a test as answers show it. */
export const connectionTestSchema = z.object({ ...testFields, reading: readingSchema.optional() }).meta({
  id: 'ConnectionTest',
  title: 'Connection test',
  description: 'One read over the link that polls use, and how far it got.',
  examples: [
    {
      success: false,
      status: 'disconnected',
      response_time_ms: 2003.1,
      supported_features: ['read'],
      steps: [
        { step: 'address', ok: true, ms: 0.2 },
        { step: 'reachable', ok: true, ms: 1.4 },
        { step: 'slot', ok: true, ms: 0 },
        {
          step: 'read',
          ok: false,
          ms: 2001.2,
          detail: 'reading holding 256 of unit 1: no answer within 2 s',
          advice: adviceOn('read', 'TIMED_OUT'),
        },
        { step: 'plausible', ok: false, ms: 0, skipped: true, detail: 'skipped' },
      ],
      error_details: {
        code: 'TIMED_OUT',
        message: 'reading holding 256 of unit 1: no answer within 2 s',
        remedy: 'retry',
      },
    },
  ],
})

export type ConnectionTest = z.output<typeof connectionTestSchema>

export function connectionTest({ reading, ...test }: z.output<typeof workerTestSchema>): ConnectionTest {
  return { ...test, ...(reading ? { reading: readingRecord(asStored(reading)) } : {}) }
}

/** A test that did not come to the machine at all. */
export function failedTest(
  { code, message, remedy }: Pick<BakewireError, 'code' | 'message' | 'remedy'>,
  { elapsedMs, features }: { elapsedMs: number; features: readonly string[] },
): ConnectionTest {
  return {
    success: false,
    status: remedy === 'retry' ? 'disconnected' : 'error',
    response_time_ms: Math.round(elapsedMs * 10) / 10,
    supported_features: [...features],
    steps: stepsAfter(message, adviceOn('address', code)),
    error_details: { code, message, remedy },
  }
}

/** As of a test that ended before its first stage. */
function stepsAfter(detail: string, advice: string): ConnectionTest['steps'] {
  return commonStages.map((step, index) =>
    index === 0
      ? { step, ok: false, ms: 0, detail, advice }
      : { step, ok: false, ms: 0, skipped: true as const, detail: 'skipped' },
  )
}
