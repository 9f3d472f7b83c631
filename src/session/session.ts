import { setTimeout as sleep } from 'node:timers/promises'
import type { Connector, Dial, LinkMemory, LinkTools, OpaqueLink, Point, Stage, Target, Trust } from '#connector'
import { BakewireError, type Clock, type ErrorCode, type Log, limits, type Sample, toBakewireError } from '#core'
import { createAccountOf } from './account-of.ts'
import { createGate } from './gate.ts'
import { createKeptWaits } from './kept-waits.ts'
import type { OpeningPace } from './opening-pace.ts'
import { createOpeningRests } from './opening-rests.ts'
import { lettingGoMs, untilGivenUp, withPatience } from './patience.ts'
import { type Ask, createQuestions, type Questions } from './questions.ts'

export interface SessionOptions {
  readonly connector: Connector
  readonly dial: Dial
  readonly clock: Clock
  readonly log: Log
  readonly memory: LinkMemory
  readonly trust: Trust
  /** Shared by all links of a fleet; without it a link is opened when it is wanted. */
  readonly pace?: OpeningPace
  /** Hears what came of every opening. */
  readonly onOpening?: ((result: 'opened' | 'failed') => void) | undefined
}

export interface ReadResult {
  readonly samples: Sample[]
  readonly responseTimeMs: number
}

/** Who hears what arrives between the reads of a machine, where its connector can subscribe. */
export interface Listener {
  readonly intervalMs: number
  heard(samples: Sample[]): void
  /** Aborts when nobody listens any more. */
  readonly signal: AbortSignal
}

/** When each stage of the last opening was reached, ms after its start; empty when the link was open already. */
export type OpeningTrace = ReadonlyMap<Stage, number>

/** One link, kept alive: opened when first read, opened again after a loss, at rest between failed openings. */
export interface Session extends Questions {
  /**
   * Reads the points of one machine, in turn with the others on the link, and has a listener told of it until the link
   * ends. Throws what the machine, the link or the last failed opening threw.
   */
  read(target: Target, points: readonly Point[], listener?: Listener): Promise<ReadResult>
  /** Forgets that opening failed: the next read dials at once. */
  retryNow(): void
  /**
   * The same, so that a read tries what this machine is configured with: a link that another one's credentials were logged
   * in with is opened anew. Whether the link was open already. Throws what opening throws.
   */
  tryAnew(target: Target): Promise<boolean>
  /** How long no read of this machine, or of some machine, will dial because opening has failed; 0 when the next one will. */
  restMs(target?: Target): number
  isOpen(): boolean
  /** Of the last opening. */
  trace(): OpeningTrace
  close(): Promise<void>
}

interface Use<T> {
  readonly target: Target
  /** For messages: `reading`. */
  readonly doing: string
  /** Of who waits for it: after it nothing is begun. */
  readonly signal?: AbortSignal
  readonly work: (link: OpenLink) => Promise<T>
}

interface OpenLink {
  readonly link: OpaqueLink
  readonly lifetime: AbortController
  /** What it was opened with. */
  readonly account: string
  /** Machines whose listeners are told what arrives. */
  readonly subscribed: WeakSet<Target>
}

/** A read may take this many time-outs in all before the framework gives up on the connector itself. */
const patienceFactor = 20

