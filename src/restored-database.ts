import type { Clock, Log } from '#core'
import type { GapStore } from '#store'

/** By then pollers that had begun anew have told the gaps that they see, and spools are empty unless much was waiting. */
const lookMs = { from: 10_000, to: 120_000 }

export interface RestoredDatabaseOptions {
  readonly gaps: Pick<GapStore, 'recordLost'>
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Log
  /** Held by this worker. */
  readonly shards: Iterable<number>
  /** Begins with all machines anew. */
  readonly beginAnew: () => void
}

/** A database that is put back to an earlier state while this worker lives has lost readings which nobody else misses. */
export function watchForRestore({ gaps, clock, log, shards, beginAnew }: RestoredDatabaseOptions) {
  let restored: { readonly knownAt: number; readonly noticedAt: number } | undefined
  return {
    /** `knownAt`: a moment that the database knows no more, ms since 1970. */
    reported(knownAt: number | undefined): void {
      if (knownAt === undefined) return
      log.warn({}, 'the database was put back to an earlier state; what it lost is told as gaps')
      restored = { knownAt, noticedAt: clock.monotonic() }
      beginAnew()
    },
    /** Writes down what was lost, again and again: a machine's loss shows once it was read since. */
    async look(): Promise<void> {
      if (!restored) return
      const forMs = clock.monotonic() - restored.noticedAt
      if (forMs >= lookMs.from) await gaps.recordLost([...shards], restored.knownAt)
      if (forMs >= lookMs.to) restored = undefined
    },
  }
}
