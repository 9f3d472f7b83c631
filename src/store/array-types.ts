/** PostgreSQL's numbers of the array types that our statements take and give: `text[]`, `float8[]`, `uuid[]`. */
const numbers = { texts: 1009, doubles: 1022, uuids: 2951 }

/**
 * Arrays for postgres.js (3.4.9). Left to itself it asks every new connection for the array types there are, and when that
 * connection is lost meanwhile, it rejects a promise that nobody can catch: a failover would end the process.
 */
export const arrayTypes = Object.fromEntries(
  Object.entries(numbers).map(([name, number]) => [
    name,
    { to: number, from: [number], serialize: arrayText, parse: name === 'doubles' ? parseNumbers : parseTexts },
  ]),
)

/** An array literal, https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO; one that was made already stays as it is. */
export function arrayText(elements: readonly unknown[] | string): string {
  if (typeof elements === 'string') return elements
  const texts = elements.map((one) => (one === null ? 'null' : `"${String(one).replace(/[\\"]/g, '\\$&')}"`))
  return `{${texts.join(',')}}`
}

/** Elements of an array literal of one dimension without nulls. */
export function parseTexts(literal: string): string[] {
  return Array.from(literal.matchAll(/"((?:[^"\\]|\\.)*)"|[^{},"]+/gs), ([plain, quoted]) =>
    quoted === undefined ? plain : quoted.replace(/\\(.)/gs, '$1'),
  )
}

function parseNumbers(literal: string): number[] {
  return parseTexts(literal).map(Number)
}
