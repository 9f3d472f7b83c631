import { expect } from 'vitest'
import { z } from 'zod'
import { type ErrorCode, errorTable } from '#core'
import type { Answer } from './http-rig.ts'

const problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().min(1),
  remedy: z.string(),
  errors: z
    .array(z.strictObject({ path: z.string(), message: z.string().min(1) }))
    .min(1)
    .optional(),
  request_id: z.uuid(),
})

/** Checks a problem document in full: the code asked for and all that follows from it. Gives the paths of its faults. */
export function expectProblem(answer: Answer, ...codes: ErrorCode[]): string[] {
  const text = answer.text.slice(0, 500)
  expect(answer.headers['content-type'], text).toMatch(/^application\/problem\+json/)
  const found = problem.parse(answer.body)
  expect(codes, text).toContain(found.code)
  const { status, title, remedy } = errorTable[found.code as ErrorCode]
  expect(found).toMatchObject({ type: `urn:bakewire:problem:${found.code}`, status, title, remedy })
  expect(answer.status).toBe(status)
  if (answer.headers['x-request-id'] !== undefined) expect(found.request_id).toBe(answer.headers['x-request-id'])
  expect(answer.text).not.toMatch(/node_modules|\bat .*\.ts:|ZodError|PostgresError/)
  // A schema library's own words are for developers.
  expect(answer.text).not.toMatch(/Invalid (input|option|discriminator|UUID|ISO)|Too (small|big)/)
  return (found.errors ?? []).map((fault) => fault.path)
}