export function createSession(options: SessionOptions): Session {
  const { connector, dial, clock, log, memory, trust, pace, onOpening } = options
  const gate = createGate(connector.readsAtOnce, limits.linkQueueLength)
  const accountOf = createAccountOf(connector)
  const waits = createKeptWaits({ accountOf, memory, clock, log })
  const rests = createOpeningRests(clock, accountOf)
  let current: Promise<OpenLink> | undefined
  let open: OpenLink | undefined
  let opening: AbortController | undefined
  /** By machine, since the last answer of any. */
  const timeouts = new Map<string, number>()
  let lastFault: ErrorCode | undefined
  let closed = false
  let trace = new Map<Stage, number>()

  /** Ends a link, once; a later call for the same link does nothing. Resolves when its connector has let go. */
  const drop = async (dropped: OpenLink, reason: string): Promise<void> => {
    if (open !== dropped) return
    open = undefined
    current = undefined
    timeouts.clear()
    log.debug({ reason }, 'link dropped')
    dropped.lifetime.abort(new BakewireError('LINK_LOST', reason))
    await closeQuietly(dropped.link)
  }

  const closeQuietly = (link: OpaqueLink): Promise<void> =>
    Promise.resolve()
      .then(() => connector.close(link))
      .catch((error: unknown) => log.warn({ err: error }, 'closing a link failed'))

  const openLink = async (target: Target): Promise<OpenLink> => {
    const lifetime = new AbortController()
    opening = lifetime
    const giveUp = () => lifetime.abort(new BakewireError('TIMED_OUT', 'the connection was not set up in time'))
    let tooLong = setTimeout(giveUp, limits.openingTimeoutMs)
    let isOpening = true
    // The machine's own time begins when its address is dialled: before, the opening may have waited for a free dial.
    const dialled = () => {
      reached('address')
      // Once it is open a link may dial again, as one with several connections does.
      if (!isOpening) return
      clearTimeout(tooLong)
      tooLong = setTimeout(giveUp, limits.dialTimeoutMs + target.timeoutMs)
    }
    let startedAt = clock.monotonic()
    trace = new Map()
    const reached = (stage: Stage) => {
      if (!trace.has(stage)) trace.set(stage, clock.monotonic() - startedAt)
    }
    let made: OpenLink | undefined
    const tools: LinkTools = {
      dial: async (to) => {
        const socket = await dial({ ...to, checked: dialled })
        reached('reachable')
        return socket
      },
      signal: lifetime.signal,
      clock,
      log,
      memory,
      trust,
      lost: (error) => {
        if (made) void drop(made, error.message)
        else lifetime.abort(error)
      },
      reached,
    }
    const opened = (pace?.turn(lifetime.signal) ?? Promise.resolve()).then(() => {
      startedAt = clock.monotonic()
      return connector.open(target, tools)
    })
    const link = await untilGivenUp(opened, lifetime.signal, { late: closeQuietly }).finally(() => {
      isOpening = false
      clearTimeout(tooLong)
    })
    made = { link, lifetime, account: accountOf(target), subscribed: new WeakSet() }
    if (closed || lifetime.signal.aborted) {
      void closeQuietly(link)
      throw new BakewireError('LINK_LOST', 'the connection was closed while it was being set up')
    }
    open = made
    return made
  }

  const ensureOpen = (target: Target): Promise<OpenLink> => {
    if (closed) return Promise.reject(new BakewireError('LINK_LOST', 'the link is closed'))
    if (current) return current
    const failure = rests.failure(target)
    if (failure) return Promise.reject(failure)
    const made = openLink(target).then(
      (link) => {
        rests.opened(target)
        onOpening?.('opened')
        return link
      },
      (thrown: unknown) => {
        const error = toBakewireError(thrown, 'opening the link')
        rests.failed(target, error)
        current = undefined
        if (!closed) onOpening?.('failed')
        throw error
      },
    )
    current = made
    return made
  }

  const subscribeOnce = async ({ link, lifetime, subscribed }: OpenLink, target: Target, listener: Listener) => {
    if (!connector.subscribe) return
    const { intervalMs, signal } = listener
    const ended = AbortSignal.any([lifetime.signal, signal])
    const heard = (samples: Sample[]) => {
      if (!ended.aborted) listener.heard(samples)
    }
    await connector.subscribe(link, { target, points: target.points, intervalMs, heard, signal: ended })
    subscribed.add(target)
  }

  /** Does something on the link, opened where it is not. */
  const use = async <T>({ target, doing, signal, work }: Use<T>): Promise<T> => {
    refuseLate(signal)
    const link = open ?? (await ensureOpen(target))
    // Only now: that it can be reached may be known, and a test tells it.
    if (!waits.areNone()) await waits.refuseEarly(target)
    refuseLate(signal)
    try {
      const result = await work(link)
      // Clearing makes a new table, even of an empty one.
      if (timeouts.size > 0) timeouts.clear()
      lastFault = undefined
      return result
    } catch (thrown) {
      const error = isTimeUp(thrown) ? tookTooLong(doing) : toBakewireError(thrown, doing)
      const timedOut = error.code === 'TIMED_OUT' ? (timeouts.get(target.equipmentId) ?? 0) + 1 : 0
      if (timedOut > 0) timeouts.set(target.equipmentId, timedOut)
      else timeouts.clear()
      if (error.code === 'INTERNAL' && lastFault !== 'INTERNAL')
        log.error({ equipment_id: target.equipmentId, err: error }, 'the connector failed unexpectedly')
      lastFault = error.code
      await waits.keep(target, error)
      // After an error that is none of ours nothing is known of the link.
      if (error.code === 'LINK_LOST' || error.code === 'INTERNAL') void drop(link, error.message)
      else if (timedOut >= limits.timeoutsBeforeRedial) void drop(link, 'too many time-outs in a row')
      throw error
    }
  }

  const readOnce = (target: Target, points: readonly Point[], listener?: Listener): Promise<ReadResult> => {
    const { read } = connector
    if (!read) throw new BakewireError('CONFIG_INVALID', `${connector.title} cannot be read`)
    const work = (link: OpenLink): Promise<ReadResult> => {
      const startedAt = clock.monotonic()
      const reading = () => read(link.link, { target, points, signal: link.lifetime.signal })
      const subscribesFirst = listener && connector.subscribe && !link.subscribed.has(target)
      const samples = subscribesFirst ? subscribeOnce(link, target, listener).then(reading) : reading()
      const giveUp = () => void drop(link, 'a read never ended')
      return withPatience(samples, target.timeoutMs * patienceFactor, giveUp).then((samples) => ({
        samples,
        responseTimeMs: clock.monotonic() - startedAt,
      }))
    }
    return use({ target, doing: 'reading', work })
  }

  const ask: Ask = ({ target, doing, signal, turnMs, method }) => {
    const work = (link: OpenLink) => {
      const turn = turnMs === undefined ? [] : [AbortSignal.timeout(turnMs)]
      const ended = AbortSignal.any([link.lifetime.signal, signal, ...turn])
      const givenUp = () => void drop(link, `${doing} never ended`)
      return untilGivenUp(method(link.link, ended), ended, { givenUp })
    }
    return gate.run(() => use({ target, doing, signal, work }))
  }

  return {
    ...createQuestions(connector, ask),
    read: (target, points, listener) => gate.run(() => readOnce(target, points, listener)),
    retryNow: rests.forget,
    async tryAnew(target) {
      rests.forget()
      if (!open) return false
      if (!connector.logsInAtOpening || open.account === accountOf(target)) return true
      await drop(open, 'opened anew with other credentials')
      await ensureOpen(target)
      return false
    },
    restMs: rests.leftMs,
    isOpen: () => open !== undefined,
    trace: () => trace,
    async close() {
      closed = true
      const pending = current
      // What a link still has to remember is handed over then; one that does not let go holds up nothing.
      if (open) await Promise.race([drop(open, 'closed'), sleep(lettingGoMs, undefined, { ref: false })])
      // An opening that does not heed this finds `closed` and closes what it made.
      else opening?.abort(new BakewireError('LINK_LOST', 'the connection was closed while it was being set up'))
      await pending?.catch(() => undefined)
    },
  }
}

function refuseLate(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new BakewireError('OVERLOADED', 'the link was busy for too long; nothing was done')
}

/** What `AbortSignal.timeout` gives as its reason. */
function isTimeUp(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'TimeoutError'
}

function tookTooLong(doing: string): BakewireError {
  return new BakewireError('TIMED_OUT', `${doing} took too long and was ended`)
}
