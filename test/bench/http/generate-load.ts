import { Pool } from 'undici'

/**
 * Asks for realtime data: as often as `connections` answer, or at a steady rate. Times count from when a request was due.
 * A first second is not counted: it opens its connections then, and its own code is compiled.
 */
const [origin = '', prefix = '', key = '', idList = '', connections = '0', seconds = '0', perSecond = '0'] =
  process.argv.slice(2)
const ids = idList.split(',')
const pool = new Pool(origin, { connections: Number(connections), pipelining: 1 })
const times: number[] = []
let asked = 0

async function ask(due: number): Promise<void> {
  const path = `${prefix}/equipment/${ids[asked++ % ids.length]}/realtime-data`
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers: { authorization: `Bearer ${key}` } })
  const answer = (await body.json()) as { temperature?: number }
  if (statusCode !== 200 || answer.temperature !== 184.5) throw new Error(`answered with ${statusCode}`)
  if (due >= countedFrom) times.push(performance.now() - due)
}

const startedAt = performance.now()
const countedFrom = startedAt + 1_000
const until = countedFrom + 1_000 * Number(seconds)
if (perSecond === '0') {
  const oneConnection = async () => {
    while (performance.now() < until) await ask(performance.now())
  }
  await Promise.all(Array.from({ length: Number(connections) }, oneConnection))
} else {
  const underWay = new Set<Promise<void>>()
  for (let due = startedAt; due < until; ) {
    if (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, 1))
    for (; due <= performance.now(); due += 1_000 / Number(perSecond)) {
      const one: Promise<void> = ask(due).finally(() => underWay.delete(one))
      underWay.add(one)
    }
  }
  await Promise.all(underWay)
}
const elapsed = (performance.now() - countedFrom) / 1_000
times.sort((a, b) => a - b)
const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))]
process.send?.({ perSecond: times.length / elapsed, p50: at(0.5), p99: at(0.99), max: times.at(-1) })
await pool.destroy()
process.disconnect?.()
