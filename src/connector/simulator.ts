/**
 * What a simulated machine can do wrong, in words that every protocol has. `none` ends it.
 * - `silent`: takes requests and answers nothing
 * - `late`: answers right, but after `lateAnswerMs`
 * - `garbage`: answers with bytes that are not of the protocol
 * - `half`: sends the first part of an answer, then closes the connection
 * - `closing`: closes the connection instead of answering
 * - `refusing`: every point is answered with the protocol's word for "there is no such thing"
 */
export const misbehaviours = ['none', 'silent', 'late', 'garbage', 'half', 'closing', 'refusing'] as const
export type Misbehaviour = (typeof misbehaviours)[number]

/** How late a `late` answer comes, in milliseconds: longer than the contract suite's time-out for one answer. */
export const lateAnswerMs = 400

/** The parts of a configuration that lead to a simulated machine; `additional_config` only where reaching it needs some (a CA, a unit). */
export interface SimulatedConfiguration {
  readonly endpoint: string
  readonly port: number
  readonly credentials?: Readonly<Record<string, unknown>>
  readonly additional_config?: Readonly<Record<string, unknown>>
}

/** One machine that speaks its real protocol on a real socket of the loopback interface. */
export interface SimulatedMachine {
  readonly configuration: SimulatedConfiguration
  /** Replaces what the machine holds, as `start` was given it. Throws when the description is wrong. */
  load(equipment: unknown): void
  /** From now on, on connections that are open too. */
  misbehave(kind: Misbehaviour): void
  /** Connections that are open now. */
  connections(): number
  /** Closes every connection and the port. Safe twice. */
  stop(): Promise<void>
}

/** Values to be written to the example's machine, each to a point of a metric of its own. */
export interface WritingExample {
  /** Default: the example's. */
  readonly equipment?: unknown
  /** Fields of `additional_config` that differ from the example's: what allows writing, the points to write. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Those the machine takes, and has when it is read; at least one. */
  readonly taken: Readonly<Record<string, number | string | boolean>>
  /** Those it refuses. */
  readonly refused: Readonly<Record<string, number | string | boolean>>
}

/** A machine that has kept at least three moments of the example's points, or of those that `settings` name. */
export interface HistoryExample {
  readonly equipment: unknown
  readonly settings?: Readonly<Record<string, unknown>>
  /** ISO 8601; all that it has kept lies between, `until` excluded. */
  readonly from: string
  readonly until: string
}

/** What a connector's `simulator.ts` exports as `simulator`: with it the connector takes part in the contract suite. */
export interface ConnectorSimulator {
  /** A healthy machine for the behaviours that all connectors share. */
  readonly example: {
    /**
     * `credentials` and `additional_config`. At least two values of it differ: of its points, or of those that the connector knows
     * by itself (`pointsOf`) where it has none.
     */
    readonly configuration: Readonly<{
      credentials?: object
      additional_config?: Readonly<Record<string, unknown> & { points?: readonly object[] }>
    }>
    readonly equipment: unknown
    /** The same machine later: every point has a value that none had before. */
    readonly equipmentLater: unknown
    /** A point of a metric of its own that the machine does not have. */
    readonly unknownPoint: object
    /** A machine that shares the link of the example and is dead, where a link leads to several. */
    readonly deadNeighbour?: {
      /** Fields of `additional_config` that differ from the example's. */
      readonly settings: Readonly<Record<string, unknown>>
      /** Default: the example's, which has no such machine. */
      readonly equipment?: unknown
    }
    /** The same machine with a certificate, and one in its place that has another; where there are certificates. */
    readonly secured?: { readonly equipment: unknown; readonly impostor: unknown }
    /** Fields of `additional_config` that differ from the example's where it is listened to, or looked through: what allows it, or keeps it short. */
    readonly subscribing?: Readonly<Record<string, unknown>>
    readonly browsing?: Readonly<Record<string, unknown>>
    /** What is written, where the connector writes. */
    readonly writing?: WritingExample
    /** What the machine has kept by itself, where the connector gives it. */
    readonly history?: HistoryExample
  }
  /** `equipment` is the connector's own JSON description, the content of a case's `equipment.json`. Throws when it is wrong. */
  start(equipment: unknown): Promise<SimulatedMachine>
}
