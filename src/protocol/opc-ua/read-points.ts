import type { Sample } from '#connector'
import type { AddressedPoint, FoundNode, NodeDirectory } from './node-directory.ts'
import type { OpcUaServices } from './opc-ua-services.ts'
import type { Limits } from './open-channel.ts'
import { faulty, type GivenValue, type OpcUaPoint, sampleOf } from './sample-of.ts'
import { isGone } from './status-fault.ts'

/** A point and its node in this session. */
export interface PlacedPoint<Point extends OpcUaPoint = OpcUaPoint> {
  readonly point: Point
  readonly node: FoundNode
}

/** Reads all points in one request, as far as the server's limits let it. A point that is not there is a fault of its own. */
export async function readPoints(
  { services, directory }: { services: OpcUaServices; directory: NodeDirectory },
  points: readonly AddressedPoint[],
  limits: Limits,
): Promise<Sample[]> {
  limits.signal.throwIfAborted()
  const nodes = await directory.find(points, limits)
  const faults: Sample[] = []
  const placed: PlacedPoint<AddressedPoint>[] = []
  for (const point of points) {
    const node = nodes.get(point)
    if (node && 'nodeId' in node) placed.push({ point, node })
    else if (node) faults.push(faulty(point.metric, node))
  }
  const samples = await readPlaced(services, placed, { ...limits, gone: (point) => directory.forget(point) })
  return [...faults, ...samples]
}

/** Reads points whose nodes are known; `gone` hears of those that the server does not know any more. */
async function readPlaced<Point extends OpcUaPoint>(
  services: OpcUaServices,
  placed: readonly PlacedPoint<Point>[],
  { gone, ...limits }: Limits & { readonly gone: (point: Point) => void },
): Promise<Sample[]> {
  const wanted = placed.map(({ point, node }) => ({ nodeId: node.nodeId, index: point.address.index }))
  const values = await services.read(wanted, limits)
  return placed.map(({ point, node }, index) => {
    const given = values[index] as GivenValue
    if (isGone(given.statusCode.name)) gone(point)
    return sampleOf(point, given, node.facts)
  })
}
