import { nothingThere } from './request-validator.ts'

/** What was found, or the one 404 that unknown, foreign and malformed ids share. */
export function knownOr404<T>(found: T | undefined): T {
  if (found === undefined) throw nothingThere()
  return found
}
