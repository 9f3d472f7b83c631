import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** `npm run bench monitored [items] [seconds]`: values of an OPC UA server that change every second, told by one session; beside node-opcua's client alone. */
const [items = '1000', seconds = '20'] = process.argv.slice(2)
const folder = join(import.meta.dirname, 'connectors')

interface Heard {
  readonly told: number
  /** After the change, ms. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly cpuSeconds: number
}

const machines = fork(join(folder, 'machines.ts'), ['changing', items])
try {
  const [port] = (await once(machines, 'message')) as [number]
  for (const side of ['bare', 'ours']) {
    const child = fork(join(folder, 'monitor.ts'), [side, String(port), items])
    await once(child, 'message')
    await sleep(5_000)
    child.send({ forMs: Number(seconds) * 1_000 })
    const [{ told, p50, p99, max, cpuSeconds }] = (await once(child, 'message')) as [Heard]
    child.disconnect()
    await once(child, 'exit')
    console.log(
      `${side}: ${items} items that change every second, ${told} values in ${seconds} s; ` +
        `p50 ${p50} ms, p99 ${p99} ms, max ${max} ms after the change; ` +
        `CPU ${((cpuSeconds / told) * 1e6).toFixed(0)} µs a value`,
    )
  }
} finally {
  machines.kill()
}
