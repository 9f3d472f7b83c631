import { BakewireError } from '#core'
import { type Browse, createBrowse, type HaveChildren } from './browse-children.ts'
import { createHistory, type ReadHistory } from './history.ts'
import { answersFor, inParts } from './in-parts.ts'
import type { Library } from './library.ts'
import type { BrowseName, NodeAddress } from './node-address.ts'
import type { Channel, Limits } from './open-channel.ts'
import type { Publisher } from './publisher.ts'
import type { GivenValue } from './sample-of.ts'
import { createSubscribe, type Subscribe } from './subscription.ts'

export type NodeId = InstanceType<Library['NodeId']>

export interface Wanted {
  readonly nodeId: NodeId
  /** Default: the value. */
  readonly attribute?: 'value' | 'dataType' | 'nodeClass'
  /** Element of an array. */
  readonly index?: number | undefined
}

export interface Path {
  readonly start: NodeId
  readonly steps: readonly { readonly namespaceIndex: number; readonly name: string }[]
}

export interface OpcUaServices {
  /** URIs by the index that they have in this session; `again` asks the server for those that came since. */
  namespaces(again?: Limits): Promise<readonly string[]>
  /** What the address means in this session; undefined while the server has no such namespace. */
  nodeId(address: NodeAddress): NodeId | undefined
  /** The steps of a path in this session; undefined while the server has not all their namespaces. */
  steps(names: readonly BrowseName[], start: NodeId): Path['steps'] | undefined
  /** One DataValue for each, in order, in as few requests as the server allows. */
  read(wanted: readonly Wanted[], limits: Limits): Promise<GivenValue[]>
  /** The node at the end of each path, in order; undefined where there is none. */
  translate(paths: readonly Path[], limits: Limits): Promise<(NodeId | undefined)[]>
  /** What is below a node, one step down. */
  readonly browse: Browse
  readonly haveChildren: HaveChildren
  /** Writes a value, without status and time; gives the status of the answer. */
  write(
    written: { readonly nodeId: NodeId; readonly index: number | undefined; readonly variant: object },
    limits: Limits,
  ): Promise<string>
  /** What the server has kept of nodes. */
  readonly history: ReadHistory
  /** Has the server tell changes. */
  readonly subscribe: Subscribe
  /** Hears from the server, or throws. */
  ping(timeoutMs: number): Promise<void>
}

/** In one request: more than a machine has, and little enough for a message. */
const operationsMax = 500
/** More are no namespaces. */
const namespacesMax = 10_000

/** Nodes of every server (OPC 10000-6, NodeIds.csv). */
const known = {
  namespaceArray: 2255,
  serverState: 2259,
  maxNodesPerRead: 11_705,
  maxNodesPerBrowse: 11_710,
  maxNodesPerTranslate: 11_712,
  maxItemsPerCall: 11_714,
  maxNodesPerHistoryRead: 12_165,
} as const
const attributes = { nodeClass: 2, value: 13, dataType: 14 } as const
const hierarchicalReferences = 33
/** RemainingPathIndex of a path that was followed to its end. */
const wholePath = 0xffff_ffff
const sourceTimestamps = 0

interface Translated {
  readonly results:
    | readonly {
        readonly statusCode: { readonly value: number }
        readonly targets:
          | readonly {
              readonly targetId: NodeId & { readonly serverIndex?: number }
              readonly remainingPathIndex: number
            }[]
          | null
      }[]
    | null
}

interface ServiceParts {
  readonly library: Library
  readonly channel: Channel
  /** Of the session. */
  readonly token: unknown
  readonly publisher: Publisher
  readonly limits: Limits
}

