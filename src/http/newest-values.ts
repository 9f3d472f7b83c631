import { type Clock, limits } from '#core'
import type { MachineNow, RealtimeStore } from '#store'
import type { DatabaseOrKnown } from './database-or-known.ts'
import type { HttpDependencies } from './dependencies.ts'
import { asStored } from './reading-record.ts'

/**
 * A machine with its newest values: of the database, and while that is away what this process knows, from its own pollers or
 * from an earlier answer. `undefined` when there is no such machine. Throws UNAVAILABLE when nothing is known of it.
 */
export type NewestValues = (equipmentId: string) => Promise<MachineNow | undefined>

export interface NewestValuesOptions extends Pick<HttpDependencies, 'polled'> {
  readonly realtime: Pick<RealtimeStore, 'now'>
  readonly databaseOrKnown: DatabaseOrKnown
  readonly clock: Clock
}

/** A kept answer is replaced no sooner: one for every request would be work for the collector, all of it outliving the young generation. */
const keptMsMin = 5_000

interface Kept {
  readonly answer: MachineNow
  readonly at: number
}

export function createNewestValues({ realtime, polled, databaseOrKnown, clock }: NewestValuesOptions): NewestValues {
  /** Answers by machine, the one kept longest ago first. */
  const answers = new Map<string, Kept>()

  const keep = (id: string, answer: MachineNow | undefined) => {
    const at = clock.monotonic()
    const before = answers.get(id)
    if (answer && before && at - before.at < keptMsMin) return
    answers.delete(id)
    if (answer) answers.set(id, { answer, at })
    const [oldest] = answers.size > limits.newestValuesKept ? answers.keys() : []
    if (oldest !== undefined) answers.delete(oldest)
  }

  const ask = async (id: string): Promise<MachineNow | undefined> => {
    const answer = await realtime.now(id)
    keep(id, answer)
    return answer
  }

  const known = (id: string): MachineNow | undefined => {
    const [answer, read] = [answers.get(id)?.answer, polled(id)]
    if (!read) return answer
    const { machine, reading } = read
    return { machine, newest: asStored(reading), batch: answer?.batch }
  }

  return (id) =>
    databaseOrKnown(
      () => ask(id),
      () => known(id),
    )
}
