import { BakewireError, type ErrorCode } from '#core'
import { FramedPort } from './framed-port.ts'
import type { FramingName, Line } from './framing.ts'
import { modbusException } from './modbus-exception.ts'
import type { BitTable, RegisterTable, Table } from './tables.ts'
import type { Wire } from './wire.ts'

interface Place {
  /** 0 … 255. */
  readonly unitId: number
  /** 0-based address of the first register or bit. */
  readonly address: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface BlockRequest<T extends Table> extends Place {
  readonly table: T
  readonly count: number
}

/** `multiple`: one register or coil is written with the function for several, too. */
export type WriteFunctions = 'fitting' | 'multiple'

export interface RegistersToWrite extends Place {
  /** 1 … 123, each 0 … 65535. */
  readonly registers: readonly number[]
  readonly functions: WriteFunctions
}

export interface CoilToWrite extends Place {
  readonly on: boolean
  readonly functions: WriteFunctions
}

/** Of the register the bits of `keep` stay as they are, the others become those of `set`. */
export interface BitsToWrite extends Place {
  readonly keep: number
  readonly set: number
}

/**
 * A connection to one Modbus machine or gateway; one request at a time. A request throws POINT_REFUSED, DEVICE_BUSY,
 * UNREACHABLE (a unit behind the gateway) or TIMED_OUT (also when its signal aborts), after which the connection goes on,
 * or LINK_LOST, after which it is closed. After PROTOCOL_VIOLATED it is closed in Modbus TCP and mostly goes on in RTU over
 * TCP; in the latter a unit that gave no usable answer must not be asked again on the same connection, because what it
 * still sends would be taken for the next answer. No request is sent twice; whether a write without usable answer was
 * done is not known. In both forms of RTU a write that is confirmed by its own bytes (functions 5, 6 and 22) cannot be told
 * from its echo until the `line` is known, which any other request shows that is answered.
 */
export interface ModbusClient {
  /** Registers, 0 … 65535 each. */
  readRegisters(request: BlockRequest<RegisterTable>): Promise<readonly number[]>
  readBits(request: BlockRequest<BitTable>): Promise<readonly boolean[]>
  /** Resolves when the machine has confirmed it, as do the others. */
  writeRegisters(request: RegistersToWrite): Promise<void>
  writeCoil(request: CoilToWrite): Promise<void>
  writeBits(request: BitsToWrite): Promise<void>
  /** Safe twice and after the peer has gone. */
  close(): void
  /** Closes, and resolves when others can have the machine: its slot is free, or the serial port; at latest after a second. */
  end(): Promise<void>
}

/**
 * Takes over an open wire, also when it throws. `lost` is called once when the open connection ends in any way
 * other than `close` and `end`. Throws LINK_LOST or PROTOCOL_VIOLATED when the connection ends before it is open.
 */
export async function openModbusClient(options: {
  readonly wire: Wire
  /** `rtu`: of a serial port. */
  readonly framing: FramingName | 'rtu'
  /** What is known of the line behind the wire. Default: nothing. */
  readonly line?: Line
  readonly lost: (error: BakewireError) => void
}): Promise<ModbusClient> {
  const connection = new Connection(options)
  try {
    await connection.open()
  } catch (error) {
    connection.close()
    throw error
  }
  return connection
}

type ModbusSerial = Awaited<ReturnType<typeof loadModbusSerial>>
type Answered<Answer> = (error: Error | null, answer: Answer | undefined) => void
type Send<Answer> = (modbus: ModbusSerial, answered: Answered<Answer>) => void
interface Block<Value> {
  readonly data: readonly Value[]
}

async function loadModbusSerial(port: FramedPort) {
  const library = await import('modbus-serial')
  const modbus = new library.default.default(port)
  modbus.open()
  return modbus
}

/** The request under way. */
interface Asked {
  readonly request: Place
  readonly doing: Doing
  readonly timer: NodeJS.Timeout
  readonly resolve: (answer: never) => void
  readonly reject: (error: BakewireError) => void
}

/** For messages. */
type Doing = `reading ${Table}` | 'writing holding' | 'writing coil' | 'writing bits of holding'

/**
 * A poll is mostly this: what it needs for one request is kept with the connection. modbus-serial holds on to the last
 * callback, and what hangs on that would outlive many polls.
 */
class Connection implements ModbusClient {
  readonly #port: FramedPort
  #modbus: ModbusSerial | undefined
  #asked: Asked | undefined
  #broken: BakewireError | undefined
  #signal: AbortSignal | undefined

  constructor({ wire, framing, line = {}, lost }: Parameters<typeof openModbusClient>[0]) {
    this.#port = new FramedPort(wire, {
      framing,
      line,
      broken: (error) => {
        this.#broken = error
        this.#fail(error.code, error.message, error.cause)
        if (this.#modbus) lost(error)
      },
      damaged: (fault) => this.#complain(fault),
    })
  }

