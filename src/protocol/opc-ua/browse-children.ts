import { answersFor, inParts } from './in-parts.ts'
import type { Library } from './library.ts'
import type { NodeId } from './opc-ua-services.ts'
import type { Channel, Limits } from './open-channel.ts'

/** A node below another one. */
export interface Child {
  readonly nodeId: NodeId
  readonly name: string
  /** Index of the namespace of the name, in this session. */
  readonly namespaceIndex: number
  readonly isVariable: boolean
  /** What only describes the node above it, and has nothing below. */
  readonly isProperty: boolean
}

/** The children of a node, `atMost` of them. */
export type Browse = (node: NodeId, limits: Limits, atMost?: number) => Promise<readonly Child[]>
/** Whether there is something below each node. */
export type HaveChildren = (nodes: readonly NodeId[], limits: Limits) => Promise<boolean[]>

/** Below one node: a device has some dozens, a device set of a cloud ten. */
const childrenMax = 500
/** A page: servers need not keep much for those behind it. */
const pageSize = 100
const forward = 0
/** Organizes, HasComponent, HasProperty and what is made of them. */
const hierarchicalReferences = 33
/** Objects and variables. */
const classMask = 3
const variableClass = 2
const hasProperty = 46
/** ReferenceType, NodeClass and BrowseName. */
const resultMask = 13

interface Page {
  readonly continuationPoint: Buffer | null
  readonly references:
    | readonly {
        readonly nodeId: NodeId & { readonly serverIndex?: number; readonly namespaceUri?: string | null }
        readonly browseName: { readonly name: string | null; readonly namespaceIndex: number }
        readonly nodeClass: number
        readonly referenceTypeId: NodeId
      }[]
    | null
}

interface Pages {
  readonly results: readonly Page[] | null
}

interface BrowseParts {
  readonly library: Library
  readonly channel: Channel
  readonly token: unknown
  readonly perRequest: { readonly browse: number }
}

/** Browses down one step (OPC 10000-4, 5.8.2), page by page where the server gives pages, up to a bound. */
export function createBrowse(parts: BrowseParts): { browse: Browse; haveChildren: HaveChildren } {
  const { library, channel, token, perRequest } = parts
  const requestHeader = () => ({ authenticationToken: token as never })
  const doing = 'browsing'

  const first = async (nodes: readonly NodeId[], pageSize: number, limits: Limits): Promise<Page[]> => {
    const request = new library.BrowseRequest({
      requestHeader: requestHeader(),
      requestedMaxReferencesPerNode: pageSize,
      nodesToBrowse: nodes.map((nodeId) => ({
        nodeId,
        browseDirection: forward,
        referenceTypeId: new library.NodeId(library.NodeIdType.NUMERIC, hierarchicalReferences, 0),
        includeSubtypes: true,
        nodeClassMask: classMask,
        resultMask,
      })),
    })
    return answersFor(nodes, (await channel.request<Pages>(doing, request, limits)).results, doing)
  }

  const next = async (points: readonly Buffer[], release: boolean, limits: Limits): Promise<Page | undefined> => {
    const request = new library.BrowseNextRequest({
      requestHeader: requestHeader(),
      releaseContinuationPoints: release,
      continuationPoints: [...points],
    })
    return (await channel.request<Pages>(doing, request, limits)).results?.[0]
  }

  return {
    async browse(node, limits, atMost = childrenMax) {
      const children: Child[] = []
      let [page] = await first([node], pageSize, limits)
      while (page) {
        const before = children.length
        children.push(...childrenIn(library, page))
        const point: Buffer | null = page.continuationPoint
        if (point === null || point.length === 0) break
        // A page without anything on it could be followed by the same one for ever.
        const isEnough = children.length >= atMost || children.length === before
        page = await next([point], isEnough, limits)
        if (isEnough) break
      }
      return children.slice(0, atMost)
    },
    haveChildren: (nodes, limits) =>
      inParts(nodes, perRequest.browse, async (part) => {
        const pages = await first(part, 1, limits)
        const points = pages.flatMap(({ continuationPoint }) => (continuationPoint?.length ? [continuationPoint] : []))
        if (points.length > 0) await next(points, true, limits)
        return pages.map(({ references }) => (references?.length ?? 0) > 0)
      }),
  }
}

function childrenIn({ NodeId }: Library, { references }: Page): Child[] {
  return (references ?? []).flatMap(({ nodeId, browseName, nodeClass, referenceTypeId }) => {
    const isHere = (nodeId.serverIndex ?? 0) === 0 && !nodeId.namespaceUri
    if (!isHere || browseName.name === null) return []
    return {
      nodeId: new NodeId(nodeId.identifierType, nodeId.value as never, nodeId.namespace),
      name: browseName.name,
      namespaceIndex: browseName.namespaceIndex,
      isVariable: nodeClass === variableClass,
      isProperty: referenceTypeId.namespace === 0 && referenceTypeId.value === hasProperty,
    }
  })
}
