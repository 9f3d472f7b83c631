import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long others wait for a turn, ms. */
const turnMs = 0.25

/** Takes small steps in turns with whatever else there is to do: an answer waits for one turn, never for all the steps. */
export async function inTurns(steps: Iterable<void>): Promise<void> {
  let startedAt = performance.now()
  for (const _ of steps) {
    if (performance.now() - startedAt < turnMs) continue
    await nextTurn()
    startedAt = performance.now()
  }
}
