import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MachineAddress } from '../poll/configure-machines.ts'
import { judgeArrivals } from '../poll/judge-arrivals.ts'

/** `machines.ts <healthy> <faulty>`: machines of Modbus and REST, three of one for one of the other, some of which hang, drip or flood. */
const [healthy = 0, faulty = 0] = process.argv.slice(2).map(Number)
const intervalMs = 1_000
const dripMs = 50
const floodChunk = Buffer.alloc(64 * 1024, 0xa5)
const faults = ['hang', 'drip', 'flood'] as const

type Protocol = 'modbus' | 'rest_api'
type Behaviour = 'good' | (typeof faults)[number]
interface Machine {
  readonly protocol: Protocol
  readonly behaviour: Behaviour
  readonly arrivals: number[]
}

const machines = Array.from({ length: healthy + faulty }, (_, index): Machine => {
  const behaviour = index < healthy ? 'good' : (faults[index % faults.length] ?? 'hang')
  return { protocol: index % 4 === 3 ? 'rest_api' : 'modbus', behaviour, arrivals: [] }
})

function listen(machine: Machine): Promise<MachineAddress> {
  const { promise, resolve } = Promise.withResolvers<MachineAddress>()
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (request) => {
      machine.arrivals.push(performance.now())
      void answer(machine, request, socket)
    })
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    resolve({ ...addressOf[machine.protocol], protocol: machine.protocol, port })
  })
  return promise
}

const addressOf: Record<Protocol, Pick<MachineAddress, 'endpoint' | 'points'>> = {
  modbus: {
    endpoint: '127.0.0.1',
    points: [
      { metric: 'temperature', table: 'holding', address: 0, type: 'float32' },
      { metric: 'humidity', table: 'holding', address: 2, type: 'float32' },
    ],
  },
  rest_api: {
    endpoint: 'http://127.0.0.1',
    points: [
      { metric: 'temperature', pointer: '/temperature' },
      { metric: 'humidity', pointer: '/humidity' },
    ],
  },
}

async function answer({ protocol, behaviour }: Machine, request: Buffer, socket: Socket): Promise<void> {
  const right = protocol === 'modbus' ? modbusAnswer(request) : httpAnswer()
  if (behaviour === 'good') socket.write(right)
  if (behaviour === 'flood') flood(socket)
  if (behaviour !== 'drip') return
  // The last byte never comes.
  for (const byte of right.subarray(0, -1)) {
    if (socket.destroyed) return
    socket.write(Buffer.of(byte))
    await sleep(dripMs)
  }
}

/** As fast as it is taken, until the other side has had enough. */
function flood(socket: Socket): void {
  if (socket.destroyed) return
  if (socket.write(floodChunk)) setImmediate(flood, socket)
  else socket.once('drain', () => flood(socket))
}

function modbusAnswer(request: Buffer): Buffer {
  const answered = Buffer.alloc(17)
  request.copy(answered, 0, 0, 4)
  answered.writeUInt16BE(11, 4)
  request.copy(answered, 6, 6, 8)
  answered[8] = 8
  answered.writeFloatBE(182.5, 9)
  answered.writeFloatBE(31, 13)
  return answered
}

function httpAnswer(): Buffer {
  const body = '{"temperature":182.5,"humidity":31}'
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
}

process.on('message', ({ forMs }: { forMs: number }) => {
  const untilMs = performance.now()
  const good = machines.filter(({ behaviour }) => behaviour === 'good')
  process.send?.(judgeArrivals(good, { fromMs: untilMs - forMs, untilMs, intervalMs }))
})
process.on('disconnect', () => process.exit(0))
process.send?.(await Promise.all(machines.map(listen)))
