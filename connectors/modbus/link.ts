import { setTimeout as sleep } from 'node:timers/promises'
import { BakewireError, type LinkTools } from '#connector'
import { type Line, type ModbusClient, openModbusClient, silenceMs } from '#protocol/modbus'
import { openWire } from './open-wire.ts'
import { isSerialPort, serialLineOf } from './serial-endpoint.ts'
import type { ModbusTarget } from './settings.ts'
import type { TargetPlan } from './target-plan.ts'

export interface ModbusLink {
  readonly connection: Connection
  /** What was learnt of a machine is kept as long as the link and the machine's configuration live. */
  readonly plans: WeakMap<ModbusTarget, TargetPlan>
}

type ConnectionTools = Pick<LinkTools, 'dial' | 'signal' | 'clock' | 'lost' | 'reached'>

/** Throws what dialling or opening a serial port throws, and LINK_LOST. */
export async function openLink(target: ModbusTarget, tools: ConnectionTools): Promise<ModbusLink> {
  const connection = new Connection(target, tools)
  await connection.open(tools.signal)
  return { connection, plans: new WeakMap() }
}

/**
 * The one connection to a machine or gateway, or the one serial port, with one request at a time. It is made anew between
 * two reads where the machine wants that (`close_after_read`), and before a unit is asked again that left a request
 * unanswered in a framing whose answers have no number: what such a unit still sends then ends with the old connection.
 * Its neighbours keep theirs. A serial port cannot be exchanged for one without the late answer: there it is waited out.
 */
class Connection {
  readonly #target: ModbusTarget
  readonly #tools: ConnectionTools
  readonly #framing: 'tcp' | 'rtu_over_tcp' | 'rtu'
  /** Least time between two requests, ms. */
  readonly #restMs: number
  /** By unit that gave no usable answer, until when one may still come, by the monotonic clock. */
  readonly #unanswered = new Map<number, number>()
  readonly #line: Line = {}
  #client: ModbusClient | undefined
  /** When the last request ended or the connection was made, by the monotonic clock. */
  #busyUntil = 0
  #isClosed = false

  constructor(target: ModbusTarget, tools: ConnectionTools) {
    const { pause_ms, framing } = target.settings
    this.#target = target
    this.#tools = tools
    const isSerial = isSerialPort(target.endpoint)
    this.#framing = isSerial ? 'rtu' : framing
    // Over a network the gateway keeps the silence between frames, which is its line's.
    this.#restMs = isSerial ? Math.max(pause_ms, silenceMs(serialLineOf(target).baudRate)) : pause_ms
  }

  /** Whether an echo can be told from the answer to a request that is confirmed by its own bytes. */
  get tellsEchoes(): boolean {
    return this.#framing === 'tcp' || this.#line.echoes !== undefined
  }

  async open(signal: AbortSignal): Promise<ModbusClient> {
    const { clock, lost } = this.#tools
    if (this.#isClosed) throw new BakewireError('LINK_LOST', 'the connection was closed')
    const wire = await openWire(this.#target, this.#tools, signal)
    const client = await openModbusClient({ wire, framing: this.#framing, line: this.#line, lost })
    if (signal.aborted || this.#isClosed) {
      client.close()
      throw signal.reason ?? new BakewireError('LINK_LOST', 'the connection was closed')
    }
    this.#busyUntil = clock.monotonic()
    this.#client = client
    return client
  }

  /** Sends one request to a unit when its turn has come. Throws what the client throws, and what dialling throws. */
  ask<Answer>(unitId: number, signal: AbortSignal, send: (client: ModbusClient) => Promise<Answer>): Promise<Answer> {
    // Answers carry numbers and nothing has to be waited for: of most machines this is every poll.
    if (this.#framing === 'tcp' && this.#restMs === 0 && this.#client) return send(this.#client)
    return this.#askInTurn(unitId, signal, send)
  }

  /** Ends the connection until the next request, and waits until the peer has let go: some have only one. */
  async end(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    if (this.#framing !== 'rtu') this.#unanswered.clear()
    await client?.end()
  }

  close(): void {
    this.#isClosed = true
    this.#client?.close()
  }

  async #askInTurn<Answer>(
    unitId: number,
    signal: AbortSignal,
    send: (client: ModbusClient) => Promise<Answer>,
  ): Promise<Answer> {
    const unansweredUntil = this.#unanswered.get(unitId)
    if (unansweredUntil !== undefined) await this.#outlast(unitId, unansweredUntil, signal)
    const client = this.#client ?? (await this.#reopen(signal))
    if (this.#restMs > 0) await this.#rest(this.#busyUntil + this.#restMs, signal)
    const startedAt = this.#tools.clock.monotonic()
    try {
      return await send(client)
    } catch (error) {
      if (this.#framing !== 'tcp' && isUnanswered(error)) {
        const now = this.#tools.clock.monotonic()
        // An answer that takes twice the time that the machine is given is none of this world.
        this.#unanswered.set(unitId, now + (now - startedAt))
      }
      throw error
    } finally {
      this.#busyUntil = this.#tools.clock.monotonic()
    }
  }

  /** What the unit may still send for an earlier request must not be taken for the next answer. */
  async #outlast(unitId: number, until: number, signal: AbortSignal): Promise<void> {
    if (this.#framing === 'rtu') await this.#rest(until, signal)
    else await this.end()
    this.#unanswered.delete(unitId)
  }

  /** A link that cannot be connected again is lost: the framework then opens a new one in its own time. */
  async #reopen(signal: AbortSignal): Promise<ModbusClient> {
    try {
      return await this.open(signal)
    } catch (cause) {
      if (signal.aborted) throw new BakewireError('TIMED_OUT', 'given up before it was connected again', { cause })
      const error =
        cause instanceof BakewireError ? cause : new BakewireError('LINK_LOST', 'connecting again failed', { cause })
      this.#tools.lost(error)
      throw error
    }
  }

  async #rest(until: number, signal: AbortSignal): Promise<void> {
    const restMs = until - this.#tools.clock.monotonic()
    // It rejects when the request is given up: then it is not sent either, and says so.
    if (restMs > 0) await sleep(Math.ceil(restMs), undefined, { signal }).catch(() => undefined)
  }
}

function isUnanswered(error: unknown): boolean {
  return error instanceof BakewireError && (error.code === 'TIMED_OUT' || error.code === 'PROTOCOL_VIOLATED')
}
