import type { SubscribeRequest } from '#connector'
import { availabilityOf } from './availability.ts'
import type { Ear } from './ears.ts'
import { listen } from './listen.ts'
import type { MqttLink } from './read-target.ts'
import { sampleAt } from './sample-at.ts'
import type { MqttTarget } from './schemas.ts'

/**
 * What a machine publishes at once, on several topics, is told together; so a flood costs the alerts ten looks a second at
 * most. Values that follow each other more slowly are told one by one, and no oven, door or meter changes faster.
 */
const gatherMs = 100

/** Tells what is heard of the points, the newest of each, until the signal aborts. Nothing of a machine that is offline. */
export async function subscribeTarget(link: MqttLink, request: SubscribeRequest<MqttTarget>): Promise<void> {
  const { target, points, signal } = request
  const { device, qos, stale_after: staleAfter } = target.settings
  const connection = await link.connections.of(target, signal)
  /** By metric, so that there are never more than the machine has points. */
  const news = new Map<string, Ear>()
  let gathering: NodeJS.Timeout | undefined

  const tell = () => {
    gathering = undefined
    const ears = [...news.values()]
    news.clear()
    if (availabilityOf(connection, target)?.isGone()) return
    const age = { at: link.clock.monotonic(), now: link.clock.now(), staleAfterMs: staleAfter * 1_000 }
    request.heard(ears.map((ear) => sampleAt(ear, age)))
  }
  const end = connection.ears.tellOf(points, device, (ear) => {
    news.set(ear.point.metric, ear)
    gathering ??= setTimeout(tell, gatherMs)
  })
  const stop = () => {
    end()
    clearTimeout(gathering)
  }
  try {
    const ears = points.map((point) => connection.ears.of(point, device))
    const availability = availabilityOf(connection, target)
    const wanted = availability ? [...ears, availability.ear] : ears
    // A topic that is refused is told by the next read, and asked for again.
    await listen(connection, wanted, { qos: qos === 1 ? 1 : 0, signal })
    signal.throwIfAborted()
  } catch (error) {
    stop()
    throw error
  }
  signal.addEventListener('abort', stop, { once: true })
}
