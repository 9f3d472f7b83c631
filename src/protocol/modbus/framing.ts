/** How requests and answers are delimited on a TCP connection; the words of a configuration. */
export const framingNames = ['tcp', 'rtu_over_tcp'] as const
export type FramingName = (typeof framingNames)[number]

/** What answers have shown of the line behind a connection, kept by whoever connects to it again. */
export interface Line {
  /** Every request comes back before its answer, as two-wire converters send it. `undefined`: no answer has shown it yet. */
  echoes?: boolean | undefined
}

/** What a framing makes of the bytes that come in. */
export interface FramingEvents {
  /** The answer to the request under way, as an RTU frame with its CRC. */
  answered(rtuFrame: Buffer): void
  /** The answer is there but unusable; the connection is not harmed. */
  damaged(fault: string): void
  /** Nothing that still comes on this connection can be trusted. */
  violated(fault: string): void
}

/** Frames of one connection, one request at a time. Only an answer that fits the request under way counts as one. */
export interface Framing {
  /** What is sent for a request that modbus-serial made as an RTU frame; from now on its answer is awaited. */
  ask(rtuFrame: Buffer): Buffer
  /** The request under way is given up: its answer, if one still comes, is dropped. */
  forget(): void
  receive(chunk: Buffer): void
  /** What is wrong with that which has come for the request under way; `undefined` where nothing has, or might still become an answer. */
  complaint(): string | undefined
}
