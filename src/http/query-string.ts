import type { PathFault } from '#core'

/** What is wrong with the text of a query, kept beside its values because a router cannot refuse while it parses. */
const faultsOf = Symbol('faults')

export type Query = Record<string, string> & { [faultsOf]?: PathFault[] }

/**
 * Parses the part of an address after `?` (application/x-www-form-urlencoded). A parameter given twice or not in
 * percent-encoded UTF-8 is a fault, not a guess.
 */
export function parseQueryString(text: string): Query {
  const query: Query = Object.create(null)
  const faults: PathFault[] = []
  for (const part of text.split('&')) {
    if (part === '') continue
    const [rawName = '', ...rest] = part.split('=')
    const name = decode(rawName)
    const value = decode(rest.join('='))
    if (name === undefined || value === undefined) {
      faults.push({ path: name ?? '', message: 'is not percent-encoded UTF-8 without NUL' })
    } else if (Object.hasOwn(query, name)) {
      faults.push({ path: name, message: 'is given more than once' })
    } else {
      query[name] = value
    }
  }
  if (faults.length > 0) query[faultsOf] = faults
  return query
}

export function queryFaults(query: unknown): readonly PathFault[] {
  return isQuery(query) ? (query[faultsOf] ?? []) : []
}

function isQuery(query: unknown): query is Query {
  return typeof query === 'object' && query !== null && Object.getPrototypeOf(query) === null
}

function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '))
    return decoded.includes('\0') ? undefined : decoded
  } catch {
    return undefined
  }
}
