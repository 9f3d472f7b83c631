import { canonicalMetricNames, limits, placeOf } from '#core'

interface Described {
  readonly points: readonly { readonly metric: string; readonly address: { readonly pointer: string } }[]
  /** Metrics beyond the bound, which are not read. */
  readonly beyond: readonly string[]
}

/** Parts of a document that hold machine-specific values, named as the metrics that they become. */
const groups = ['temperature_zones', 'additional'] as const

/**
 * The points of a document that calls its values by the names of metrics: canonical ones at the top, objects of them below
 * `temperature_zones` and `additional`. Null is taken as "not on this machine", and a name that no metric can have is left.
 */
export function describedPoints(document: unknown): Described {
  const top = entriesOf(document)
  const columns = canonicalMetricNames.filter((name) => isThere(top[name]))
  const below = groups.flatMap((group) =>
    Object.entries(entriesOf(top[group]))
      .filter(([, value]) => (group === 'additional' ? isScalar(value) : isThere(value)))
      .map(([name]) => `${group}.${name}`)
      .filter((metric) => placeOf(metric) !== undefined),
  )
  const metrics = [...columns, ...below]
  const points = metrics.slice(0, limits.pointsPerEquipment)
  return { points: points.map(pointOf), beyond: metrics.slice(limits.pointsPerEquipment) }
}

/** The names that a metric can have need no escape in a pointer. */
function pointOf(metric: string): Described['points'][number] {
  return { metric, address: { pointer: `/${metric.replace('.', '/')}` } }
}

function entriesOf(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Readonly<Record<string, unknown>>) : {}
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null
}

function isScalar(value: unknown): boolean {
  return isThere(value) && typeof value !== 'object'
}
