import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { type Connector, type Target, type WantedValues, writesOf } from '#connector'
import {
  BakewireError,
  type Clock,
  createFold,
  createJudgeQuality,
  type EquipmentType,
  type ErrorCode,
  limits,
  type PollTimes,
  qualityLimits,
  type Reading,
  toBakewireError,
} from '#core'
import { afterRead, type ConnectionState, initialState, isNews, type Listener } from '#session'
import { type BackfillOptions, createBackfill } from './backfill.ts'
import { delayAfter } from './delay-after.ts'
import type { LinkShare } from './links.ts'
import { createPointRest } from './point-rest.ts'
import type { PollClock } from './poll-clock.ts'
import { createReadingTimes } from './reading-times.ts'
import { cronRhythm, type Due, gridRhythm } from './rhythm.ts'
import { type WriteOutcome, writeOutcomes } from './write-outcome.ts'

/** What happens on a poll, for those who store, count and tell it. */
export interface PollEvents {
  onReading(reading: Reading): void
  /** What arrived between two polls: some of a reading, to be judged and not to be stored. */
  onHeard(reading: Reading): void
  /** What the machine had kept while it was not read: to be stored, and judged by nobody. */
  onBackfill(readings: readonly Reading[]): void
  onBackfillFailure(error: unknown): void
  onStateChange(poller: EquipmentPoller, state: ConnectionState, poll: PollReport): void
  onPoll(connectorId: string, report: PollReport): void
}

export interface PollReport {
  readonly result: 'ok' | 'partial' | 'failed'
  /** Why it failed, or what was wrong with the first point at fault. */
  readonly code: ErrorCode | null
  readonly latenessMs: number
  readonly responseTimeMs: number | null
  readonly dataPoints: number | null
  readonly skipped: number
}

/** One machine that this worker polls. */
export interface EquipmentPoller {
  readonly target: Target
  /** The link that it polls over. */
  readonly linkKey: string
  /** What the machine last answered. */
  lastReading(): Reading | undefined
  /** Reads once, out of turn, and every point, unless it joins a read that is under way. Throws what the machine threw. */
  readNow(): Promise<Reading>
  /** Writes values, in our units and words, over the link that it polls on. Throws what kept it from being sent. */
  write(values: WantedValues, signal: AbortSignal): Promise<WriteOutcome[]>
  /** Waits for the read and the writes under way and polls no more until `resume`. */
  pause(): Promise<void>
  resume(): void
  /** Polls no more, waits at most `drainMs` for what is under way, and gives up its share of the link. */
  stop(drainMs?: number): Promise<void>
}

export interface PollerOptions {
  readonly connector: Connector
  readonly target: Target
  readonly type: EquipmentType
  readonly intervalMs: number
  /** Of a cron, in the place of the interval. */
  readonly times: PollTimes | undefined
  /** The last reading, or when the machine was configured if that was later, ms since 1970. */
  readonly since: number
  readonly share: LinkShare
  readonly pollClock: PollClock
  readonly clock: Clock
  readonly events: PollEvents
  readonly lastBefore: BackfillOptions['lastBefore']
}

/** Timers may fire a little early, and a poll just before the end of a rest would dial nobody. */
const restSlackMs = 10

/** An alarm may ring a little early. */
const timerSlackMs = 1

type Outcome = { readonly reading: Reading } | { readonly error: BakewireError }

