import type { z } from 'zod'

type Issue = z.core.$ZodRawIssue

/** How outside data is checked everywhere: what was given stands in each issue, and each is told in plain words. */
export const checking = { reportInput: true, error: sayIssue } as const

/** Says of an issue, to somebody who writes a configuration by hand, what must be there instead. Undefined: zod's own words. */
function sayIssue(issue: Issue): string | undefined {
  if (issue.code === 'invalid_type') return issue.input === undefined ? 'is missing' : wrongType(issue)
  if (issue.code === 'invalid_value') return oneOf(issue.values, issue.input)
  if (issue.code === 'invalid_union') return unknownKind(issue)
  if (issue.code === 'invalid_format') return formats[issue.format]
  if (issue.code === 'too_small')
    return bound(issue.minimum, issue, issue.inclusive === false ? 'more than' : 'at least')
  if (issue.code === 'too_big') return bound(issue.maximum, issue, issue.inclusive === false ? 'less than' : 'at most')
  return undefined
}

/** Whether a choice between several forms is at fault because the field that chooses is no text at all. */
export function lacksDiscriminator({ discriminator, input }: { discriminator?: unknown; input?: unknown }): boolean {
  return typeof discriminator === 'string' && typeof fieldOf(input, discriminator) !== 'string'
}

const types: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a JSON object',
  record: 'a JSON object',
}

const formats: Readonly<Record<string, string>> = {
  uuid: 'must be an id (a UUID)',
  date: 'must be a date that exists, such as 2026-11-20',
}

const counted: Readonly<Record<string, readonly [one: string, more: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
}

function wrongType({ expected, input }: { expected: string; input?: unknown }): string | undefined {
  const wanted = types[expected]
  if (wanted === undefined) return undefined
  if (input === null) return `must be ${wanted}, not null`
  return typeof input === 'string' ? `must be ${wanted}, not text` : `must be ${wanted}`
}

function oneOf(values: readonly unknown[], input: unknown): string {
  const wanted = values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(', ')}`
  return input === undefined ? `is missing: ${wanted}` : wanted
}

function unknownKind({
  discriminator,
  options,
  input,
}: {
  discriminator?: unknown
  options?: unknown
  input?: unknown
}): string | undefined {
  if (typeof discriminator !== 'string' || !Array.isArray(options)) return undefined
  return oneOf(options, fieldOf(input, discriminator))
}

function bound(limit: number | bigint, { origin }: { origin: string }, words: string): string | undefined {
  const units = counted[origin]
  if (units === undefined) return origin === 'number' || origin === 'int' ? `must be ${words} ${limit}` : undefined
  if (words === 'at least' && Number(limit) === 1) return 'must not be empty'
  return `must have ${words} ${limit} ${units[Number(limit) === 1 ? 0 : 1]}`
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
