import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { BakewireError } from '#core'
import type { Framing, FramingEvents, FramingName } from './framing.ts'
import { RtuFraming } from './rtu-framing.ts'
import { TcpFraming } from './tcp-framing.ts'

/** What a peer may take to end its side of a connection that we have ended. */
const lettingGoMs = 1_000

const framings: Record<FramingName, new (events: FramingEvents) => Framing> = {
  tcp: TcpFraming,
  rtu_over_tcp: RtuFraming,
}

interface PortOptions {
  readonly framing: FramingName
  /** Called once, when the connection ends in any way other than `close` and `end`. */
  readonly broken: (error: BakewireError) => void
  /** The answer to the request under way came, but unusable; the connection goes on. */
  readonly damaged: (fault: string) => void
}

/**
 * A port for modbus-serial on a connected socket: the configured framing outside, RTU frames inside, one request at a time.
 * Only an answer that fits the request under way reaches modbus-serial. (Its own TCP port waits for 64 KB after a wrong
 * length and takes answers of another protocol or size; its own RTU port takes answers of other units.)
 */
export class FramedPort extends EventEmitter {
  // modbus-serial keeps its own requests by these two. With one request at a time one number is enough, and its table does not grow.
  readonly _transactionIdRead = 1
  readonly _transactionIdWrite = 1

  readonly #socket: Socket
  readonly #framing: Framing
  readonly #broken: (error: BakewireError) => void
  #isBroken = false

  constructor(socket: Socket, { framing, broken, damaged }: PortOptions) {
    super()
    this.#socket = socket
    this.#broken = broken
    this.#framing = new framings[framing]({
      answered: (rtuFrame) => this.emit('data', rtuFrame),
      damaged,
      violated: (fault) => this.#break(new BakewireError('PROTOCOL_VIOLATED', `the answer is unusable, ${fault}`)),
    })
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
    this.#socket.write(this.#framing.ask(rtuFrame))
  }

  /** The request under way is given up: its answer, if one still comes, is dropped. */
  forget(): void {
    this.#framing.forget()
  }

  /** What is wrong with that which has come for the request under way. */
  complaint(): string | undefined {
    return this.#framing.complaint()
  }

  close(): void {
    this.#isBroken = true
    this.#framing.forget()
    this.#socket.destroy()
  }

  /** Ends the connection and resolves when the peer has ended its side too, so that its slot is free; at latest after a second. */
  end(): Promise<void> {
    this.#isBroken = true
    this.#framing.forget()
    const { promise, resolve } = Promise.withResolvers<void>()
    if (this.#socket.closed) resolve()
    const tooLong = setTimeout(() => this.#socket.destroy(), lettingGoMs)
    this.#socket.once('close', () => resolve())
    this.#socket.end()
    return promise.finally(() => clearTimeout(tooLong))
  }

  #receive(chunk: Buffer): void {
    if (!this.#isBroken) this.#framing.receive(chunk)
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
