import { setTimeout as sleep } from 'node:timers/promises'
import { BakewireError, type LinkTools, type ReadRequest, type Sample } from '#connector'
import { type Availability, availabilityOf } from './availability.ts'
import type { Connection, Connections } from './connections.ts'
import { type Ear, forget } from './ears.ts'
import { listen } from './listen.ts'
import { sampleAt } from './sample-at.ts'
import type { MqttTarget } from './schemas.ts'

export interface MqttLink extends Pick<LinkTools, 'clock'> {
  readonly connections: Connections
}

/**
 * What was heard of each point. Topics that nobody listened to are subscribed to first, and their first messages are waited
 * for, up to the time-out. Otherwise the broker is asked for a sign of life, which brings what it still had for us. Throws
 * UNREACHABLE while the availability topic says that the machine is gone, POINT_REFUSED where it may not be read, and what the
 * connection throws.
 */
export async function readTarget(link: MqttLink, request: ReadRequest<MqttTarget>): Promise<Sample[]> {
  const { target, points, signal } = request
  if (points.length === 0) return []
  const { device, stale_after: staleAfter, qos } = target.settings
  const connection = await link.connections.of(target, signal)
  const ears = points.map((point) => connection.ears.of(point, device))
  const availability = availabilityOf(connection, target)
  const wanted = availability ? [...ears, availability.ear] : ears
  const refused = await listen(connection, wanted, { qos: qos === 1 ? 1 : 0, signal })
  const blind = availability && refused.get(availability.ear)
  if (blind) throw blind
  const heeded = ears.filter((ear) => !refused.has(ear))
  await firstMessages(link, connection, { ears: heeded, availability, timeoutMs: target.timeoutMs, signal })

  const at = link.clock.monotonic()
  if (availability?.isGone()) {
    // What was heard before must not be taken for new when it comes back.
    for (const ear of ears) forget(ear, at)
    throw new BakewireError('UNREACHABLE', `topic ${availability.ear.filter} says that the machine is offline`)
  }
  const age = { at, now: link.clock.now(), staleAfterMs: staleAfter * 1_000 }
  return ears.map((ear) => {
    const fault = refused.get(ear)
    return fault
      ? { metric: ear.point.metric, fault: { code: fault.code, message: fault.message } }
      : sampleAt(ear, age)
  })
}

interface FirstMessages {
  readonly ears: readonly Ear[]
  readonly availability: Availability | undefined
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Resolves when each ear has heard something, when it has had the time for it, or when the machine is known to be gone. */
async function firstMessages(
  { clock }: MqttLink,
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
