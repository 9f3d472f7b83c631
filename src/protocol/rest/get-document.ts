import { BakewireError, type LinkTools, type ReadRequest, type Sample } from '#connector'
import type { DocumentPlaces } from './document-places.ts'
import { exchange, type RestChannel } from './exchange.ts'
import { documentOf, faultOfStatus } from './judge-answer.ts'
import type { DocumentName, RestTarget } from './schemas.ts'
import { toldError } from './told-error.ts'
import type { MachineTime, WatchTime } from './watch-time.ts'

export interface RestLink extends RestChannel, Pick<LinkTools, 'clock' | 'reached'> {
  readonly watchTime: WatchTime
  readonly places: DocumentPlaces
  /** Machines whose status path wants to be left alone for a while. The wait for the data is the framework's. */
  readonly restingStatus: WeakMap<RestTarget, Resting>
}

interface Resting {
  readonly fault: BakewireError
  /** Monotonic ms. */
  readonly until: number
}

export type RestRequest = ReadRequest<RestTarget>

/** An answer with a JSON document in it. */
export interface Answered {
  readonly document: unknown
  /** The request, for messages. */
  readonly what: string
  /** What the data tells of its time; the status tells nothing. */
  readonly time: MachineTime
}

/** Throws what the status or the body of the answer says is wrong. */
export async function getDocument(
  link: RestLink,
  { target, signal }: RestRequest,
  name: DocumentName,
): Promise<Answered> {
  const resting = name === 'status' ? link.restingStatus.get(target) : undefined
  if (resting && link.clock.monotonic() < resting.until) throw resting.fault
  const { path, what } = link.places(target, name)
  const answer = await exchange(link, { target, path, signal })

  const fault = faultOfStatus(answer, { what, setting: `${name}_endpoint`, now: link.clock.now() })
  if (name === 'status' && fault?.retryAfterMs !== undefined) {
    link.restingStatus.set(target, { fault, until: link.clock.monotonic() + fault.retryAfterMs })
  }
  if (fault && !isRefusal(fault)) throw fault
  link.reached('login')
  if (fault) throw fault
  const document = documentOf(answer, what)
  return { document, what, time: name === 'data' ? link.watchTime(target, document) : {} }
}

/** Hands back what went wrong, where it is the machine's and `isOwn`; anything else is thrown on. */
export function machineFault(signal: AbortSignal, isOwn: (fault: BakewireError) => boolean) {
  return (thrown: unknown): BakewireError => {
    if (thrown instanceof BakewireError && !signal.aborted && isOwn(thrown)) return thrown
    throw thrown
  }
}

export function isRefusal({ code }: BakewireError): boolean {
  return code === 'POINT_REFUSED'
}

/** An answer in which nothing wanted was found. Throws the error that it tells instead, where it tells one. */
export function withoutError(answered: Answered, { credentials }: RestTarget): Answered {
  const secrets = Object.values(credentials).filter((secret) => typeof secret === 'string')
  const error = toldError(answered.document, answered.what, secrets)
  if (error) throw error
  return answered
}

export function faulty(metric: string, { code, message }: BakewireError): Sample {
  return { metric, fault: { code, message } }
}
