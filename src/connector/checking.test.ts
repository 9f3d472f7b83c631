import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checking } from './checking.ts'
import { refused } from './parse.ts'

const kinds = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('threshold') }),
  z.strictObject({ kind: z.literal('state') }),
])

function refusal(schema: z.ZodType, data: unknown) {
  const { error } = schema.safeParse(data, checking)
  if (!error) throw new Error('nothing was refused')
  const { code, errors } = refused(error)
  return { code, errors }
}

describe('what is said of a fault', () => {
  const field = (schema: z.ZodType, value: unknown) => refusal(z.strictObject({ field: schema }), { field: value })

  it.each([
    ['a missing text', z.string(), undefined, 'is missing'],
    ['a number for a text', z.string(), 5, 'must be text'],
    ['a quoted number', z.number(), '5', 'must be a number, not text'],
    ['null for a number', z.number(), null, 'must be a number, not null'],
    ['a broken number', z.int(), 0.5, 'must be a whole number'],
    ['a word for a flag', z.boolean(), 'yes', 'must be true or false, not text'],
    ['an object for a list', z.array(z.string()), {}, 'must be a list'],
    ['a list for an object', z.record(z.string(), z.unknown()), [], 'must be a JSON object'],
    ['a missing choice', z.enum(['info', 'critical']), undefined, 'is missing: must be one of info, critical'],
  ])('%s is malformed', (_name, schema, value, message) => {
    expect(field(schema, value)).toEqual({ code: 'REQUEST_MALFORMED', errors: [{ path: 'field', message }] })
  })

  it.each([
    ['a number too small', z.int().min(1), 0, 'must be at least 1'],
    ['a number too big', z.number().max(60), 61, 'must be at most 60'],
    ['a number on an open bound', z.number().gt(0), 0, 'must be more than 0'],
    ['an empty text', z.string().min(1), '', 'must not be empty'],
    ['a text too short', z.string().min(8), 'abc', 'must have at least 8 characters'],
    ['a text too long', z.string().max(1), 'abc', 'must have at most 1 character'],
    ['an empty list', z.array(z.string()).min(1), [], 'must not be empty'],
    ['a list too long', z.array(z.string()).max(2), ['a', 'b', 'c'], 'must have at most 2 entries'],
    ['an unknown choice', z.enum(['info', 'critical']), 'fatal', 'must be one of info, critical'],
    ['another word than the only one', z.literal('webhook'), 'sms', 'must be webhook'],
    ['no id', z.uuid(), 'x', 'must be an id (a UUID)'],
    ['a day that is none', z.iso.date(), '2023-02-29', 'must be a date that exists, such as 2026-11-20'],
    ['what a schema has its own words for', z.string().regex(/^a/, 'must start with a'), 'b', 'must start with a'],
  ])('%s is refused', (_name, schema, value, message) => {
    expect(field(schema, value)).toEqual({ code: 'CONFIG_INVALID', errors: [{ path: 'field', message }] })
  })

  it.each([
    ['missing', {}, 'REQUEST_MALFORMED', 'is missing: must be one of threshold, state'],
    ['of another type', { kind: 5 }, 'REQUEST_MALFORMED', 'must be one of threshold, state'],
    ['unknown', { kind: 'nope' }, 'CONFIG_INVALID', 'must be one of threshold, state'],
  ])('a kind that is %s', (_name, data, code, message) => {
    expect(refusal(kinds, data)).toEqual({ code, errors: [{ path: 'kind', message }] })
  })
})
