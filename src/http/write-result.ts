import { z } from 'zod'
import { type ErrorCode, errorTable } from '#core'
import { idText } from './answer-fields.ts'

const codes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]
const writeValueSchema = z.union([z.number(), z.string(), z.boolean()])

/** What came of one value, from the worker to the answer. */
export const writeResultSchema = z
  .object({
    metric: z.string(),
    requested: writeValueSchema,
    value: writeValueSchema.nullable().meta({ description: 'What the machine has now; null where that is not known.' }),
    ok: z.boolean().meta({ description: 'Whether the machine has what was asked for.' }),
    error: z.object({ code: z.enum(codes), message: z.string() }).optional(),
  })
  .meta({ id: 'WriteResult', title: 'Write result', description: 'What came of one value that was to be written.' })

export type WriteResult = z.output<typeof writeResultSchema>

/** What came of all of them. */
export const writeAnswerSchema = z
  .object({
    success: z.boolean().meta({ description: 'Whether the machine has all that was asked for.' }),
    equipment_id: idText(),
    results: z.array(writeResultSchema),
  })
  .meta({
    id: 'Written',
    title: 'Written',
    description: 'What a machine has after it was written to.',
    examples: [
      {
        success: true,
        equipment_id: '6f1c1f2e-9d1f-4a53-9a6b-0a54f7f7a111',
        results: [{ metric: 'target_temperature', requested: 180, value: 180, ok: true }],
      },
    ],
  })
