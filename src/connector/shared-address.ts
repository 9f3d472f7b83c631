import type { Point } from './definition.ts'

type Address = Point['address']

/** Addresses that are in use, by metric and text. */
const known = new Map<string, Address>()
const knownMax = 10_000

/**
 * The same object for the same metric and address: most machines of a fleet are of few makes, and thousands with hundreds of points
 * each would otherwise hold each address anew. A connector can so keep what it makes of an address in a weak map.
 */
export function sharedAddress(metric: string, address: Address): Address {
  if (!isPlain(address)) return address
  const key = `${metric} ${JSON.stringify(address)}`
  const before = known.get(key)
  if (before) return before
  if (known.size >= knownMax) known.clear()
  known.set(key, address)
  return address
}

/** Whether two of the same text are the same: a connector's schema may make anything of what is configured. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value !== 'object' || value === null) return typeof value === 'string' || typeof value === 'boolean'
  if (Array.isArray(value)) return value.every(isPlain)
  const isRecord = Object.getPrototypeOf(value) === Object.prototype
  return isRecord && Object.values(value).every((one) => one === undefined || isPlain(one))
}
