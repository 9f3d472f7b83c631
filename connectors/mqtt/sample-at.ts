import { isOfSetClock, type Sample } from '#connector'
import type { Ear, Heard } from './ears.ts'

export interface Age {
  /** Monotonic ms. */
  readonly at: number
  /** Ms since 1970. */
  readonly now: number
  /** 0: nothing is ever too old. */
  readonly staleAfterMs: number
}

/**
 * What a point is worth at a moment. A fault when nothing was heard of it for too long, or ever. Uncertain when it may be an
 * old value: kept by the broker and not known to be fresh, or old by the machine's own time.
 */
export function sampleAt(ear: Ear, given: Age): Sample {
  const { point, filter, since, messages, heard, sparkplug } = ear
  const { metric, address } = point
  // An edge node tells changes only, and its death at once.
  const age = sparkplug ? { ...given, staleAfterMs: 0 } : given
  if (!heard) {
    if (sparkplug) return { metric, fault: { code: 'TIMED_OUT', message: `${metric}: ${notBorn(sparkplug)}` } }
    if (messages === 0) return silent(metric, filter, age.at - since, notYetHeard)
    const what = messages === 1 ? '1 message' : `${messages} messages`
    const message = `${metric}: ${what} came on topic ${filter}, but nothing at ${address.pointer ?? 'all'}`
    return { metric, fault: { code: 'VALUE_INVALID', message } }
  }
  const heardMs = age.at - heard.at
  if (age.staleAfterMs > 0 && heardMs > age.staleAfterMs) return silent(metric, filter, heardMs)
  const { sample, sourceTime } = heard
  if ('fault' in sample) return sample
  const doubt = sparkplug?.edgeNode.hasGap ? lostMessages(ear) : doubtOf(heard, age, filter)
  if (doubt === undefined && sourceTime === undefined) return sample
  const time = sourceTime === undefined ? {} : { sourceTime }
  return doubt === undefined ? { ...sample, ...time } : { ...sample, ...time, quality: 'uncertain', doubt }
}

function doubtOf({ isRetained, sourceTime }: Heard, { now, staleAfterMs }: Age, filter: string): string | undefined {
  const isDated = sourceTime !== undefined && isOfSetClock(sourceTime, now)
  const isOld = isDated && staleAfterMs > 0 && now - sourceTime > staleAfterMs
  if (isOld) return `topic ${filter}: by its own time the newest message is of ${new Date(sourceTime).toISOString()}`
  if (!isRetained || isDated) return undefined
  return `topic ${filter}: the broker had kept this message, and none has come since; how old it is is not known`
}

function notBorn({ place: { node, device }, edgeNode }: NonNullable<Ear['sparkplug']>): string {
  if (edgeNode.stateOf('') === 'born') return `device ${node}/${device} was not born since its edge node was`
  return `edge node ${node} has not told what it has: is it on, and may this account read its topics and ask for a birth?`
}

function lostMessages({ sparkplug }: Ear): string {
  return `edge node ${sparkplug?.place.node}: messages were lost, and values that they told may be missing until its next birth`
}

/** Many brokers take a subscription of those who may not read the topic, and say nothing. */
const notYetHeard = ': does the machine publish there, and may this account read it?'

function silent(metric: string, filter: string, forMs: number, more = ''): Sample {
  const message = `${metric}: nothing was heard on topic ${filter} for ${Math.round(forMs / 1_000)} s${more}`
  return { metric, fault: { code: 'TIMED_OUT', message } }
}
