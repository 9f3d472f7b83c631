import type { Fault } from './reading.ts'

/** Faulty points that a message names; a wrong address often spoils dozens. */
const faultsTold = 5

/** The first fault's code, and what was wrong with each of the first few points. */
export function together([first, ...others]: readonly Fault[]): Fault | undefined {
  if (first === undefined || others.length === 0) return first
  const told = [first, ...others.slice(0, faultsTold - 1)].map(({ message }) => message)
  const untold = 1 + others.length - told.length
  return { code: first.code, message: told.join('; ') + (untold > 0 ? `; and ${untold} more` : '') }
}
