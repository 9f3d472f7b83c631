import { BakewireError, type LinkTools } from '#connector'
import type { RestTarget } from './schemas.ts'

/** Counts the requests of a link, so that never more are made than an account may make. */
export interface Quota {
  /** Counts one request that is about to be made. Throws DEVICE_BUSY, with the time when it goes on, where none is left. */
  take(): Promise<void>
  /** Gives back what was reserved and not used. */
  close(): Promise<void>
}

/** `slotMs`: requests are counted by slots of this length and stay counted until the whole slot is out of the period. */
const periods = {
  requests_per_minute: { slotMs: 1_000, slots: 60 },
  requests_per_day: { slotMs: 900_000, slots: 96 },
} as const

interface Period {
  readonly setting: keyof typeof periods
  readonly limit: number
  readonly slotMs: number
  readonly slots: number
  /** Requests by slot; the slot's number is its time since 1970 by `slotMs`. */
  readonly counts: Map<number, number>
}

/** What is remembered. `reserved` may have been used up to the very end of the process that reserved it. */
interface Kept {
  readonly reserved: number
  readonly counts: Readonly<Record<string, readonly (readonly [slot: number, count: number])[]>>
}

const name = 'rest.quota'
/** Reserved at once: so large a part of the limit is lost at most when a process is killed, and so seldom is it written. */
const blockShare = 10
const blockMax = 100

/**
 * The quota of a link, undefined where none is set. Requests are counted before they are made, in any span of a minute or a
 * day, and over restarts: blocks of them are reserved in the link's memory ahead, and what a killed process has left of its
 * block counts as used.
 */
export function createQuota(
  { settings }: RestTarget,
  { clock, memory }: Pick<LinkTools, 'clock' | 'memory'>,
): Quota | undefined {
  const set = periodsOf(settings)
  if (set.length === 0) return undefined
  const block = Math.min(blockMax, ...set.map(({ limit }) => Math.max(1, Math.floor(limit / blockShare))))
  // A wall clock that is set anew while we count changes nothing.
  const startedAt = clock.now() - clock.monotonic()
  const time = () => startedAt + clock.monotonic()
  let reserved = 0
  let isRecalled = false
  let last: Promise<unknown> = Promise.resolve()

  const recall = async () => {
    const kept = await memory.recall(name)
    for (const period of set) if (isKept(kept)) recount(period, kept, time())
    isRecalled = true
  }

  const takeNow = async () => {
    if (!isRecalled) await recall()
    for (const period of set) refuseBeyond(period, time())
    if (reserved === 0) {
      reserved = block
      await memory.remember(name, keptOf(set, reserved))
    }
    reserved -= 1
    for (const period of set) add(period, slotAt(period, time()), 1)
  }

  return {
    take() {
      const mine = last.then(takeNow)
      last = mine.catch(() => undefined)
      return mine
    },
    async close() {
      if (reserved === 0) return
      reserved = 0
      await memory.remember(name, keptOf(set, 0))
    },
  }
}

function periodsOf(settings: RestTarget['settings']): Period[] {
  const names = Object.keys(periods) as (keyof typeof periods)[]
  return names.flatMap((setting) => {
    const limit = settings[setting]
    return limit === undefined ? [] : [{ setting, limit, ...periods[setting], counts: new Map() }]
  })
}

function refuseBeyond({ setting, limit, slotMs, slots, counts }: Period, now: number): void {
  const oldest = Math.floor(now / slotMs) - slots
  for (const slot of counts.keys()) if (slot < oldest) counts.delete(slot)
  let left = limit - [...counts.values()].reduce((sum, count) => sum + count, 0)
  if (left > 0) return
  let goesOnAt = now
  for (const [slot, count] of [...counts].sort(([one], [other]) => one - other)) {
    if (left > 0) break
    left += count
    goesOnAt = (slot + slots + 1) * slotMs
  }
  const message = `${setting} (${limit}) is used up until ${new Date(goesOnAt).toISOString()}`
  throw new BakewireError('DEVICE_BUSY', message, { retryAfterMs: goesOnAt - now })
}

function recount(period: Period, kept: Kept, now: number): void {
  const current = slotAt(period, now)
  // A slot that is still to come was counted by a clock that was set back since.
  for (const [slot, count] of kept.counts[period.setting] ?? []) add(period, Math.min(slot, current), count)
  if (kept.reserved > 0) add(period, current, kept.reserved)
}

function slotAt({ slotMs }: Period, now: number): number {
  return Math.floor(now / slotMs)
}

function add({ counts }: Period, slot: number, count: number): void {
  counts.set(slot, (counts.get(slot) ?? 0) + count)
}

function keptOf(set: readonly Period[], reserved: number): Kept {
  return { reserved, counts: Object.fromEntries(set.map(({ setting, counts }) => [setting, [...counts]])) }
}

function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'reserved' in value && 'counts' in value
}
