import { setTimeout as sleep } from 'node:timers/promises'
import type { LinkMemory } from '#connector'
import { BakewireError, type Log, limits } from '#core'
import type { LinkMemoryStore } from '#store'

/** What the links of this worker know, by link key; a link that is opened anew finds what it knew. */
export interface LinkMemories {
  of(linkKey: string, log: Log): LinkMemory
  /** To be awaited when a link was closed: resolves when all it knew is stored, or after a second. */
  settled(linkKey: string): Promise<void>
  /** Gives up on what the database has not taken. */
  stop(): void
}

/** How long a read waits for the database. */
const patienceMs = 1_000
/** Between tries of a database that is away. */
const restMs = 5_000

export function createLinkMemories(store: LinkMemoryStore): LinkMemories {
  const memories = new Map<string, ReturnType<typeof createMemory>>()
  const closed = new Set<string>()
  const stopping = new AbortController()

  /** Another worker may have the link by now: what is known here grows old. */
  const forgetStored = (linkKey: string) => {
    if (!closed.has(linkKey) || memories.get(linkKey)?.isStored() === false) return
    closed.delete(linkKey)
    memories.delete(linkKey)
  }

  const create = (linkKey: string, log: Log) => {
    const { signal } = stopping
    const memory = createMemory(linkKey, { store, log, signal, onStored: () => forgetStored(linkKey) })
    memories.set(linkKey, memory)
    return memory
  }

  return {
    of(linkKey, log) {
      closed.delete(linkKey)
      return memories.get(linkKey) ?? create(linkKey, log)
    },
    async settled(linkKey) {
      closed.add(linkKey)
      await memories.get(linkKey)?.settled()
      forgetStored(linkKey)
    },
    stop: () => stopping.abort(),
  }
}

interface MemoryOptions {
  readonly store: LinkMemoryStore
  readonly log: Log
  readonly signal: AbortSignal
  /** All that is known is stored. */
  readonly onStored: () => void
}

function createMemory(linkKey: string, { store, log, signal, onStored }: MemoryOptions) {
  const known = new Map<string, unknown>()
  const unstored = new Set<string>()
  let isLoaded = false
  let loading: Promise<void> | undefined
  let loadFailedAt: number | undefined
  let storing: Promise<void> | undefined
  let isFailing = false

  /** Once; after a failure not again for a while, so that a database that is away costs few reads their time. */
  const load = async () => {
    if (loadFailedAt !== undefined && performance.now() - loadFailedAt < restMs) throw notKnown()
    loading ??= store.recall(linkKey).then((facts) => {
      for (const [name, value] of facts) if (!known.has(name)) known.set(name, value)
      isLoaded = true
    })
    try {
      if (await isLate(loading)) throw notKnown()
    } catch (error) {
      loading = undefined
      loadFailedAt = performance.now()
      log.warn({ err: error }, 'what a link knew could not be recalled')
      throw error
    }
  }

  const storeAll = async () => {
    for (let [name] = unstored; name !== undefined && !signal.aborted; [name] = unstored) {
      unstored.delete(name)
      try {
        await store.remember(linkKey, name, known.get(name))
        if (isFailing) log.info({}, 'what a link knows is stored again')
        isFailing = false
      } catch (error) {
        unstored.add(name)
        if (!isFailing) log.warn({ err: error }, 'what a link knows could not be stored, goes on trying')
        isFailing = true
        await sleep(restMs, undefined, { ref: false })
      }
    }
    storing = undefined
    onStored()
  }

  const settled = async () => {
    if (unstored.size > 0 && !signal.aborted) storing ??= storeAll()
    // While the database is known to be away nobody need wait for it.
    if (storing && !isFailing) await isLate(storing)
  }

  return {
    async recall(name: string): Promise<unknown> {
      if (!isLoaded && !known.has(name)) await load()
      return known.get(name)
    },
    async remember(name: string, value: unknown): Promise<void> {
      if (JSON.stringify(value ?? null).length > limits.linkMemoryBytesMax)
        throw new BakewireError('INTERNAL', `${name} is too large for the memory of a link`)
      known.set(name, value)
      unstored.add(name)
      await settled()
    },
    settled,
    isStored: () => unstored.size === 0 && storing === undefined,
  }
}

function notKnown(): BakewireError {
  return new BakewireError('UNAVAILABLE', 'what this link knew is not known: the database is away')
}

/** Whether the work goes on after the patience of a read has ended. Throws what the work throws. */
async function isLate(work: Promise<void>): Promise<boolean> {
  const ended = new AbortController()
  const patience = sleep(patienceMs, true, { signal: ended.signal, ref: false }).catch(() => true)
  try {
    return await Promise.race([work.then(() => false), patience])
  } finally {
    ended.abort()
  }
}
