import { createServer } from 'node:net'
import { judgeArrivals } from './judge-arrivals.ts'

/**
 * Simulated machines in a process of their own, each with 20 holding registers on a port of its own: a serial number that
 * grows with every answer, then nine floats. Notes when each request arrived, so that every poller is judged by the same clock.
 */
const [count = 0, intervalMs = 1000] = process.argv.slice(2).map(Number)
const machines = Array.from({ length: count }, () => ({ serial: 0, arrivals: [] as number[], open: 0, doubled: 0 }))
const registerBytes = 40

const ports = await Promise.all(
  machines.map(
    (machine) =>
      new Promise<number>((resolve) => {
        const server = createServer({ noDelay: true }, (socket) => {
          machine.open += 1
          if (machine.open > 1) machine.doubled += 1
          socket.on('close', () => {
            machine.open -= 1
          })
          socket.on('error', () => socket.destroy())
          socket.on('data', (request) => {
            machine.arrivals.push(performance.now())
            socket.write(answer(request, machine))
          })
        })
        server.listen(0, '127.0.0.1', () => {
          const address = server.address()
          resolve(typeof address === 'object' && address ? address.port : 0)
        })
      }),
  ),
)

function answer(request: Buffer, machine: { serial: number }): Buffer {
  const reply = Buffer.alloc(9 + registerBytes)
  request.copy(reply, 0, 0, 4)
  reply.writeUInt16BE(3 + registerBytes, 4)
  reply[6] = request[6] ?? 0
  reply[7] = request[7] ?? 0
  reply[8] = registerBytes
  machine.serial += 1
  reply.writeUInt32BE(machine.serial, 9)
  for (let index = 1; index < 10; index += 1) reply.writeFloatBE(20 + index + (machine.serial % 10) / 4, 9 + 4 * index)
  return reply
}

/** Gaps between the polls of each machine, the last poll before the window included, and how often a second connection came. */
function gaps(fromMs: number, untilMs: number) {
  let longestGapMs = 0
  let missed = 0
  let late = 0
  for (const { arrivals } of machines) {
    const before = arrivals.findLastIndex((at) => at < fromMs)
    const times = [...arrivals.slice(Math.max(0, before)).filter((at) => at < untilMs), untilMs]
    const between = times.slice(1).map((at, index) => at - (times[index] ?? at))
    longestGapMs = Math.max(longestGapMs, ...between)
    for (const gap of between) missed += Math.max(0, Math.round(gap / intervalMs) - 1)
    // Two intervals, and what timers are late, are one poll missed.
    if (between.some((gap) => Math.round(gap / intervalMs) > 2)) late += 1
  }
  const doubled = machines.reduce((sum, machine) => sum + machine.doubled, 0)
  for (const machine of machines) machine.doubled = 0
  return { longestGapMs, missed, late, doubled }
}

process.on('message', (message: { ask: 'judge' | 'gaps' | 'served' | 'reset'; forMs?: number }) => {
  const now = performance.now()
  if (message.ask === 'judge')
    process.send?.(judgeArrivals(machines, { fromMs: now - (message.forMs ?? 0), untilMs: now, intervalMs }))
  if (message.ask === 'gaps') process.send?.(gaps(now - (message.forMs ?? 0), now))
  if (message.ask === 'served') process.send?.(machines.reduce((sum, machine) => sum + machine.serial, 0))
  if (message.ask === 'reset') {
    for (const machine of machines) {
      machine.serial = 0
      machine.arrivals.length = 0
    }
    process.send?.('done')
  }
})
process.send?.(ports)