export function startEquipmentPoller(options: PollerOptions): EquipmentPoller {
  const { connector, target, type, intervalMs, times, since, share, pollClock, clock, events, lastBefore } = options
  const { equipmentId } = target
  const rhythm = times ? cronRhythm(equipmentId, times, since, clock) : gridRhythm(equipmentId, intervalMs, clock)
  const sensors = qualityLimits(type, target.quality)
  const fold = createFold(equipmentId, target.points, sensors)
  const judge = createJudgeQuality(sensors, intervalMs)
  const pointRest = createPointRest(clock)
  const readingTime = createReadingTimes(clock)
  let state = initialState
  let lastReading: Reading | undefined
  let halted = false
  let stopped = false
  let underWay: Promise<Outcome> | undefined
  /** All writes under way: cut off in the middle, nobody would know what they have done. */
  let writing: Promise<unknown> | undefined
  let due: Due = () => 0
  let dueAt = 0
  const listening = new AbortController()
  const listener: Listener = {
    intervalMs,
    signal: listening.signal,
    heard(samples) {
      const { reading, good } = fold(samples, clock.now())
      if (good > 0) events.onHeard(reading)
    },
  }

  const backfill = connector.history
    ? createBackfill({
        target,
        intervalMs,
        times,
        fold,
        lastBefore,
        ask: (span, signal) => share.session().history(target, span, signal),
        onReadings: events.onBackfill,
        onFailure: events.onBackfillFailure,
        signal: listening.signal,
      })
    : undefined

  const read = async (dueAt: number): Promise<Outcome> => {
    const latenessMs = clock.monotonic() - dueAt
    try {
      const { samples, responseTimeMs } = await share.session().read(target, pointRest.due(target.points), listener)
      const folded = fold(pointRest.complete(samples), readingTime())
      if (stopped) return { error: new BakewireError('UNAVAILABLE', 'the machine is polled elsewhere now') }
      if (folded.good === 0) {
        throw new BakewireError(folded.fault?.code ?? 'VALUE_INVALID', folded.fault?.message ?? 'no point gave a value')
      }
      const { reading, good, fault } = judge(folded)
      lastReading = reading
      events.onReading(reading)
      backfill?.answered(reading.readingTime)
      const skipped = rhythm.skipped(dueAt)
      const result = fault ? 'partial' : 'ok'
      note({ fault }, { result, code: fault?.code ?? null, latenessMs, responseTimeMs, dataPoints: good, skipped })
      return { reading }
    } catch (thrown) {
      const error = toBakewireError(thrown, 'reading the machine')
      const { code } = error
      note({ error }, { result: 'failed', code, latenessMs, responseTimeMs: null, dataPoints: null, skipped: 0 })
      return { error }
    }
  }

  const note = (outcome: Parameters<typeof afterRead>[1], report: PollReport) => {
    if (stopped) return
    const before = state
    state = afterRead(before, outcome)
    events.onPoll(connector.id, report)
    if (isNews(before, state)) events.onStateChange(poller, state, report)
  }

  /** One read at a time; the schedule goes on from its end. */
  const run = (dueAt: number): Promise<Outcome> => {
    underWay ??= read(dueAt).then((outcome) => {
      underWay = undefined
      const error = 'error' in outcome ? outcome.error : undefined
      if (!halted) schedule(dueAfter(dueAt, error))
      return outcome
    })
    return underWay
  }

  const dueAfter = (dueAt: number, error: BakewireError | undefined): Due => {
    if (!error) return rhythm.next(dueAt)
    // A link that could not be opened has its own schedule; a second one on top would double the wait.
    const restMs = share.restMs()
    const delayMs = restMs > 0 ? restMs + restSlackMs : delayAfter(error, state.failures, intervalMs)
    const againAt = Math.max(clock.monotonic(), dueAt) + delayMs
    return () => againAt
  }

  const schedule = (next: Due) => {
    due = next
    dueAt = due()
    // Looked at in between: times of day move when the wall clock is set.
    alarm.set(Math.min(dueAt, clock.monotonic() + limits.pollLookMs))
  }

  const alarm = pollClock.alarm(() => {
    if (dueAt - clock.monotonic() > timerSlackMs) schedule(due)
    else void run(dueAt)
  })

  const halt = () => {
    halted = true
    alarm.clear()
  }

  const poller: EquipmentPoller = {
    target,
    linkKey: connector.linkKey(target),
    lastReading: () => lastReading,
    async readNow() {
      pointRest.wake()
      const outcome = await run(clock.monotonic())
      if ('error' in outcome) throw outcome.error
      return outcome.reading
    },
    async write(values, signal) {
      const writes = writesOf(target.points, values)
      const written = share.session().write(target, writes, signal)
      const all = Promise.allSettled([writing, written]).then(() => {
        if (writing === all) writing = undefined
      })
      writing = all
      return writeOutcomes(target.points, values, await written)
    },
    async pause() {
      halt()
      await underWay
      await writing
    },
    resume() {
      if (stopped) return
      halted = false
      pointRest.wake()
      schedule(rhythm.resumed())
    },
    async stop(drainMs = 0) {
      halt()
      const busy = underWay ?? writing
      // In the turn after it an answer is read that came while this process was too busy to see it.
      const patience = () => sleep(drainMs).then(() => nextTurn())
      if (busy && drainMs > 0) await Promise.race([Promise.all([underWay, writing]), patience()])
      stopped = true
      listening.abort()
      await share.release()
    },
  }
  schedule(rhythm.first())
  return poller
}
