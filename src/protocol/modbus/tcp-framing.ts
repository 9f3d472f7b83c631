import { crc16 } from './crc16.ts'
import type { Framing, FramingEvents } from './framing.ts'
import { inspectFrame, mbapBytes } from './inspect-frame.ts'
import { type OpenRequest, openRequestOf } from './open-request.ts'

/** Answers that nobody waits for, after one request; a machine that sends more is flooding. */
const lateAnswersMax = 16
const crcBytes = 2
const nothing = Buffer.alloc(0)

/**
 * Modbus TCP. A late or doubled answer is dropped, as its transaction id tells it. Anything else that is no answer is a
 * violation, because a byte stream that has slipped cannot be trusted again.
 */
export class TcpFraming implements Framing {
  readonly #events: FramingEvents
  #received: Buffer = nothing
  #sentCount = 0
  #open: OpenRequest | undefined
  #lateAnswers = 0
  #isViolated = false

  constructor(events: FramingEvents) {
    this.#events = events
  }

  ask(rtuFrame: Buffer): Buffer {
    this.#open = openRequestOf(rtuFrame)
    this.#sentCount++
    this.#lateAnswers = 0
    const length = rtuFrame.length - crcBytes
    const frame = Buffer.allocUnsafe(mbapBytes + length)
    frame.writeUInt16BE(this.#sentCount & 0xffff, 0)
    frame.writeUInt16BE(0, 2)
    frame.writeUInt16BE(length, 4)
    rtuFrame.copy(frame, mbapBytes, 0, length)
    return frame
  }

  forget(): void {
    this.#open = undefined
  }

  /** What is wrong with an answer is told as soon as it is seen. */
  complaint(): undefined {
    return undefined
  }

  receive(chunk: Buffer): void {
    const bytes = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    let start = 0
    while (!this.#isViolated) {
      const found = inspectFrame(bytes, start, { count: this.#sentCount, open: this.#open })
      if (found.kind === 'incomplete') break
      if (found.kind === 'violation') {
        this.#violate(found.violation)
        return
      }
      this.#take(found.kind, bytes.subarray(start + mbapBytes, start + found.bytes))
      start += found.bytes
    }
    // A copy of less than a frame: a view would keep the whole chunk in memory.
    this.#received = start < bytes.length ? Buffer.from(bytes.subarray(start)) : nothing
  }

  #take(kind: 'answer' | 'late', body: Buffer): void {
    if (kind === 'late') {
      this.#lateAnswers++
      if (this.#lateAnswers > lateAnswersMax) this.#violate('answers keep coming that nobody asked for')
      return
    }
    this.#open = undefined
    const rtuFrame = Buffer.allocUnsafe(body.length + crcBytes)
    body.copy(rtuFrame)
    rtuFrame.writeUInt16LE(crc16(rtuFrame, body.length), body.length)
    this.#events.answered(rtuFrame)
  }

  #violate(fault: string): void {
    this.#isViolated = true
    this.#events.violated(fault)
  }
}
