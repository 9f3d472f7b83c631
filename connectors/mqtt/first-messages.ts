import { setTimeout as sleep } from 'node:timers/promises'
import type { LinkTools } from '#connector'
import type { Availability } from './availability.ts'
import type { Connection } from './connections.ts'
import type { Ear } from './ears.ts'

interface FirstMessages {
  readonly ears: readonly Ear[]
  readonly availability: Availability | undefined
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Resolves when each ear has heard something, when it has had the time for it, or when the machine is known to be gone. */
export async function firstMessages(
  { clock }: Pick<LinkTools, 'clock'>,
  { client }: Connection,
  { ears, availability, timeoutMs, signal }: FirstMessages,
): Promise<void> {
  const silent = ears.filter(({ messages }) => messages === 0)
  const waitMs = Math.max(0, ...silent.map(({ since }) => since + timeoutMs - clock.monotonic()))
  if (waitMs === 0) return
  const timer = new AbortController()
  // It rejects when the wait is over sooner.
  const tooLong = sleep(waitMs, undefined, { signal: timer.signal }).catch(() => undefined)
  const gone = availability?.ear.first.promise.then(() => (availability.isGone() ? undefined : tooLong))
  const all = Promise.all(silent.map(({ first }) => first.promise))
  await client.whileOpen(Promise.race([all, tooLong, gone ?? tooLong]), signal).finally(() => timer.abort())
  // What the broker had kept, or a birth, is followed at once by what is newer.
  const isOld = ({ heard, sparkplug }: Ear) => heard?.isRetained || (heard && sparkplug)
  if (silent.some(isOld)) await client.roundTrip(signal)
}
