import type { ServerResponse } from 'node:http'
import { BakewireError, type Clock, type Log, limits } from '#core'
import type { AlertLinks } from '#link'
import type { AlertStore, LiveStore } from '#store'
import type { LiveEvent } from './live-event.ts'
import { type Frame, type LiveStream, openLiveStream } from './live-stream.ts'
import { frameOf, missedSince } from './missed-since.ts'
import { advanced, type Position } from './position.ts'
import { readNews } from './read-news.ts'

/** For whoever counts streams. */
export interface StreamEvents {
  streamOpened(): void
  streamEnded(reason: 'closed' | 'slow'): void
}

export interface LiveFeedOptions {
  readonly streams: StreamEvents
  readonly live: LiveStore
  readonly alerts: Pick<AlertStore, 'get'>
  readonly links: AlertLinks
  readonly clock: Clock
  readonly log: Log
  /** Throws UNAUTHENTICATED or FORBIDDEN when these credentials do not open a stream any more. */
  readonly authorize: (authorization: string | undefined) => Promise<unknown>
}

export interface Reader {
  readonly response: ServerResponse
  readonly headers: Readonly<Record<string, string>>
  readonly authorization: string | undefined
  /** Where an earlier stream ended. */
  readonly since: Position | undefined
}

export interface LiveFeed {
  /** Tells the reader of one machine, or of all (`null`), until either ends it. Throws OVERLOADED. */
  open(equipmentId: string | null, reader: Reader): void
  /** Ends every stream. */
  stop(): void
}

/** The streams of one machine, or of all, and how far they have come. */
interface Scope {
  position: Position
  readonly streams: Map<LiveStream, Reader>
}

/** Shorter than the minute after which proxies cut a silent connection; keys are looked at as often. */
const beatMs = 15_000

/** Tells readers of streams what is written, whichever process writes it. */
export async function createLiveFeed({
  streams,
  live,
  alerts,
  links,
  clock,
  log,
  authorize,
}: LiveFeedOptions): Promise<LiveFeed> {
  const scopes = new Map<string | null, Scope>()
  let transition = await live.lastTransition()
  let size = 0
  let catchingUp = Promise.resolve()

  function* tell(scope: Scope | undefined, events: readonly LiveEvent[]): Iterable<void> {
    if (!scope || events.length === 0) return
    const frames: Frame[] = []
    for (const event of events) {
      scope.position = advanced(scope.position, event.reached)
      frames.push(frameOf(event, scope.position))
      yield
    }
    const bytes = Buffer.from(frames.map(({ text }) => text).join(''))
    for (const stream of [...scope.streams.keys()]) {
      yield
      stream.send({ frames, bytes })
    }
  }

  const endAll = (scope: Scope | undefined) => {
    for (const stream of scope?.streams.keys() ?? []) stream.end()
  }

  /** One after the other: a herd that comes back takes no more of the database than a single reader. */
  const catchUp = (equipmentId: string | null, stream: LiveStream, since: Position) => {
    catchingUp = catchingUp.then(async () => {
      if (!scopes.get(equipmentId)?.streams.has(stream)) return
      try {
        stream.caughtUp(await missedSince(equipmentId, since, { live, alerts, links, now: clock.now() }))
      } catch (err) {
        log.warn({ err }, 'what a stream has missed cannot be read: it is ended, to be taken up again')
        stream.end()
      }
    })
  }

  const endRevoked = async () => {
    const byKey = new Map<string | undefined, LiveStream[]>()
    for (const scope of scopes.values())
      for (const [stream, { authorization }] of scope.streams)
        byKey.set(authorization, [...(byKey.get(authorization) ?? []), stream])
    for (const [authorization, ones] of byKey) {
      const isRevoked = await authorize(authorization).then(
        () => false,
        (error: unknown) => error instanceof BakewireError && error.status < 500,
      )
      if (isRevoked) for (const stream of ones) stream.end()
    }
  }

  await readNews({
    live,
    alerts,
    links,
    log,
    isAnybodyThere: () => scopes.size > 0,
    isWanted: (equipmentId) => scopes.has(null) || scopes.has(equipmentId),
    *tell(coming) {
      const events: LiveEvent[] = []
      for (const event of coming) {
        transition = Math.max(transition, event.reached.transition ?? 0)
        events.push(event)
        yield
      }
      for (const [equipmentId, ones] of Map.groupBy(events, (event) => event.equipmentId))
        yield* tell(scopes.get(equipmentId), ones)
      yield* tell(scopes.get(null), events)
    },
    onGone: (equipmentId) => endAll(scopes.get(equipmentId)),
    onMissed: () => scopes.forEach(endAll),
  })

  const beating = setInterval(() => {
    for (const scope of scopes.values()) for (const stream of scope.streams.keys()) stream.beat()
    void endRevoked()
  }, beatMs)
  beating.unref()

  return {
    open(equipmentId, reader) {
      if (size >= limits.streamsMax) {
        throw new BakewireError('OVERLOADED', `${limits.streamsMax} streams are open already`, { retryAfterMs: 10_000 })
      }
      const scope = scopes.get(equipmentId) ?? { position: { readingMs: clock.now(), transition }, streams: new Map() }
      scopes.set(equipmentId, scope)
      const since = reader.since ?? scope.position
      const stream = openLiveStream({
        response: reader.response,
        headers: reader.headers,
        position: since,
        onEnd(reason) {
          size -= 1
          streams.streamEnded(reason)
          scope.streams.delete(stream)
          if (scope.streams.size === 0) scopes.delete(equipmentId)
          if (reason === 'slow')
            log.info({ equipment_id: equipmentId }, 'a reader of a stream is too slow and is let go')
        },
      })
      size += 1
      streams.streamOpened()
      scope.streams.set(stream, reader)
      // Who follows all machines from now on has missed nothing; who follows one is told first how it stands.
      if (equipmentId === null && reader.since === undefined) stream.caughtUp([])
      else catchUp(equipmentId, stream, since)
    },
    stop() {
      clearInterval(beating)
      scopes.forEach(endAll)
    },
  }
}
