import { answersFor, inParts } from './in-parts.ts'
import type { Library } from './library.ts'
import type { NodeId } from './opc-ua-services.ts'
import type { Channel, Limits } from './open-channel.ts'
import type { GivenValue } from './sample-of.ts'
import { statusFault } from './status-fault.ts'

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
export type NodeHistory =
  /** `isCut`: there is more, though these are fewer than were asked for. */
  { readonly values: readonly GivenValue[]; readonly isCut: boolean } | { readonly status: string }

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
/** Pages of one node; servers whose pages are smaller are asked again for what is behind them. */
const pagesMax = 100
/** OPC 10000-4, 7.9: a server has places for some continuation points only; a node without one is to be asked for again. */
const noPlace = 'BadNoContinuationPoints'

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

  /** With the pages behind the first one, some of which may be empty (OPC 10000-11, 6.3). */
  const whole = async (wanted: WantedHistory, first: Result, span: Span, limits: Limits): Promise<NodeHistory> => {
    if (isBad(first)) return { status: first.statusCode.name }
    const values = [...valuesIn(first)]
    const turn = (continuationPoint: Buffer, release: boolean) =>
      ask([{ ...wanted, continuationPoint }], span, { ...limits, release })
    let point = pointOf(first)
    for (let page = 1; point && values.length < span.limit && page < pagesMax; page += 1) {
      const [next] = await turn(point, false)
      // Without it these values would look like all that there are.
      if (!next || isBad(next)) throw statusFault('reading history', next?.statusCode.name ?? '')
      values.push(...valuesIn(next))
      point = pointOf(next)
    }
    if (point) await turn(point, true)
    return { values: values.slice(0, span.limit), isCut: point !== undefined && values.length < span.limit }
  }

  return async (wanted, span, limits) => {
    const begin = (part: readonly WantedHistory[]) => ask(part, span, { ...limits, release: false })
    const firsts = await inParts(wanted, perRequest.history, begin)
    const histories: NodeHistory[] = []
    const late: number[] = []
    for (const [index, node] of wanted.entries()) {
      const first = firsts[index]
      if (first?.statusCode.name === noPlace) late.push(index)
      else if (first) histories[index] = await whole(node, first, span, limits)
    }
    // By now the others have given back their places.
    for (const index of late) {
      const node = wanted[index]
      const [first] = node ? await begin([node]) : []
      if (node && first) histories[index] = await whole(node, first, span, limits)
    }
    return histories
  }
}

function isBad({ statusCode }: Result): boolean {
  return statusCode.value >>> 30 >= 2
}

function pointOf({ continuationPoint }: Result): Buffer | undefined {
  return continuationPoint && continuationPoint.length > 0 ? continuationPoint : undefined
}
