import { BakewireError, type Clock, limits } from '#core'
import type { MachineNow, RealtimeStore } from '#store'
import type { HttpDependencies } from './dependencies.ts'
import { inTime } from './in-time.ts'
import { asStored } from './reading-record.ts'

/**
 * A machine with its newest values: of the database, and while that is away what this process knows, from its own pollers or
 * from an earlier answer. `undefined` when there is no such machine. Throws UNAVAILABLE when nothing is known of it.
 */
export type NewestValues = (equipmentId: string) => Promise<MachineNow | undefined>

export interface NewestValuesOptions extends Pick<HttpDependencies, 'polled'> {
  readonly realtime: Pick<RealtimeStore, 'now'>
  readonly clock: Clock
}

/** How long an answer is waited for where another one is known, and how long the database is then left alone. */
const patienceMs = 1_000
/** A kept answer is replaced no sooner: one for every request would be work for the collector, all of it outliving the young generation. */
const keptMsMin = 5_000

interface Kept {
  readonly answer: MachineNow
  readonly at: number
}

export function createNewestValues({ realtime, polled, clock }: NewestValuesOptions): NewestValues {
  /** Answers by machine, the one kept longest ago first. */
  const answers = new Map<string, Kept>()
  let awayUntil = 0

  const keep = (id: string, answer: MachineNow | undefined) => {
    const at = clock.monotonic()
    const before = answers.get(id)
    if (answer && before && at - before.at < keptMsMin) return
    answers.delete(id)
    if (answer) answers.set(id, { answer, at })
    const [oldest] = answers.size > limits.newestValuesKept ? answers.keys() : []
    if (oldest !== undefined) answers.delete(oldest)
  }

  const known = (id: string): MachineNow | undefined => {
    const [answer, read] = [answers.get(id)?.answer, polled(id)]
    if (!read) return answer
    const { machine, reading } = read
    return { machine, newest: asStored(reading), batch: answer?.batch }
  }

  return async (id) => {
    const instead = clock.monotonic() < awayUntil ? known(id) : undefined
    if (instead) return instead
    const asked = realtime.now(id)
    try {
      const answer = await inTime(asked, patienceMs, 'the newest values')
      keep(id, answer)
      return answer
    } catch (error) {
      const last = isAway(error) ? known(id) : undefined
      if (!last) return asked
      awayUntil = clock.monotonic() + patienceMs
      return last
    }
  }
}

function isAway(error: unknown): boolean {
  return error instanceof BakewireError && error.code === 'UNAVAILABLE'
}
