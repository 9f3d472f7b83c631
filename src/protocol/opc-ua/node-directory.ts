import type { Fault } from '#core'
import { describeNodes } from './describe-nodes.ts'
import { parseBrowseName, parseNode } from './node-address.ts'
import type { NodeId, OpcUaServices } from './opc-ua-services.ts'
import type { Limits } from './open-channel.ts'
import type { NodeFacts, OpcUaPoint } from './sample-of.ts'

export interface AddressedPoint extends OpcUaPoint {
  readonly address: OpcUaPoint['address'] & {
    readonly node: string
    /** Browse names from the node on. */
    readonly path: readonly string[]
  }
}

export interface FoundNode {
  readonly nodeId: NodeId
  readonly facts: NodeFacts
}

/** Which nodes the points of a link are, in its session: looked up once, and again while they are not there. */
export interface NodeDirectory {
  find(points: readonly AddressedPoint[], limits: Limits): Promise<ReadonlyMap<AddressedPoint, FoundNode | Fault>>
  /** The server does not know the node any more. */
  forget(point: AddressedPoint): void
  /** Whether its node was found and is not forgotten. */
  knows(point: AddressedPoint): boolean
}

export function createNodeDirectory(services: OpcUaServices): NodeDirectory {
  const known = new WeakMap<AddressedPoint, FoundNode>()

  /** The node that a path starts from, and the steps of the path; a fault where a namespace is missing. */
  const startOf = ({ address }: AddressedPoint) => {
    const parsed = parseNode(address.node)
    const start = parsed && services.nodeId(parsed)
    const names = address.path.map(parseBrowseName).filter((name) => name !== undefined)
    const steps = start && services.steps(names, start)
    return start && steps ? { start, steps } : undefined
  }

  const look = async (points: readonly AddressedPoint[], limits: Limits) => {
    if (points.some((point) => startOf(point) === undefined)) await services.namespaces(limits)
    const found = new Map<AddressedPoint, NodeId | Fault>()
    const paths: { point: AddressedPoint; start: NodeId; steps: NonNullable<ReturnType<typeof startOf>>['steps'] }[] =
      []
    for (const point of points) {
      const place = startOf(point)
      if (place === undefined)
        found.set(point, refused('the server has no such namespace: compare it with the NamespaceArray'))
      else if (place.steps.length === 0) found.set(point, place.start)
      else paths.push({ point, ...place })
    }
    const ends = await services.translate(paths, limits)
    for (const [index, { point }] of paths.entries()) {
      found.set(point, ends[index] ?? refused('nothing is at the end of the browse path'))
    }
    return found
  }

  return {
    async find(points, limits) {
      const unknown = points.filter((point) => !known.has(point))
      const answers = new Map<AddressedPoint, FoundNode | Fault>()
      if (unknown.length > 0) {
        const found = await look(unknown, limits)
        const nodes = [...found].flatMap(([point, node]) => ('code' in node ? [] : { point, nodeId: node }))
        const facts = await describeNodes(services, nodes, limits)
        for (const { point, nodeId } of nodes) known.set(point, { nodeId, facts: facts.get(point) ?? {} })
        for (const [point, node] of found) if ('code' in node) answers.set(point, node)
      }
      for (const point of points) {
        const node = known.get(point)
        if (node) answers.set(point, node)
      }
      return answers
    },
    forget: (point) => void known.delete(point),
    knows: (point) => known.has(point),
  }
}

function refused(message: string): Fault {
  return { code: 'POINT_REFUSED', message }
}
