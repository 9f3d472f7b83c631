import type { Browsed, Found } from '#connector'
import { BakewireError, limits } from '#core'

const nameLengthMax = 500
const valueLengthMax = 200
/** A proposed point as JSON: five times what a long path and its words take. */
const pointLengthMax = 10_000

/** What was found as it may leave the worker: names and values are the machine's, of any length and content. */
export function boundedFound({ found, cursor }: Browsed, limit: number): Browsed {
  if (cursor !== undefined && cursor.length > limits.browsePlaceLengthMax) {
    throw new BakewireError('INTERNAL', 'the connector names a place to go on that is longer than any may be')
  }
  return { found: found.slice(0, limit).map(bounded), ...(cursor === undefined ? {} : { cursor }) }
}

/** What is too long to be sent back is left out: the thing is shown, and cannot be looked into. */
function bounded({ name, kind, at, value, point }: Found): Found {
  return {
    name: textOf(name, nameLengthMax),
    kind: textOf(kind, nameLengthMax),
    ...(at === undefined || at.length > limits.browsePlaceLengthMax ? {} : { at }),
    ...(value === undefined ? {} : { value: textOf(value, valueLengthMax) }),
    ...(point === undefined || JSON.stringify(point).length > pointLengthMax ? {} : { point }),
  }
}

/** Cut where it is too long, also within a character of two halves. */
function textOf(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).toWellFormed()
}
