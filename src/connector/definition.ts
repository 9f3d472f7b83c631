import type { Socket } from 'node:net'
import type { z } from 'zod'
import type { Clock, GivenLimits, Log } from '#core'
import type { LinkMethods } from './requests.ts'

/** The stages of a connection test, in the order in which a connection is made. */
export const stages = ['address', 'reachable', 'slot', 'secure', 'trusted', 'login', 'read', 'plausible'] as const
export type Stage = (typeof stages)[number]

/** Those that every protocol has; the others are a connector's own. */
export const commonStages: readonly Stage[] = ['address', 'reachable', 'slot', 'read', 'plausible']

/** What may be written to a point, in our units and words: a number between two, one of some words, or true and false. */
export type Writable = { readonly min: number; readonly max: number } | { readonly words: readonly string[] } | true

/** A point of one machine: where to find it (`address`, the connector's own schema) and which metric it feeds. */
export interface Point<Address = unknown> {
  /** Canonical field, `temperature_zones.<name>` or `additional.<key>`. Unique within a machine. */
  readonly metric: string
  /** UCUM unit that the machine gives; absent: already in ours. */
  readonly unit?: string
  /** What the machine's values mean, by the text of the value: `{"0": "closed", "1": "open"}`. */
  readonly words?: Readonly<Record<string, string>>
  /** Absent: never written. Only a user's own points may have it: what is known of a machine is no leave to steer it. */
  readonly write?: Writable
  readonly address: Address
}

/** One machine as its connector sees it: the four parts of the wire format, parsed. */
export interface Target<Credentials = unknown, Settings = unknown, Address = unknown> {
  readonly equipmentId: string
  /** What was configured: a host or an https URL, as the connector's schema says. */
  readonly endpoint: string
  readonly port: number
  readonly credentials: Credentials
  readonly settings: Settings
  /** Time for one answer of the machine. */
  readonly timeoutMs: number
  readonly points: readonly Point<Address>[]
  /** What its sensors can give, where somebody knows it better than the type of the machine says. */
  readonly quality?: GivenLimits
}

/**
 * Opens a TCP connection through the egress gate; `checked` is called when the address is known to be allowed.
 * Throws ADDRESS_REFUSED, ADDRESS_UNRESOLVED, UNREACHABLE, TIMED_OUT.
 */
export type Dial = (to: { host: string; port: number; signal: AbortSignal; checked?: () => void }) => Promise<Socket>

/**
 * What a link must not forget when it is opened anew, its process restarts or another worker takes it over: a few small
 * JSON values by name, sealed at rest, shared by all machines on the link. A test of a configuration that is not saved has
 * the same memory, so what depends on more than the link key must be told apart in the value.
 */
export interface LinkMemory {
  /** `undefined` where there is nothing. Throws UNAVAILABLE while the database is away and the link's memory was never read. */
  recall(name: string): Promise<unknown>
  /**
   * Replaces the value, `undefined` takes it away. Resolves when it is stored, or after a second: what the database does not
   * take then is tried again until it does. Throws INTERNAL for more than `limits.linkMemoryBytesMax`.
   */
  remember(name: string, value: unknown): Promise<void>
}

/** A certificate and the key to it, both PEM. */
export interface OwnCertificate {
  readonly certificate: string
  readonly key: string
}

/** Whom this installation trusts, and what it shows of itself, for protocols whose machines have certificates of their own. */
export interface Trust {
  /**
   * Resolves when somebody has trusted this certificate; what was seen is noted for that somebody. `from` is host and port.
   * Throws CERTIFICATE_REJECTED for one that is not trusted, not valid now or no certificate, UNAVAILABLE while the database
   * is away and this process has not seen it trusted before.
   */
  check(certificate: Uint8Array, from: string): Promise<void>
  /** The same for all links of the installation: made by `make` where there is none yet, kept sealed. Throws UNAVAILABLE. */
  own(make: () => Promise<OwnCertificate>): Promise<OwnCertificate>
}

/** What a link gets from the framework for its whole life. */
export interface LinkTools {
  readonly dial: Dial
  readonly memory: LinkMemory
  readonly trust: Trust
  /** Aborts the opening; afterwards it has no effect. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Log
  /** To be called once when an open link breaks without a request under way. */
  readonly lost: (error: Error) => void
  /** Tells the connection doctor that a stage was passed (`dial` itself tells `address` and `reachable`). */
  readonly reached: (stage: Stage) => void
}

