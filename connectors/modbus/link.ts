import { setTimeout as sleep } from 'node:timers/promises'
import { BakewireError, type LinkTools } from '#connector'
import { type ModbusClient, openModbusClient } from '#protocol/modbus'
import type { ModbusTarget } from './settings.ts'
import type { TargetPlan } from './target-plan.ts'

export interface ModbusLink {
  readonly connection: Connection
  /** What was learnt of a machine is kept as long as the link and the machine's configuration live. */
  readonly plans: WeakMap<ModbusTarget, TargetPlan>
}

type ConnectionTools = Pick<LinkTools, 'dial' | 'signal' | 'clock' | 'lost'>

/** Throws what dialling throws, and LINK_LOST. */
export async function openLink(target: ModbusTarget, tools: ConnectionTools): Promise<ModbusLink> {
  const connection = new Connection(target, tools)
  await connection.open(tools.signal)
  return { connection, plans: new WeakMap() }
}

/**
 * The one connection to a machine or gateway, one request at a time. It is made anew between two reads where the machine
 * wants that (`close_after_read`), and before a unit is asked again that left a request unanswered in a framing whose
 * answers have no number: what such a unit still sends then ends with the old connection. Its neighbours keep theirs.
 */
class Connection {
  readonly #target: ModbusTarget
  readonly #tools: ConnectionTools
  readonly #unanswered = new Set<number>()
  #client: ModbusClient | undefined
  /** When the last request ended or the connection was made, by the monotonic clock. */
  #busyUntil = 0
  #isClosed = false

  constructor(target: ModbusTarget, tools: ConnectionTools) {
    this.#target = target
    this.#tools = tools
  }

  async open(signal: AbortSignal): Promise<ModbusClient> {
    const { endpoint: host, port, settings } = this.#target
    const { dial, clock, lost } = this.#tools
    if (this.#isClosed) throw new BakewireError('LINK_LOST', 'the connection was closed')
    const socket = await dial({ host, port, signal })
    const client = await openModbusClient({ socket, framing: settings.framing, lost })
    if (signal.aborted || this.#isClosed) {
      client.close()
      throw signal.reason ?? new BakewireError('LINK_LOST', 'the connection was closed')
    }
    this.#busyUntil = clock.monotonic()
    this.#client = client
    return client
  }

  /** Sends one request to a unit when its turn has come. Throws what the client throws, and what dialling throws. */
  async ask<Answer>(
    unitId: number,
    signal: AbortSignal,
    send: (client: ModbusClient) => Promise<Answer>,
  ): Promise<Answer> {
    if (this.#unanswered.has(unitId)) await this.end()
    const client = this.#client ?? (await this.#reopen(signal))
    await this.#pause(signal)
    try {
      return await send(client)
    } catch (error) {
      if (this.#target.settings.framing === 'rtu_over_tcp' && isUnanswered(error)) this.#unanswered.add(unitId)
      throw error
    } finally {
      this.#busyUntil = this.#tools.clock.monotonic()
    }
  }

  /** Ends the connection until the next request, and waits until the peer has let go: some have only one. */
  async end(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    this.#unanswered.clear()
    await client?.end()
  }

  close(): void {
    this.#isClosed = true
    this.#client?.close()
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

  async #pause(signal: AbortSignal): Promise<void> {
    const { pause_ms } = this.#target.settings
    if (pause_ms === 0) return
    const rest = this.#busyUntil + pause_ms - this.#tools.clock.monotonic()
    // It rejects when the read is given up: then the request is not sent either, and says so.
    if (rest > 0) await sleep(rest, undefined, { signal }).catch(() => undefined)
  }
}

function isUnanswered(error: unknown): boolean {
  return error instanceof BakewireError && (error.code === 'TIMED_OUT' || error.code === 'PROTOCOL_VIOLATED')
}
