import { type Clock, limits } from '#core'
import type { MachineNow, Page, RealtimeStore } from '#store'
import type { DatabaseOrKnown } from './database-or-known.ts'
import type { HttpDependencies } from './dependencies.ts'
import { asStored } from './reading-record.ts'

/**
 * Machines with their newest values: of the database, and while that is away what this process knows, from its own pollers or
 * from an earlier answer. Throw UNAVAILABLE when nothing is known.
 */
export interface NewestValues {
  /** `undefined` when there is no such machine. */
  of(equipmentId: string): Promise<MachineNow | undefined>
  /** While the database is away, the machines that the same page had when it was last asked for: none can be added then. */
  page(query: PageQuery): Promise<Page<MachineNow>>
}

type PageQuery = Parameters<RealtimeStore['page']>[0]

export interface NewestValuesOptions extends Pick<HttpDependencies, 'polled'> {
  readonly realtime: Pick<RealtimeStore, 'now' | 'page'>
  readonly databaseOrKnown: DatabaseOrKnown
  readonly clock: Clock
}

/** A kept answer is replaced no sooner: one for every request would be work for the collector, all of it outliving the young generation. */
const keptMsMin = 5_000

/** Pages remembered: of all machines that are, at the size that nobody chose. */
const pagesKept = limits.newestValuesKept / limits.pageSizeDefault

interface Kept {
  readonly answer: MachineNow
  readonly at: number
}

export function createNewestValues({ realtime, polled, databaseOrKnown, clock }: NewestValuesOptions): NewestValues {
  /** Answers by machine, the one kept longest ago first. */
  const answers = new Map<string, Kept>()
  /** Machines of each page, by what was asked, the page answered longest ago first. */
  const pages = new Map<string, Page<string>>()

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

  const askPage = async (query: PageQuery): Promise<Page<MachineNow>> => {
    const page = await realtime.page(query)
    for (const item of page.items) keep(item.machine.id, item)
    const name = nameOf(query)
    pages.delete(name)
    pages.set(name, { ...page, items: page.items.map(({ machine }) => machine.id) })
    const [oldest] = pages.size > pagesKept ? pages.keys() : []
    if (oldest !== undefined) pages.delete(oldest)
    return page
  }

  /** Whole or not at all: a page on which a machine is missing would say that there is none. */
  const knownPage = (query: PageQuery): Page<MachineNow> | undefined => {
    const page = pages.get(nameOf(query))
    const items = page?.items.flatMap((id) => known(id) ?? [])
    return page && items?.length === page.items.length ? { ...page, items } : undefined
  }

  return {
    of: (id) =>
      databaseOrKnown(
        () => ask(id),
        () => known(id),
      ),
    page: (query) =>
      databaseOrKnown(
        () => askPage(query),
        () => knownPage(query),
      ),
  }
}

const nameOf = ({ limit, cursor = '' }: PageQuery) => `${limit} ${cursor}`
