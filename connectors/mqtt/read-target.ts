import { BakewireError, type LinkTools, type ReadRequest, type Sample } from '#connector'
import { availabilityOf } from './availability.ts'
import type { Connections } from './connections.ts'
import { forget } from './ears.ts'
import { firstMessages } from './first-messages.ts'
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
