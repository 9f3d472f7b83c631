import type {
  Browsed,
  BrowseRequest,
  Connector,
  HistoryRequest,
  Kept,
  OpaqueLink,
  Point,
  Target,
  Write,
} from '#connector'
import { BakewireError, limits, type Sample, toBakewireError } from '#core'

/** Where to look on a machine, and how long and how much. */
export type BrowseQuestion = Pick<BrowseRequest<Target>, 'at' | 'cursor' | 'limit' | 'seconds'>

/** What can be asked of a machine beside its values, each in turn with the reads of its link. Ends with the signal. */
export interface Questions {
  /** Throws NOT_SUPPORTED, and what a read throws. */
  browse(target: Target, question: BrowseQuestion, signal: AbortSignal): Promise<Browsed>
  /**
   * Writes once, never again by itself. Throws what kept it from being sent at all; what fails afterwards is told in the
   * samples, because nobody knows what the machine has made of it.
   */
  write(target: Target, writes: readonly Write<Point>[], signal: AbortSignal): Promise<Sample[]>
  /** What the machine has kept by itself, oldest first. Throws as `browse` does. */
  history(target: Target, span: HistorySpan, signal: AbortSignal): Promise<Kept[]>
}

/** Moments from one time, included, to another, not included; the oldest of them where they are more than may be. */
export type HistorySpan = Pick<HistoryRequest<Target>, 'from' | 'to' | 'limit'>

/** Runs a method of the connector on the link, in its turn. */
export type Ask = <T>(question: {
  readonly target: Target
  readonly doing: string
  readonly signal: AbortSignal
  /** How long it may have the link, once it is its turn. */
  readonly turnMs?: number
  readonly method: (link: OpaqueLink, signal: AbortSignal) => Promise<T>
}) => Promise<T>

export function createQuestions(connector: Connector, ask: Ask): Questions {
  // Where one request at a time has the link, the polls of all its machines wait meanwhile.
  const turn = (turnMs: number) => (connector.readsAtOnce === 1 ? { turnMs } : {})

  return {
    async browse(target, question, signal) {
      const { browse } = connector
      if (!browse) throw new BakewireError('NOT_SUPPORTED', `${connector.title} cannot tell what there is on a machine`)
      return ask({
        target,
        doing: 'browsing',
        signal,
        ...turn(limits.browseTurnMs),
        method: (link, ended) => browse(link, { ...question, target, signal: ended }),
      })
    },

    async write(target, writes, signal) {
      const { write } = connector
      if (!write) throw new BakewireError('NOT_SUPPORTED', `${connector.title} cannot write`)
      let isSent = false
      const method = (link: OpaqueLink, ended: AbortSignal) => {
        isSent = true
        return write(link, { target, writes, signal: ended })
      }
      try {
        return await ask({ target, doing: 'writing', signal, method })
      } catch (thrown) {
        if (!isSent) throw thrown
        const { code, message } = toBakewireError(thrown, 'writing')
        const fault = { code, message: `${message}; whether it was written is not known` }
        return writes.map(({ point }) => ({ metric: point.metric, fault }))
      }
    },

    async history(target, span, signal) {
      const { history } = connector
      if (!history) throw new BakewireError('NOT_SUPPORTED', `${connector.title} cannot tell what a machine has kept`)
      return ask({
        target,
        doing: 'asking for what was kept',
        signal,
        ...turn(limits.backfillTurnMs),
        method: (link, ended) => history(link, { ...span, target, points: target.points, signal: ended }),
      })
    },
  }
}
