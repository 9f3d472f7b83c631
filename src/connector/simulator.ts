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

/** What a connector's `simulator.ts` exports as `simulator`: with it the connector takes part in the contract suite. */
export interface ConnectorSimulator {
  /** A healthy machine for the behaviours that all connectors share. */
  readonly example: {
    /** `credentials` and `additional_config`, with at least two points of different values. */
    readonly configuration: Readonly<{
      credentials?: object
      additional_config: Readonly<Record<string, unknown> & { points: readonly object[] }>
    }>
    readonly equipment: unknown
    /** The same machine later: every point has a value that none had before. */
    readonly equipmentLater: unknown
    /** A point of a metric of its own that the machine does not have. */
    readonly unknownPoint: object
  }
  /** `equipment` is the connector's own JSON description, the content of a case's `equipment.json`. Throws when it is wrong. */
  start(equipment: unknown): Promise<SimulatedMachine>
}
