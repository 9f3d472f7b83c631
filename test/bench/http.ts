import { adminKey, generateLoad, startApi, startBeside } from './http/start-api.ts'

/** `npm run bench http [seconds]`: `GET realtime-data` beside a bare Fastify route with the same SQL, in turns. */
const [seconds = 10] = process.argv.slice(2).map(Number)
const machineCount = 100
const rounds = 3
const connections = 16
const steadyRate = 500

interface Measured {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

const api = await startApi(machineCount)
const bare = await startBeside<{ port: number }>('bare-server.ts', [api.url])
try {
  for (let second = 120; second >= 0; second -= 1) await api.write(Date.now() - second * 1_000)
  const ours = { origin: api.origin, prefix: '/api/v1' }
  const beside = { origin: `http://127.0.0.1:${bare.said.port}`, prefix: '' }
  const throughput = { ours: 0, bare: 0 }
  for (const place of [ours, beside]) await load(place, { rate: 0, forSeconds: 3 })
  for (let round = 0; round < rounds; round += 1) {
    throughput.ours += (await load(ours, { rate: 0, forSeconds: seconds })).perSecond / rounds
    throughput.bare += (await load(beside, { rate: 0, forSeconds: seconds })).perSecond / rounds
  }
  const part = (throughput.ours / throughput.bare) * 100
  console.log(
    `${connections} connections: bare ${throughput.bare.toFixed(0)}/s, ours ${throughput.ours.toFixed(0)}/s: ${part.toFixed(0)} %`,
  )
  const steady: Record<'bare' | 'ours', Measured[]> = { bare: [], ours: [] }
  for (let round = 0; round < rounds; round += 1) {
    steady.bare.push(await load(beside, { rate: steadyRate, forSeconds: seconds }))
    steady.ours.push(await load(ours, { rate: steadyRate, forSeconds: seconds }))
  }
  for (const [name, measured] of Object.entries(steady)) {
    const of = (what: keyof Measured) =>
      measured.map((one) => one[what].toFixed(what === 'perSecond' ? 0 : 1)).join(' / ')
    console.log(`${name} at ${of('perSecond')} a second: p50 ${of('p50')} ms, p99 ${of('p99')} ms, max ${of('max')} ms`)
  }
} finally {
  bare.child.kill()
  await api.stop()
}

function load(place: { origin: string; prefix: string }, { rate, forSeconds }: { rate: number; forSeconds: number }) {
  return generateLoad<Measured>([
    place.origin,
    place.prefix,
    adminKey,
    api.ids.join(','),
    connections,
    forSeconds,
    rate,
  ])
}
