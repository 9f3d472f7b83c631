import { findRtuAnswer, type RtuFinding, rtuComplaint } from './find-rtu-answer.ts'
import type { Framing, FramingEvents, Line } from './framing.ts'
import { type OpenRequest, openRequestOf } from './open-request.ts'

/** What may come for one request: an answer of 255 bytes, an echo, late answers of other units, noise. More is a flood. */
const receivedBytesMax = 1_024
/** What may come while nobody waits for anything: a minute and more of a chatty bus at 115,200 baud. */
const idleBytesMax = 1024 * 1024

interface Sent {
  readonly request: OpenRequest
  readonly rtuFrame: Buffer
}

/**
 * Modbus RTU in a TCP connection, as serial device servers pass it on. Silence between frames means nothing there, so an
 * answer is known by its unit, function, length and CRC alone. It has no number: whoever gives up a request must not
 * send the next one to the same unit on the same connection.
 */
export class RtuFraming implements Framing {
  readonly #events: FramingEvents
  readonly #line: Line
  #received: Buffer = Buffer.alloc(0)
  #open: Sent | undefined
  #idleBytes = 0

  /** `line`: what is known of it, and is learned with every answer that can show it. */
  constructor(events: FramingEvents, line: Line) {
    this.#events = events
    this.#line = line
  }

  ask(rtuFrame: Buffer): Buffer {
    this.#open = { request: openRequestOf(rtuFrame), rtuFrame }
    this.#received = Buffer.alloc(0)
    this.#idleBytes = 0
    return rtuFrame
  }

  forget(): void {
    this.#open = undefined
  }

  complaint(): string | undefined {
    return this.#open && rtuComplaint(this.#received, this.#open.request, this.#open.rtuFrame)
  }

  receive(chunk: Buffer): void {
    if (!this.#open) {
      this.#idleBytes += chunk.length
      if (this.#idleBytes > idleBytesMax) this.#events.violated('bytes keep coming that nobody asked for')
      return
    }
    this.#received = Buffer.concat([this.#received, chunk])
    const found = this.#find(this.#open)
    if (found.kind === 'answer') {
      this.#open = undefined
      this.#events.answered(found.frame)
    } else if (found.kind === 'damaged') {
      this.#events.damaged('its CRC is wrong')
    } else if (this.#received.length > receivedBytesMax) {
      this.#events.violated('it is not Modbus RTU')
    }
  }

  #find(sent: Sent): RtuFinding {
    const { request, rtuFrame } = sent
    const echo = this.#received.indexOf(rtuFrame)
    const isSkipped = echo >= 0 && this.#isEcho(sent)
    const bytes = isSkipped ? this.#received.subarray(echo + rtuFrame.length) : this.#received
    const found = findRtuAnswer(bytes, request, rtuFrame)
    if (found.kind === 'answer' && !found.frame.equals(rtuFrame)) this.#line.echoes = echo >= 0
    return found
  }

  /**
   * Whether the very bytes of the request are its echo, where they could be its answer: the confirmation of one coil or
   * register, or by chance what is asked for. As long as nobody knows, what is likely counts.
   */
  #isEcho({ request, rtuFrame }: Sent): boolean {
    const { told, bodyBytes } = request
    const answer = rtuFrame.subarray(2, -2)
    if (answer.length !== bodyBytes || !answer.subarray(0, told.length).equals(told)) return false
    const isConfirmation = told.length === bodyBytes
    return this.#line.echoes ?? !isConfirmation
  }
}
