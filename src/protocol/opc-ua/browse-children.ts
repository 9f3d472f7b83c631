import { BakewireError } from '#core'
import { answersFor, inParts } from './in-parts.ts'
import type { Library } from './library.ts'
import type { NodeId } from './opc-ua-services.ts'
import type { Channel, Limits } from './open-channel.ts'
import { isGone, isRefusal, statusFault } from './status-fault.ts'

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

/**
 * The children of a node, `atMost` of them; none of a node that is not there. Throws POINT_REFUSED where the server does not
 * tell them to this user, DEVICE_BUSY and others where it cannot now.
 */
export type Browse = (node: NodeId, limits: Limits, atMost?: number) => Promise<readonly Child[]>
/** Whether there is something below each node; true, too, where the server cannot tell it now. */
export type HaveChildren = (nodes: readonly NodeId[], limits: Limits) => Promise<boolean[]>

const doing = 'browsing'
/** Below one node: a device has some dozens, a device set of a cloud ten. */
const childrenMax = 500
/** A page: servers need not keep much for those behind it. */
const pageSize = 100
/** Servers that count before they filter tell some pages with nothing on them; more of those one after the other never end. */
const barePagesMax = 100
const releasingMs = 500
const forward = 0
/** Organizes, HasComponent, HasProperty and what is made of them. */
const hierarchicalReferences = 33
/** Objects and variables. */
const classMask = 3
const variableClass = 2
const hasProperty = 46
/** OPC 10000-4, 7.9: a server has places for some continuation points only, of all requests of a session. */
const noPlace = 'BadNoContinuationPoints'
/** Where a server had no place for any of several nodes, it is asked for fewer at once. */
const stuckParts = 8
const withoutPlace: ReadonlySet<string> = new Set([noPlace, 'BadContinuationPointInvalid'])
/** ReferenceType, NodeClass and BrowseName. */
const resultMask = 13

interface Page {
  readonly statusCode: { readonly name: string; readonly value: number }
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

  const next = async (points: readonly Buffer[], limits: Limits): Promise<Page[]> => {
    const request = new library.BrowseNextRequest({
      requestHeader: requestHeader(),
      continuationPoints: [...points],
    })
    return answersFor(points, (await channel.request<Pages>(doing, request, limits)).results, doing)
  }

  /** Gives places back, also when time is over. A server that does not hear it has them until the session ends. */
  const release = async (points: readonly Buffer[]): Promise<void> => {
    const request = new library.BrowseNextRequest({
      requestHeader: requestHeader(),
      releaseContinuationPoints: true,
      continuationPoints: [...points],
    })
    const limits = { signal: new AbortController().signal, timeoutMs: releasingMs }
    await channel.request(doing, request, limits).catch(() => undefined)
  }

  /** Page by page, or all at once for `size` 0; the status where the server does not tell all. */
  const walk = async (node: NodeId, size: number, atMost: number, limits: Limits): Promise<Child[] | string> => {
    let children: Child[] = []
    let bare = 0
    let [page] = await first([node], size, limits)
    let point = page && pointOf(page)
    try {
      while (page && !isBad(page)) {
        const found = childrenIn(library, page, atMost - children.length)
        children = children.concat(found)
        if (!point || children.length >= atMost) return children
        bare = found.length > 0 ? 0 : bare + 1
        if (bare > barePagesMax) throw endless()
        ;[page] = await next([point], limits)
        if (page && !isBad(page)) point = pointOf(page)
      }
      return page?.statusCode.name ?? ''
    } finally {
      if (point) await release([point])
    }
  }

  /** Those that found no place are asked for again: by then the others have given theirs back. */
  const haveSome = async (nodes: readonly NodeId[], size: number, limits: Limits): Promise<boolean[]> => {
    const pages = await first(nodes, size, limits)
    const points = pages.flatMap((page) => pointOf(page) ?? [])
    if (points.length > 0) await release(points)
    const answers = pages.map(hasSome)
    const late = [...pages.keys()].filter((index) => pages[index]?.statusCode.name === noPlace)
    if (late.length === 0 || size === 0) return answers
    const isStuck = late.length === nodes.length
    const again = await inParts(
      late.flatMap((index) => nodes[index] ?? []),
      isStuck ? Math.ceil(late.length / stuckParts) : late.length,
      // What is told at once needs no place.
      (part) => haveSome(part, isStuck && nodes.length === 1 ? 0 : size, limits),
    )
    for (const [position, index] of late.entries()) answers[index] = again[position] ?? true
    return answers
  }

  return {
    async browse(node, limits, atMost = childrenMax) {
      const paged = await walk(node, pageSize, atMost, limits)
      const told = typeof paged === 'string' && withoutPlace.has(paged) ? await walk(node, 0, atMost, limits) : paged
      if (typeof told !== 'string') return told.slice(0, atMost)
      if (isGone(told)) return []
      if (!isRefusal(told)) throw statusFault(doing, told)
      throw new BakewireError('POINT_REFUSED', `${doing}: the server refuses to tell what is below a node (${told})`)
    },
    haveChildren: (nodes, limits) => inParts(nodes, perRequest.browse, (part) => haveSome(part, 1, limits)),
  }
}

function endless(): BakewireError {
  return new BakewireError('PROTOCOL_VIOLATED', `${doing}: the server tells page after page with nothing on it`)
}

function isBad({ statusCode }: Page): boolean {
  return statusCode.value >>> 30 >= 2
}

function hasSome(page: Page): boolean {
  const { name } = page.statusCode
  return isBad(page) ? !isGone(name) && !isRefusal(name) : (page.references?.length ?? 0) > 0
}

function pointOf({ continuationPoint }: Page): Buffer | undefined {
  return continuationPoint && continuationPoint.length > 0 ? continuationPoint : undefined
}

/** The first of them: a server may tell any number, whatever it was asked for. */
function childrenIn({ NodeId }: Library, { references }: Page, atMost: number): Child[] {
  const children: Child[] = []
  for (const { nodeId, browseName, nodeClass, referenceTypeId } of references ?? []) {
    if (children.length >= atMost) break
    const isHere = (nodeId.serverIndex ?? 0) === 0 && !nodeId.namespaceUri
    if (!isHere || browseName.name === null) continue
    children.push({
      nodeId: new NodeId(nodeId.identifierType, nodeId.value as never, nodeId.namespace),
      name: browseName.name,
      namespaceIndex: browseName.namespaceIndex,
      isVariable: nodeClass === variableClass,
      isProperty: referenceTypeId.namespace === 0 && referenceTypeId.value === hasProperty,
    })
  }
  return children
}
