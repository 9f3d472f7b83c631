import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FramingName } from '#protocol/modbus'
import { answerRequest } from './answer-request.ts'
import { type ModbusMisbehaviour, misbehave } from './misbehave.ts'
import { fillUnit, type UnitContents, type UnitMemory } from './unit-memory.ts'
import { type Wire, wires } from './wire.ts'

export interface ModbusSimulatorOptions {
  /** Default 0: a free one. */
  readonly port?: number
  readonly host?: string
  /** Default `tcp`. */
  readonly framing?: FramingName
  readonly units: Readonly<Record<string, UnitContents>>
  /** Connections beyond this are closed at once, as machines with few slots do. Default: no limit. */
  readonly maxConnections?: number
}

/** A Modbus machine (or a gateway with several units) on a real socket. */
export interface ModbusSimulator {
  readonly host: string
  readonly port: number
  /** By unit id; live. */
  readonly units: Map<number, UnitMemory>
  /** Connections that are open now. */
  connections(): number
  /** Connections that were taken since the start. */
  accepted(): number
  /** Connections that were closed at once since the start, for want of a slot. */
  refused(): number
  /** Requests answered or left unanswered since the start. */
  requests(): number
  misbehave(behaviour: ModbusMisbehaviour): void
  /** Called before each request is answered, with its number since the start and as a frame of Modbus TCP. */
  onRequest(called: (nth: number, request: Buffer) => void): void
  /** Closes every connection and the port. Safe twice. */
  stop(): Promise<void>
}

const keepingNothing: ReadonlySet<ModbusMisbehaviour['kind']> = new Set(['unheeded', 'exception', 'echo_only'])
const honest: ModbusMisbehaviour = { kind: 'none', value: 0 }

export async function startModbusSimulator(options: ModbusSimulatorOptions): Promise<ModbusSimulator> {
  const { port = 0, host = '127.0.0.1', framing = 'tcp', maxConnections = Number.POSITIVE_INFINITY } = options
  const wire = wires[framing]
  const units = new Map(Object.entries(options.units).map(([id, contents]) => [Number(id), fillUnit(contents)]))
  const sockets = new Set<Socket>()
  let behaviour = honest
  let called: (nth: number, request: Buffer) => void = () => undefined
  let requests = 0
  let accepted = 0
  let refused = 0
  let stopped: Promise<void> | undefined

  const answer = (socket: Socket, request: Buffer) => {
    requests++
    called(requests, request)
    // Behind a serial line nobody speaks for a unit that is not there; a gateway of Modbus TCP does.
    if (framing === 'rtu_over_tcp' && !units.has(request.readUInt8(6))) return
    const isHonest = behaviour.kind === 'none' || (behaviour.unit ?? request[6]) !== request[6]
    const keepsNothing = !isHonest && keepingNothing.has(behaviour.kind)
    const right = answerRequest(request, keepsNothing ? structuredClone(units) : units)
    if (isHonest) socket.write(wire.frame(right))
    else void perform(socket, misbehave(behaviour, { request, answer: right, frame: wire.frame }))
  }

  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    // A client that breaks the connection is no fault of the simulator; `close` follows and forgets the socket.
    socket.on('error', () => socket.destroy())
    if (sockets.size >= maxConnections || behaviour.kind === 'closing_at_once') {
      refused++
      socket.destroy()
      return
    }
    accepted++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('end', () => socket.end())
    if (behaviour.kind === 'banner') socket.write('SSH-2.0-OpenSSH_9.2\r\n')
    serveFrames(socket, wire, (request) => answer(socket, request))
  })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the simulator has no TCP port')

  return {
    host,
    port: address.port,
    units,
    connections: () => sockets.size,
    accepted: () => accepted,
    refused: () => refused,
    requests: () => requests,
    misbehave: (next) => {
      behaviour = next
    },
    onRequest: (next) => {
      called = next
    },
    stop: () => {
      stopped ??= stopServer(server, sockets)
      return stopped
    },
  }
}

async function stopServer(server: Server, sockets: Set<Socket>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  for (const socket of sockets) socket.destroy()
  await closed
  sockets.clear()
}

/** Calls `serve` with every complete request; a client that does not speak Modbus is cut off. */
function serveFrames(socket: Socket, wire: Wire, serve: (request: Buffer) => void): void {
  let received: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    for (let found = wire.take(received); found !== 'incomplete'; found = wire.take(received)) {
      if (found === 'foreign') {
        socket.destroy()
        return
      }
      serve(found.request)
      received = received.subarray(found.bytes)
    }
  })
}

async function perform(socket: Socket, action: ReturnType<typeof misbehave>): Promise<void> {
  if (action.afterMs > 0) await sleep(action.afterMs, undefined, { ref: false })
  for (const [index, bytes] of action.send.entries()) {
    if (index > 0 && action.betweenMs > 0) await sleep(action.betweenMs, undefined, { ref: false })
    if (socket.destroyed) return
    socket.write(bytes)
  }
  if (action.ending === 'close') socket.destroySoon()
  if (action.ending === 'half-close') socket.end()
}
