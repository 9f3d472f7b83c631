import type { Socket } from 'node:net'
import { BakewireError, type ErrorCode } from '#core'
import { FramedPort } from './framed-port.ts'
import type { FramingName } from './framing.ts'
import { modbusException } from './modbus-exception.ts'
import type { BitTable, RegisterTable, Table } from './tables.ts'

export interface BlockRequest<T extends Table> {
  readonly table: T
  /** 0 … 255. */
  readonly unitId: number
  /** 0-based address of the first register or bit. */
  readonly address: number
  readonly count: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * A connection to one Modbus machine or gateway; one read at a time. A read throws POINT_REFUSED, DEVICE_BUSY,
 * UNREACHABLE (a unit behind the gateway) or TIMED_OUT (also when its signal aborts), after which the connection goes on,
 * or LINK_LOST, after which it is closed. After PROTOCOL_VIOLATED it is closed in Modbus TCP and mostly goes on in RTU over
 * TCP; in the latter a unit that gave no usable answer must not be asked again on the same connection, because what it
 * still sends would be taken for the next answer.
 */
export interface ModbusClient {
  /** Registers, 0 … 65535 each. */
  readRegisters(request: BlockRequest<RegisterTable>): Promise<readonly number[]>
  readBits(request: BlockRequest<BitTable>): Promise<readonly boolean[]>
  /** Safe twice and after the peer has gone. */
  close(): void
  /** Closes, and resolves when the peer has ended its side too, so that its slot is free; at latest after a second. */
  end(): Promise<void>
}

/**
 * Takes over a connected socket, also when it throws. `lost` is called once when the open connection ends in any way
 * other than `close` and `end`. Throws LINK_LOST or PROTOCOL_VIOLATED when the connection ends before it is open.
 */
export async function openModbusClient(options: {
  readonly socket: Socket
  readonly framing: FramingName
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
type Answered<Value> = (error: Error | null, answer: { readonly data: readonly Value[] } | undefined) => void

async function loadModbusSerial(port: FramedPort) {
  const library = await import('modbus-serial')
  const modbus = new library.default.default(port)
  modbus.open()
  return modbus
}

class Connection implements ModbusClient {
  readonly #port: FramedPort
  #modbus: ModbusSerial | undefined
  #fail: ((code: ErrorCode, outcome: string, cause?: unknown) => void) | undefined
  #broken: BakewireError | undefined
  #signal: AbortSignal | undefined

  constructor({ socket, framing, lost }: Parameters<typeof openModbusClient>[0]) {
    this.#port = new FramedPort(socket, {
      framing,
      broken: (error) => {
        this.#broken = error
        this.#fail?.(error.code, error.message, error.cause)
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
    return this.#read<number>(request, (modbus, answered) => {
      const { table, unitId, address, count } = request
      if (table === 'holding') modbus.writeFC3(unitId, address, count, answered)
      else modbus.writeFC4(unitId, address, count, answered)
    })
  }

  readBits(request: BlockRequest<BitTable>): Promise<readonly boolean[]> {
    return this.#read<boolean>(request, (modbus, answered) => {
      const { table, unitId, address, count } = request
      if (table === 'coil') modbus.writeFC1(unitId, address, count, answered)
      else modbus.writeFC2(unitId, address, count, answered)
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
    this.#fail?.('LINK_LOST', 'the connection was closed')
    // The signal may outlive many connections.
    this.#signal?.removeEventListener('abort', this.#giveUp)
  }

  #complain(fault: string): void {
    this.#fail?.('PROTOCOL_VIOLATED', `the answer is unusable, ${fault}`)
  }

  /** The reads of a link share one signal: listening to it anew for every read would cost more than the read. */
  #listenTo(signal: AbortSignal): void {
    if (signal === this.#signal) return
    this.#signal?.removeEventListener('abort', this.#giveUp)
    this.#signal = signal
    signal.addEventListener('abort', this.#giveUp)
  }

  readonly #giveUp = () => this.#fail?.('TIMED_OUT', 'given up before the answer came', this.#signal?.reason)

  #read<Value>(
    request: BlockRequest<Table>,
    send: (modbus: ModbusSerial, answered: Answered<Value>) => void,
  ): Promise<readonly Value[]> {
    const { table, unitId, address, count, timeoutMs, signal } = request
    const doing = `reading ${table} ${address} of unit ${unitId}`
    return new Promise((resolve, reject) => {
      const modbus = this.#modbus
      if (!modbus || this.#fail) throw new Error(`${doing} while another read is under way`)
      if (this.#broken) {
        const { code, message, cause } = this.#broken
        throw new BakewireError(code, `${doing}: ${message}`, { cause })
      }
      const settle = () => {
        clearTimeout(timer)
        this.#port.forget()
        this.#fail = undefined
      }
      const fail = (code: ErrorCode, outcome: string, cause?: unknown) => {
        settle()
        reject(new BakewireError(code, `${doing}: ${outcome}`, { cause }))
      }
      const runOut = () => {
        const complaint = this.#port.complaint()
        if (complaint === undefined) fail('TIMED_OUT', `no answer within ${timeoutMs / 1000} s`)
        else this.#complain(complaint)
      }
      const timer = setTimeout(runOut, timeoutMs)
      this.#fail = fail
      this.#listenTo(signal)
      if (signal.aborted) return this.#giveUp()
      send(modbus, (error, answer) => {
        settle()
        if (answer) resolve(answer.data.length > count ? answer.data.slice(0, count) : answer.data)
        else reject(translated(error, doing))
      })
    })
  }
}

function translated(error: Error | null, doing: string): BakewireError {
  if (error && 'modbusCode' in error && typeof error.modbusCode === 'number') {
    return modbusException(error.modbusCode, doing)
  }
  return new BakewireError('PROTOCOL_VIOLATED', `${doing}: the answer is unusable`, { cause: error })
}
