import type { Kept, Sample } from '#connector'
import { BakewireError } from '#core'
import type { AddressedPoint, NodeDirectory } from './node-directory.ts'
import type { OpcUaServices } from './opc-ua-services.ts'
import type { Limits } from './open-channel.ts'
import { sampleOf } from './sample-of.ts'

export interface Span {
  /** Ms since 1970; `from` is included, `to` is not. */
  readonly from: number
  readonly to: number
  /** Moments at most. */
  readonly limit: number
}

/**
 * What the server has kept of points, the oldest moments first. Points that it keeps no history of are left out. Throws
 * POINT_REFUSED where that is all of them, NOT_SUPPORTED where the server tells no history at all.
 */
export async function readHistory(
  { services, directory }: { services: OpcUaServices; directory: NodeDirectory },
  points: readonly AddressedPoint[],
  { from, to, limit, ...limits }: Span & Limits,
): Promise<Kept[]> {
  limits.signal.throwIfAborted()
  const nodes = await directory.find(points, limits)
  const placed = points.flatMap((point) => {
    const node = nodes.get(point)
    return node && 'nodeId' in node ? [{ point, node }] : []
  })
  const wanted = placed.map(({ point, node }) => ({ nodeId: node.nodeId, index: point.address.index }))
  const histories = await services.history(wanted, { from, to, limit }, limits)
  if (!histories.some((history) => 'values' in history)) {
    const [first] = histories.flatMap((history) => ('status' in history ? history.status : []))
    throw new BakewireError('POINT_REFUSED', `the server keeps no history of these points${first ? ` (${first})` : ''}`)
  }
  // Each node gave its oldest values, so the oldest moments of all of them are complete: up to where one was cut.
  const cut = histories.flatMap((history) =>
    'values' in history && history.isCut ? (history.values.at(-1)?.sourceTimestamp?.getTime() ?? from - 1) + 1 : [],
  )
  const until = Math.min(to, ...cut)
  const moments = new Map<number, Map<string, Sample>>()
  for (const [index, { point, node }] of placed.entries()) {
    const history = histories[index]
    for (const given of history && 'values' in history ? history.values : []) {
      const time = given.sourceTimestamp?.getTime() ?? Number.NaN
      // Bounding values lie outside.
      if (!(time >= from && time < until)) continue
      const samples = moments.get(time) ?? new Map<string, Sample>()
      moments.set(time, samples)
      samples.set(point.metric, sampleOf(point, given, node.facts))
    }
  }
  return [...moments]
    .toSorted(([left], [right]) => left - right)
    .slice(0, limit)
    .map(([time, samples]) => ({ time, samples: [...samples.values()] }))
}
