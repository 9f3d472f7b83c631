import { type Clock, type PollTimes, servedEarlyMs } from '#core'
import { localPhase, nextOnGrid, phaseOf, skippedTicks } from './poll-schedule.ts'

/** When to poll, on this process's own clock in ms. Asked again while it is waited for: times of day move when the wall clock is set. */
export type Due = () => number

/** When a machine is polled that answers. */
export interface Rhythm {
  /** When polling begins. */
  first(): Due
  /** When it goes on after others had the link. */
  resumed(): Due
  /** After a reading, by a poll that was due then. */
  next(dueAt: number): Due
  /** Due times that passed while a read was under way. */
  skipped(dueAt: number): number
}

/** The first poll comes within this time, on the grid where that is soon enough, so that a fleet that is taken over does not dial all at once. */
const firstPollSpreadMs = 1_000
/** Times of a cron lie this far apart at least. */
const minuteMs = 60_000

type RhythmClock = Pick<Clock, 'now' | 'monotonic'>

/**
 * Machines whose times fall into one slot are polled together: for a poll that comes alone the process is woken twice, which
 * takes longer than all the rest of it.
 */
const slotMs = 10

/** A grid that the machine's id spreads over the slots of the interval. */
export function gridRhythm(equipmentId: string, intervalMs: number, clock: RhythmClock): Rhythm {
  const spread = phaseOf(equipmentId)
  const slot = Math.floor((spread * intervalMs) / slotMs) * slotMs
  // Once, so that a wall clock that jumps moves no poll.
  const behindMs = Math.round((clock.now() - clock.monotonic()) / slotMs) * slotMs
  const phase = localPhase(slot / intervalMs, intervalMs, behindMs)
  const at = (dueAt: number) => () => dueAt
  return {
    first() {
      const now = clock.monotonic()
      const onGrid = nextOnGrid(now, intervalMs, phase)
      return at(onGrid - now <= firstPollSpreadMs ? onGrid : now + spread * firstPollSpreadMs)
    },
    resumed: () => at(clock.monotonic()),
    // A timer may fire a little early and a machine answer at once: the due time just served does not come again.
    next: (dueAt) => at(nextOnGrid(Math.max(clock.monotonic(), dueAt), intervalMs, phase)),
    skipped: (dueAt) => skippedTicks(dueAt, clock.monotonic(), intervalMs),
  }
}

/**
 * Times of day. `since`: the last reading, or when the machine was configured if that was later, ms since 1970; a time that has passed
 * since then without a reading is made good at once. All machines of a cron are spread over a second.
 */
export function cronRhythm(equipmentId: string, times: PollTimes, since: number, clock: RhythmClock): Rhythm {
  const spreadMs = phaseOf(equipmentId) * firstPollSpreadMs
  let servedAt = since
  const due = (): Due => {
    const dueAt = times.next(servedAt + servedEarlyMs)
    return () => clock.monotonic() + Math.max(0, dueAt - clock.now()) + spreadMs
  }
  return {
    first: due,
    resumed: due,
    next() {
      servedAt = clock.now()
      return due()
    },
    skipped(dueAt) {
      const now = clock.now()
      const lastedMs = clock.monotonic() - dueAt
      return lastedMs < minuteMs ? 0 : times.count(now - lastedMs + servedEarlyMs, now)
    },
  }
}
