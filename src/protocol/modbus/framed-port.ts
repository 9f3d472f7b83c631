import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { BakewireError } from '#core'
import { crc16 } from './crc16.ts'
import { inspectFrame, mbapBytes, type OpenRequest, openRequestOf } from './inspect-frame.ts'

/** Answers that nobody waits for, after one request; a machine that sends more is flooding. */
const lateAnswersMax = 16
const crcBytes = 2

/**
 * A port for modbus-serial on a connected socket: frames of Modbus TCP outside, RTU frames inside, one request at a time.
 *
 * Only an answer that fits the request under way reaches modbus-serial. A late or doubled answer is dropped. Anything
 * else breaks the connection at once, because a byte stream that has slipped cannot be trusted again. (modbus-serial's
 * own TCP port waits for 64 KB after a wrong length and takes answers of another protocol or size.)
 */
export class FramedPort extends EventEmitter {
  // modbus-serial keeps its own requests by these two. With one request at a time one number is enough, and its table does not grow.
  readonly _transactionIdRead = 1
  readonly _transactionIdWrite = 1

  readonly #socket: Socket
  readonly #broken: (error: BakewireError) => void
  #received: Buffer = Buffer.alloc(0)
  #sentCount = 0
  #open: OpenRequest | undefined
  #lateAnswers = 0
  #isBroken = false

  /** `broken` is called once, when the connection ends in any way other than `close`. */
  constructor(socket: Socket, broken: (error: BakewireError) => void) {
    super()
    this.#socket = socket
    this.#broken = broken
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => this.#lose())
    socket.on('close', () => this.#lose())
    socket.on('error', (cause) => this.#lose(cause))
    if (socket.readyState !== 'open') this.#lose()
  }

  /** Named by modbus-serial. */
  get isOpen(): boolean {
    return !this.#isBroken
  }

  /** Named by modbus-serial. */
  open(opened: () => void): void {
    opened()
  }

  /** Sends the RTU frame that modbus-serial has made. */
  write(rtuFrame: Buffer): void {
    const open = openRequestOf(rtuFrame)
    if (!open) throw new Error('only the four read functions are framed here')
    this.#sentCount++
    this.#open = open
    this.#lateAnswers = 0
    const length = rtuFrame.length - crcBytes
    const frame = Buffer.allocUnsafe(mbapBytes + length)
    frame.writeUInt16BE(this.#sentCount & 0xffff, 0)
    frame.writeUInt16BE(0, 2)
    frame.writeUInt16BE(length, 4)
    rtuFrame.copy(frame, mbapBytes, 0, length)
    this.#socket.write(frame)
  }

  /** The request under way is given up: its answer, if one still comes, is dropped. */
  forget(): void {
    this.#open = undefined
  }

  close(): void {
    this.#isBroken = true
    this.#open = undefined
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    if (this.#isBroken) return
    const bytes = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    let start = 0
    while (!this.#isBroken) {
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
    this.#received = start < bytes.length ? Buffer.from(bytes.subarray(start)) : Buffer.alloc(0)
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
    this.emit('data', rtuFrame)
  }

  #violate(violation: string): void {
    this.#break(new BakewireError('PROTOCOL_VIOLATED', `the answer is unusable, ${violation}`))
  }

  #lose(cause?: Error): void {
    this.#break(new BakewireError('LINK_LOST', 'the machine closed the connection', { cause }))
  }

  #break(error: BakewireError): void {
    if (this.#isBroken) return
    this.close()
    this.#broken(error)
  }
}