/** The services that reading needs, within the limits that the server names. */
export async function createOpcUaServices(parts: ServiceParts): Promise<OpcUaServices> {
  const { library, channel, token, publisher, limits } = parts
  const { NodeId, NodeIdType } = library
  const requestHeader = () => ({ authenticationToken: token as never })
  const standard = (number: number) => new NodeId(NodeIdType.NUMERIC, number, 0)
  const perRequest = {
    read: operationsMax,
    translate: operationsMax,
    monitor: operationsMax,
    history: operationsMax,
    browse: operationsMax,
  }
  let uris: readonly string[] = []

  const readSome = async (wanted: readonly Wanted[], within: Limits): Promise<GivenValue[]> => {
    const request = new library.ReadRequest({
      requestHeader: requestHeader(),
      maxAge: 0,
      timestampsToReturn: sourceTimestamps,
      nodesToRead: wanted.map(({ nodeId, attribute = 'value', index }) => ({
        nodeId,
        attributeId: attributes[attribute],
        ...(index === undefined ? {} : { indexRange: new library.NumericRange(index) }),
      })),
    })
    const { results } = await channel.request<{ results: GivenValue[] | null }>('reading', request, within)
    return answersFor(wanted, results, 'reading')
  }

  const translateSome = async (paths: readonly Path[], within: Limits): Promise<(NodeId | undefined)[]> => {
    const request = new library.TranslateBrowsePathsToNodeIdsRequest({
      requestHeader: requestHeader(),
      browsePaths: paths.map(({ start, steps }) => ({
        startingNode: start,
        relativePath: {
          elements: steps.map((targetName) => ({
            referenceTypeId: standard(hierarchicalReferences),
            isInverse: false,
            includeSubtypes: true,
            targetName,
          })),
        },
      })),
    })
    const { results } = await channel.request<Translated>('looking up browse paths', request, within)
    return answersFor(paths, results, 'looking up browse paths').map(({ targets }) => {
      const target = targets?.find(({ remainingPathIndex }) => remainingPathIndex === wholePath)?.targetId
      return target && (target.serverIndex ?? 0) === 0
        ? new NodeId(target.identifierType, target.value as never, target.namespace)
        : undefined
    })
  }

  const indexOf = (uri: string | undefined): number | undefined => {
    if (uri === undefined) return 0
    const index = uris.indexOf(uri)
    return index < 0 ? undefined : index
  }

  const services: OpcUaServices = {
    async namespaces(again) {
      if (again) uris = urisIn(await readSome([{ nodeId: standard(known.namespaceArray) }], again))
      return uris
    },
    nodeId({ namespace, kind, identifier }) {
      const index = indexOf(namespace)
      if (index === undefined) return undefined
      if (kind === 'i') return new NodeId(NodeIdType.NUMERIC, Number(identifier), index)
      if (kind === 's') return new NodeId(NodeIdType.STRING, identifier, index)
      if (kind === 'g') return new NodeId(NodeIdType.GUID, identifier, index)
      return new NodeId(NodeIdType.BYTESTRING, Buffer.from(identifier, 'base64'), index)
    },
    steps(names, start) {
      let namespaceIndex: number | undefined = start.namespace
      const steps: { namespaceIndex: number; name: string }[] = []
      for (const { namespace, name } of names) {
        if (namespace !== undefined) namespaceIndex = indexOf(namespace)
        if (namespaceIndex === undefined) return undefined
        steps.push({ namespaceIndex, name })
      }
      return steps
    },
    read: (wanted, within) => inParts(wanted, perRequest.read, (part) => readSome(part, within)),
    translate: (paths, within) => inParts(paths, perRequest.translate, (part) => translateSome(part, within)),
    ...createBrowse({ library, channel, token, perRequest }),
    subscribe: createSubscribe({ library, channel, token, publisher, perRequest }),
    async write({ nodeId, index, variant }, within) {
      const request = new library.WriteRequest({
        requestHeader: requestHeader(),
        nodesToWrite: [
          {
            nodeId,
            attributeId: attributes.value,
            ...(index === undefined ? {} : { indexRange: new library.NumericRange(index) }),
            value: { value: variant },
          },
        ],
      })
      const answer = await channel.request<{ results: { readonly name: string }[] | null }>('writing', request, within)
      return answersFor([nodeId], answer.results, 'writing')[0]?.name ?? ''
    },
    history: createHistory({ library, channel, token, perRequest }),
    async ping(timeoutMs) {
      await readSome([{ nodeId: standard(known.serverState) }], { timeoutMs, signal: new AbortController().signal })
    },
  }
  const told = (numbers: readonly number[]) =>
    services.read(
      numbers.map((number) => ({ nodeId: standard(number) })),
      limits,
    )
  // Alone, because it says how many may be read at once.
  const [read] = await told([known.maxNodesPerRead])
  perRequest.read = operationsOf(read?.value?.value)
  const [namespaceArray, ...maxima] = await told([
    known.namespaceArray,
    known.maxNodesPerTranslate,
    known.maxItemsPerCall,
    known.maxNodesPerHistoryRead,
    known.maxNodesPerBrowse,
  ])
  uris = urisIn(namespaceArray ? [namespaceArray] : [])
  const [translate, monitor, history, browse] = maxima.map(({ value }) => operationsOf(value?.value))
  Object.assign(perRequest, { translate, monitor, history, browse })
  return services
}

/** 0, or nothing: the server names no limit. */
function operationsOf(limit: unknown): number {
  return typeof limit === 'number' && limit > 0 ? Math.min(limit, operationsMax) : operationsMax
}

function urisIn([given]: readonly GivenValue[]): readonly string[] {
  const uris = given?.value?.value
  if (!Array.isArray(uris) || uris.length > namespacesMax) {
    throw new BakewireError('PROTOCOL_VIOLATED', 'the server does not tell its namespaces')
  }
  return uris.map(String)
}