  async open(): Promise<void> {
    const modbus = await loadModbusSerial(this.#port)
    if (this.#broken) throw this.#broken
    this.#modbus = modbus
  }

  readRegisters(request: BlockRequest<RegisterTable>): Promise<readonly number[]> {
    const { table, unitId, address, count } = request
    const send: Send<Block<number>> = (modbus, answered) => {
      if (table === 'holding') modbus.writeFC3(unitId, address, count, answered)
      else modbus.writeFC4(unitId, address, count, answered)
    }
    return this.#ask(request, `reading ${table}`, send).then(({ data }) => data)
  }

  async readBits(request: BlockRequest<BitTable>): Promise<readonly boolean[]> {
    const { table, unitId, address, count } = request
    const { data } = await this.#ask<Block<boolean>>(request, `reading ${table}`, (modbus, answered) => {
      if (table === 'coil') modbus.writeFC1(unitId, address, count, answered)
      else modbus.writeFC2(unitId, address, count, answered)
    })
    // Bits come in whole bytes.
    return data.length > count ? data.slice(0, count) : data
  }

  async writeRegisters(request: RegistersToWrite): Promise<void> {
    const { unitId, address, registers, functions } = request
    const [first = 0, ...others] = registers
    await this.#ask<unknown>(request, 'writing holding', (modbus, answered) => {
      if (functions === 'fitting' && others.length === 0) modbus.writeFC6(unitId, address, first, answered)
      else modbus.writeFC16(unitId, address, [...registers], answered)
    })
  }

  async writeCoil(request: CoilToWrite): Promise<void> {
    const { unitId, address, on, functions } = request
    await this.#ask<unknown>(request, 'writing coil', (modbus, answered) => {
      if (functions === 'fitting') modbus.writeFC5(unitId, address, on, answered)
      else modbus.writeFC15(unitId, address, [on], answered)
    })
  }

  async writeBits(request: BitsToWrite): Promise<void> {
    const { unitId, address, keep, set } = request
    await this.#ask<unknown>(request, 'writing bits of holding', (modbus, answered) => {
      modbus.writeFC22(unitId, address, keep, set, answered)
    })
  }

  close(): void {
    this.#port.close()
    this.#leave()
  }

  end(): Promise<void> {
    this.#leave()
    return this.#port.end()
  }

  #leave(): void {
    this.#broken ??= new BakewireError('LINK_LOST', 'the connection was closed')
    this.#fail('LINK_LOST', 'the connection was closed')
    // The signal may outlive many connections.
    this.#signal?.removeEventListener('abort', this.#giveUp)
  }

  /** The reads of a link share one signal: listening to it anew for every read would cost more than the read. */
  #listenTo(signal: AbortSignal): void {
    if (signal === this.#signal) return
    this.#signal?.removeEventListener('abort', this.#giveUp)
    this.#signal = signal
    signal.addEventListener('abort', this.#giveUp)
  }

  #ask<Answer>(request: Place, doing: Doing, send: Send<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const modbus = this.#modbus
      if (!modbus || this.#asked) throw new Error(`${whatOf(doing, request)} while another request is under way`)
      if (this.#broken) {
        const { code, message, cause } = this.#broken
        throw new BakewireError(code, `${whatOf(doing, request)}: ${message}`, { cause })
      }
      this.#asked = { request, doing, timer: setTimeout(this.#runOut, request.timeoutMs), resolve, reject }
      this.#listenTo(request.signal)
      if (request.signal.aborted) this.#giveUp()
      else send(modbus, this.#answered)
    })
  }

  readonly #answered = (error: Error | null, answer: unknown) => {
    const asked = this.#settle()
    if (answer) asked?.resolve(answer as never)
    else asked?.reject(translated(error, whatOf(asked.doing, asked.request)))
  }

  readonly #giveUp = () => this.#fail('TIMED_OUT', 'given up before the answer came', this.#signal?.reason)

  readonly #runOut = () => {
    const complaint = this.#port.complaint()
    if (complaint !== undefined) this.#complain(complaint)
    else this.#fail('TIMED_OUT', `no answer within ${(this.#asked?.request.timeoutMs ?? 0) / 1000} s`)
  }

  #complain(fault: string): void {
    this.#fail('PROTOCOL_VIOLATED', `the answer is unusable, ${fault}`)
  }

  #fail(code: ErrorCode, outcome: string, cause?: unknown): void {
    const asked = this.#settle()
    asked?.reject(new BakewireError(code, `${whatOf(asked.doing, asked.request)}: ${outcome}`, { cause }))
  }

  #settle(): Asked | undefined {
    const asked = this.#asked
    if (!asked) return undefined
    clearTimeout(asked.timer)
    this.#asked = undefined
    this.#port.forget()
    return asked
  }
}

function whatOf(doing: Doing, { address, unitId }: Place): string {
  return `${doing} ${address} of unit ${unitId}`
}

function translated(error: Error | null, doing: string): BakewireError {
  if (error && 'modbusCode' in error && typeof error.modbusCode === 'number') {
    return modbusException(error.modbusCode, doing)
  }
  return new BakewireError('PROTOCOL_VIOLATED', `${doing}: the answer is unusable`, { cause: error })
}
