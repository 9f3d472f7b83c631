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
}

export type Browse = (node: NodeId, limits: Limits) => Promise<readonly Child[]>

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
/** NodeClass and BrowseName. */
const resultMask = 12

interface Page {
  readonly continuationPoint: Buffer | null
  readonly references:
    | readonly {
        readonly nodeId: NodeId & { readonly serverIndex?: number; readonly namespaceUri?: string | null }
        readonly browseName: { readonly name: string | null; readonly namespaceIndex: number }
        readonly nodeClass: number
      }[]
    | null
}

interface Pages {
  readonly results: readonly Page[] | null
}

/** Browses down one step (OPC 10000-4, 5.8.2), page by page where the server gives pages, up to a bound. */
export function createBrowse(library: Library, channel: Channel, token: unknown): Browse {
  const requestHeader = () => ({ authenticationToken: token as never })
  const doing = 'browsing'

  const next = async (point: Buffer, release: boolean, limits: Limits): Promise<Page | undefined> => {
    const request = new library.BrowseNextRequest({
      requestHeader: requestHeader(),
      releaseContinuationPoints: release,
      continuationPoints: [point],
    })
    return (await channel.request<Pages>(doing, request, limits)).results?.[0]
  }

  return async (node, limits) => {
    const request = new library.BrowseRequest({
      requestHeader: requestHeader(),
      requestedMaxReferencesPerNode: pageSize,
      nodesToBrowse: [
        {
          nodeId: node,
          browseDirection: forward,
          referenceTypeId: new library.NodeId(library.NodeIdType.NUMERIC, hierarchicalReferences, 0),
          includeSubtypes: true,
          nodeClassMask: classMask,
          resultMask,
        },
      ],
    })
    const children: Child[] = []
    let page = (await channel.request<Pages>(doing, request, limits)).results?.[0]
    while (page) {
      const before = children.length
      children.push(...childrenIn(library, page))
      const point: Buffer | null = page.continuationPoint
      if (point === null || point.length === 0) break
      // A page without anything on it could be followed by the same one for ever.
      const isEnough = children.length >= childrenMax || children.length === before
      page = await next(point, isEnough, limits)
      if (isEnough) break
    }
    return children.slice(0, childrenMax)
  }
}

function childrenIn({ NodeId }: Library, { references }: Page): Child[] {
  return (references ?? []).flatMap(({ nodeId, browseName, nodeClass }) => {
    const isHere = (nodeId.serverIndex ?? 0) === 0 && !nodeId.namespaceUri
    if (!isHere || browseName.name === null) return []
    return {
      nodeId: new NodeId(nodeId.identifierType, nodeId.value as never, nodeId.namespace),
      name: browseName.name,
      namespaceIndex: browseName.namespaceIndex,
      isVariable: nodeClass === variableClass,
    }
  })
}
