import { answersFor, inParts } from './in-parts.ts'
import type { Library } from './library.ts'
import type { NodeId } from './opc-ua-services.ts'
import type { Channel, Limits } from './open-channel.ts'
import type { GivenValue } from './sample-of.ts'

export interface WantedHistory {
  readonly nodeId: NodeId
  /** Element of an array. */
  readonly index: number | undefined
}

interface Span {
  /** Ms since 1970. */
  readonly from: number
  readonly to: number
  /** Values of each node at most. */
  readonly limit: number
}

/** What was kept of a node, the oldest first, or the status that says why nothing was. */
export type NodeHistory = { readonly values: readonly GivenValue[] } | { readonly status: string }

/** One answer for each node, in order. */
export type ReadHistory = (wanted: readonly WantedHistory[], span: Span, limits: Limits) => Promise<NodeHistory[]>

interface HistoryParts {
  readonly library: Library
  readonly channel: Channel
  readonly token: unknown
  readonly perRequest: { readonly history: number }
}

interface Result {
  readonly statusCode: { readonly name: string; readonly value: number }
  readonly continuationPoint: Buffer | null
  readonly historyData: unknown
}

interface Asked extends WantedHistory {
  readonly continuationPoint?: Buffer
}

const sourceTimestamps = 0
/** Pages of one node; servers whose pages are smaller keep less than anybody asks for at once. */
const pagesMax = 100

/** Raw values as they were kept (OPC 10000-11, 6.5.3), page by page; what a server keeps for further pages is given up. */
export function createHistory({ library, channel, token, perRequest }: HistoryParts): ReadHistory {
  const ask = async (
    asked: readonly Asked[],
    { from, to, limit }: Span,
    { release, ...limits }: Limits & { readonly release: boolean },
  ): Promise<Result[]> => {
    const request = new library.HistoryReadRequest({
      requestHeader: { authenticationToken: token as never },
      historyReadDetails: new library.ReadRawModifiedDetails({
        isReadModified: false,
        startTime: new Date(from),
        endTime: new Date(to),
        numValuesPerNode: limit,
        returnBounds: false,
      }),
      timestampsToReturn: sourceTimestamps,
      releaseContinuationPoints: release,
      nodesToRead: asked.map(({ nodeId, index, continuationPoint }) => ({
        nodeId,
        ...(index === undefined ? {} : { indexRange: new library.NumericRange(index) }),
        ...(continuationPoint ? { continuationPoint } : {}),
      })),
    })
    const { results } = await channel.request<{ results: Result[] | null }>('reading history', request, limits)
    return answersFor(asked, results, 'reading history')
  }

  const valuesIn = ({ historyData }: Result): readonly GivenValue[] =>
    historyData instanceof library.HistoryData ? (historyData.dataValues ?? []) : []

  /** The pages behind the first one. */
  const rest = async (wanted: WantedHistory, first: Result, span: Span, limits: Limits): Promise<GivenValue[]> => {
    const values = [...valuesIn(first)]
    let point = first.continuationPoint
    for (let page = 1; point && point.length > 0; page += 1) {
      const before = values.length
      // A page without anything on it could be followed by the same one for ever.
      const isEnough = values.length >= span.limit || page >= pagesMax || valuesIn(first).length === 0
      const [next] = await ask([{ ...wanted, continuationPoint: point }], span, { ...limits, release: isEnough })
      if (isEnough || !next) break
      values.push(...valuesIn(next))
      point = next.continuationPoint
      if (values.length === before && point && point.length > 0) {
        await ask([{ ...wanted, continuationPoint: point }], span, { ...limits, release: true })
        break
      }
    }
    return values.slice(0, span.limit)
  }

  return async (wanted, span, limits) => {
    const firsts = await inParts(wanted, perRequest.history, (part) => ask(part, span, { ...limits, release: false }))
    const histories: NodeHistory[] = []
    for (const [index, first] of firsts.entries()) {
      const node = wanted[index]
      const isBad = first.statusCode.value >>> 30 >= 2
      if (isBad || !node) histories.push({ status: first.statusCode.name })
      else histories.push({ values: await rest(node, first, span, limits) })
    }
    return histories
  }
}
