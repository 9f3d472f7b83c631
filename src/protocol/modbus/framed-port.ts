import { EventEmitter } from 'node:events'
import { BakewireError } from '#core'
import type { Framing, FramingEvents, FramingName, Line } from './framing.ts'
import { RtuFraming } from './rtu-framing.ts'
import { TcpFraming } from './tcp-framing.ts'
import type { Wire } from './wire.ts'

const framings: Record<FramingName | 'rtu', new (events: FramingEvents, line: Line) => Framing> = {
  tcp: TcpFraming,
  rtu_over_tcp: RtuFraming,
  rtu: RtuFraming,
}

interface PortOptions {
  readonly framing: FramingName | 'rtu'
  readonly line: Line
  /** Called once, when the connection ends in any way other than `close` and `end`. */
  readonly broken: (error: BakewireError) => void
  /** The answer to the request under way came, but unusable; the connection goes on. */
  readonly damaged: (fault: string) => void
}

/**
 * A port for modbus-serial on an open wire: the configured framing outside, RTU frames inside, one request at a time.
 * Only an answer that fits the request under way reaches modbus-serial. (Its own TCP port waits for 64 KB after a wrong
 * length and takes answers of another protocol or size; its own RTU port takes answers of other units.)
 */
export class FramedPort extends EventEmitter {
  // modbus-serial keeps its own requests by these two. With one request at a time one number is enough, and its table does not grow.
  readonly _transactionIdRead = 1
  readonly _transactionIdWrite = 1

  readonly #wire: Wire
  readonly #framing: Framing
  readonly #broken: (error: BakewireError) => void
  #isBroken = false

  constructor(wire: Wire, { framing, line, broken, damaged }: PortOptions) {
    super()
    this.#wire = wire
    this.#broken = broken
    const events: FramingEvents = {
      answered: (rtuFrame) => this.emit('data', rtuFrame),
      damaged,
      violated: (fault) => this.#break(new BakewireError('PROTOCOL_VIOLATED', `the answer is unusable, ${fault}`)),
    }
    this.#framing = new framings[framing](events, line)
    wire.listen({ received: (chunk) => this.#receive(chunk), gone: (error) => this.#break(error) })
    if (!wire.isOpen()) this.#break(new BakewireError('LINK_LOST', 'the machine closed the connection'))
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
    this.#wire.send(this.#framing.ask(rtuFrame))
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
    this.#wire.drop()
  }

  /** Ends the connection and resolves when others can have it. */
  end(): Promise<void> {
    this.#isBroken = true
    this.#framing.forget()
    return this.#wire.end()
  }

  #receive(chunk: Buffer): void {
    if (!this.#isBroken) this.#framing.receive(chunk)
  }

  #break(error: BakewireError): void {
    if (this.#isBroken) return
    this.close()
    this.#broken(error)
  }
}
