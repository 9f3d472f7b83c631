import type { Sample } from '#core'
import type { Point, Target } from './definition.ts'

type PointOf<T> = T extends Target<unknown, unknown, infer Address> ? Point<Address> : never

/** Every request ends when the framework gives up on it: it throws the signal's reason, or lets the work end by itself. */
interface Request<T> {
  readonly target: T
  readonly signal: AbortSignal
}

export interface ReadRequest<T> extends Request<T> {
  /** The points wanted now: all of the target's, or those not at rest. */
  readonly points: readonly PointOf<T>[]
}

/** What arrives between reads. A reading has the newest of each interval; alerts judge every sample. */
export interface SubscribeRequest<T> extends Request<T> {
  readonly points: readonly PointOf<T>[]
  /** How often the machine is read, ms: nothing needs to be told more exactly than a fraction of it. */
  readonly intervalMs: number
  /** Hears what arrived together, one sample per point, as `read` would give it. Not after `signal` has aborted. */
  heard(samples: Sample[]): void
}

/**
 * A value in the machine's own unit and words, for a point that may be written. A word that reads as a number or a truth
 * value is given as one: the key `"1"` of `words` as 1, `"true"` as true.
 */
export interface Write<P> {
  readonly point: P
  readonly value: number | string | boolean
}

export interface WriteRequest<T> extends Request<T> {
  /** Written in this order; what follows a refusal is written nevertheless. */
  readonly writes: readonly Write<PointOf<T>>[]
}

export interface BrowseRequest<T> extends Request<T> {
  /** Where to look: an `at` of an earlier answer. Undefined: at the top. Of the connector's own making, but anybody may send it. */
  readonly at: string | undefined
  /** Where an earlier answer ended. The same holds. */
  readonly cursor: string | undefined
  /** At most so many. */
  readonly limit: number
  /** How long to listen, for protocols that cannot ask. */
  readonly seconds: number
}

/** Something found on a machine. */
export interface Found {
  /** As the machine, or its protocol, names it. */
  readonly name: string
  /** What kind of thing it is, or which type its value has. */
  readonly kind: string
  /** There is more below: what to browse next. */
  readonly at?: string
  /** Its value now, as text of at most 200 characters. */
  readonly value?: string
  /** An entry of `points`, as a configuration has it; its metric is a proposal, canonical where the machine leaves no doubt. */
  readonly point?: Readonly<Record<string, unknown>>
}

export interface Browsed {
  readonly found: readonly Found[]
  /** Where to go on; absent at the end. */
  readonly cursor?: string
}

export interface HistoryRequest<T> extends Request<T> {
  readonly points: readonly PointOf<T>[]
  /** Ms since 1970; `from` is included, `to` is not. */
  readonly from: number
  readonly to: number
  /** At most so many moments, the oldest first. */
  readonly limit: number
}

/** What a machine itself has kept of one moment. */
export interface Kept {
  /** Ms since 1970, of the machine's clock. */
  readonly time: number
  readonly samples: Sample[]
}

/** What a connector can do with an open link; what is not there it cannot do. */
export interface LinkMethods<Link, T> {
  /** One sample per point asked for, in any order; where the target has no points, what it found, bounded. Throws when the machine or the link failed as a whole. */
  read?(link: Link, request: ReadRequest<T>): Promise<Sample[]>
  /** Begins to tell what arrives; resolves when it does, and ends with the signal or the link. `read` then gives the newest. */
  subscribe?(link: Link, request: SubscribeRequest<T>): Promise<void>
  /** Writes, and reads back: one sample per write with what the machine has then, or why it was not written. Throws as `read` does. */
  write?(link: Link, request: WriteRequest<T>): Promise<Sample[]>
  /** What there is on the machine, without changing anything of it. */
  browse?(link: Link, request: BrowseRequest<T>): Promise<Browsed>
  /** What the machine has kept by itself, oldest first. */
  history?(link: Link, request: HistoryRequest<T>): Promise<Kept[]>
}
