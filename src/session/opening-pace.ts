import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, limits } from '#core'

/** How fast the links of one process are opened. */
export interface OpeningPace {
  /** Settles when it is the caller's turn, in order of asking. Rejects with the signal's reason when it aborts before that. */
  turn(signal: AbortSignal): Promise<void>
}

/** Turns so far taken, as the moment at which all of them would be spent if none could be saved up; monotonic, ms. */
type SpentUntilMs = number

/** A bucket of `openingsBurst` turns that fills at `openingsPerSecond`; a turn given to somebody who leaves is spent. */
export function createOpeningPace(clock: Pick<Clock, 'monotonic'>): OpeningPace {
  let spentUntilMs: SpentUntilMs = Number.NEGATIVE_INFINITY
  return {
    async turn(signal) {
      signal.throwIfAborted()
      const next = takeTurn(spentUntilMs, clock.monotonic())
      spentUntilMs = next.spentUntilMs
      if (next.waitMs === 0) return
      try {
        await sleep(next.waitMs, undefined, { signal })
      } catch {
        throw signal.reason
      }
    },
  }
}

const turnMs = 1_000 / limits.openingsPerSecond
const savedMs = limits.openingsBurst * turnMs

/** Generic cell rate algorithm (ITU-T I.371): one moment is all that has to be known. */
export function takeTurn(spentUntilMs: SpentUntilMs, nowMs: number): { waitMs: number; spentUntilMs: SpentUntilMs } {
  const spent = Math.max(spentUntilMs, nowMs) + turnMs
  return { waitMs: Math.max(0, spent - savedMs - nowMs), spentUntilMs: spent }
}