/** A named set of points: what a maker's register list or interface says, as data. */
export interface Profile<Address = unknown> {
  /** Unique over all connectors; also a protocol name of its own. */
  readonly id: string
  readonly title: string
  readonly manufacturer: string
  readonly model: string
  /** Where the facts come from. */
  readonly source: string
  readonly notes?: readonly string[]
  readonly points: readonly Point<Address>[]
  /** Settings that this equipment needs where the user gives none, or as the connector's `mergeWithProfile` says. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/** By setting: `known` is the profile's, `own` the user's. */
type Merges<Settings> = {
  readonly [Name in keyof Settings]?: (known: Settings[Name], own: Settings[Name]) => Settings[Name]
}

type Shape = z.ZodRawShape

/** A connector is a value: what it can be told and how it speaks. A method that is present is a capability. */
export interface Definition<
  Credentials extends Shape = Shape,
  Settings extends Shape = Shape,
  Address extends Shape = Shape,
  Link = unknown,
> extends LinkMethods<Link, TargetOf<Credentials, Settings, Address>> {
  readonly id: string
  readonly aliases?: readonly string[]
  readonly title: string
  /** The document that the connector follows. */
  readonly source: string
  readonly endpoint: z.ZodType<string>
  readonly port: z.ZodType<number>
  /** The port that is dialled, where it follows from the endpoint when none is given. Default: the one given. */
  readonly portOf?: (endpoint: string, port: number) => number
  /** Only secrets; all optional or with defaults when equipment may go without. */
  readonly credentials: z.ZodObject<Credentials>
  /** `additional_config` without `timeout`, `profile`, `points` and `quality`, which the framework adds. */
  readonly settings: z.ZodObject<Settings>
  /** How one point is named, without `metric` and `unit`. */
  readonly address: z.ZodObject<Address>
  /** Refuses combinations that single fields cannot: each fault with its path below the configuration. */
  readonly check?: (target: TargetOf<Credentials, Settings, Address>) => readonly { path: string; message: string }[]
  readonly timeoutSecondsDefault: number
  readonly profiles?: readonly Profile<z.input<z.ZodObject<Address>>>[]
  /** What becomes of a setting that both a profile (`known`) and the user give, parsed. Default: the user's counts. */
  readonly mergeWithProfile?: Merges<z.output<z.ZodObject<Settings>>>
  /** The points that follow from the settings, for equipment whose shape is known. The user's own add to them or replace them by metric. */
  readonly pointsOf?: (settings: z.output<z.ZodObject<Settings>>) => readonly Point<z.input<z.ZodObject<Address>>>[]
  /** The machine says by itself what it has: without points, `read` gives what it finds, under metrics that `placeOf` knows. */
  readonly describesItself?: boolean
  /** Equipment with the same key shares one link. Holds no secret. */
  readonly linkKey: (target: TargetOf<Credentials, Settings, Address>) => string
  /** Addresses (scheme, host, port) beside the machine's own that its secrets are sent to: another one asks for them again. Default: none. */
  readonly secretsGoTo?: (target: TargetOf<Credentials, Settings, Address>) => readonly string[]
  /** What all equipment on one link must agree on. Default: nothing. */
  readonly linkSettings?: (target: TargetOf<Credentials, Settings, Address>) => Readonly<Record<string, unknown>>
  /** A link is logged in when it is opened, with the credentials of one machine, and read for all of them. Default: each read brings its own. */
  readonly logsInAtOpening?: boolean
  /** Reads under way at once on one link. Default 1. */
  readonly readsAtOnce?: number
  /** Stages of the connection test that this protocol has between slot and read, in the order in which it meets them. */
  readonly stages?: readonly Stage[]
  open(target: TargetOf<Credentials, Settings, Address>, tools: LinkTools): Promise<Link>
  /** Safe twice, after a failed read and after the peer has gone. */
  close(link: Link): Promise<void> | void
}

export type TargetOf<Credentials extends Shape, Settings extends Shape, Address extends Shape> = Target<
  z.output<z.ZodObject<Credentials>>,
  z.output<z.ZodObject<Settings>>,
  z.output<z.ZodObject<Address>>
>

declare const anyLink: unique symbol
/** A link whose kind only its connector knows. */
export type OpaqueLink = { readonly [anyLink]: never }

/** A connector as the framework holds it: the types of its own parts are known only inside it. */
export interface Connector
  extends Omit<
      Definition,
      | 'check'
      | 'linkKey'
      | 'secretsGoTo'
      | 'linkSettings'
      | 'open'
      | 'close'
      | 'profiles'
      | 'mergeWithProfile'
      | 'pointsOf'
      | keyof LinkMethods<unknown, unknown>
    >,
    LinkMethods<OpaqueLink, Target> {
  readonly profiles: readonly Profile[]
  readonly mergeWithProfile: Readonly<Record<string, (known: unknown, own: unknown) => unknown>>
  readonly pointsOf: (settings: Readonly<Record<string, unknown>>) => readonly Point[]
  readonly check: (target: Target) => readonly { path: string; message: string }[]
  readonly linkKey: (target: Target) => string
  readonly secretsGoTo: (target: Target) => readonly string[]
  readonly linkSettings: (target: Target) => Readonly<Record<string, unknown>>
  readonly readsAtOnce: number
  readonly stages: readonly Stage[]
  open(target: Target, tools: LinkTools): Promise<OpaqueLink>
  close(link: OpaqueLink): Promise<void> | void
}

/** Makes a connector of its definition: infers the types of its parts and fills in what was left out. */
export function defineConnector<Credentials extends Shape, Settings extends Shape, Address extends Shape, Link>(
  definition: Definition<Credentials, Settings, Address, Link>,
): Connector {
  const complete = {
    ...definition,
    profiles: definition.profiles ?? [],
    mergeWithProfile: definition.mergeWithProfile ?? {},
    pointsOf: definition.pointsOf ?? (() => []),
    check: definition.check ?? (() => []),
    secretsGoTo: definition.secretsGoTo ?? (() => []),
    linkSettings: definition.linkSettings ?? (() => ({})),
    readsAtOnce: definition.readsAtOnce ?? 1,
    stages: definition.stages ?? [],
  }
  // Targets and links reach a connector only through its own schemas and its own `open`, so forgetting their types here is sound.
  return complete as unknown as Connector
}
