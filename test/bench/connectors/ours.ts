import { parseTarget } from '#connector'
import { loadOurs } from './ours-session.ts'
import { metrics, serve } from './subject.ts'

/** `ours.ts <connector>`: a session for each link, through the egress gate, as pollers have it. */
const [protocol = ''] = process.argv.slice(2)
const { connector, openSession } = await loadOurs(protocol)

/** The first is a serial number. */
const numbers = (metric: string, index: number) => ({
  metric,
  table: 'holding',
  address: 2 * index,
  type: index === 0 ? 'uint32' : 'float32',
})
const json = (rest: object) => metrics.map((metric) => ({ metric, pointer: `/${metric}`, ...rest }))
const configurations: Readonly<Record<string, (port: number) => object>> = {
  modbus: () => ({ additional_config: { points: metrics.map(numbers) } }),
  rest_api: () => ({ endpoint: 'http://127.0.0.1', additional_config: { points: json({}) } }),
  wachtel: () => ({
    endpoint: 'http://127.0.0.1',
    additional_config: { oven_id: 'W-1', standard_points: false, points: json({}) },
  }),
  mqtt: () => ({ additional_config: { points: json({ topic: 'oven/status' }) } }),
  rational: () => ({
    endpoint: 'opc.tcp://127.0.0.1',
    credentials: { username: 'baker', password: 'example-password' },
    additional_config: {
      unit_id: '4711',
      security_policy: 'Basic256Sha256',
      points: metrics.map((metric, index) => ({ metric, variable: `CombiSteamer/Value_${index}` })),
    },
  }),
  opc_ua: () => ({
    endpoint: 'opc.tcp://127.0.0.1',
    additional_config: {
      security_mode: 'None',
      points: metrics.map((metric) => ({ metric, node: `nsu=http://bakery.example/oven/;s=${metric}` })),
    },
  }),
}

let machines = 0
serve(async (port) => {
  const configuration = { endpoint: '127.0.0.1', ...configurations[protocol]?.(port), port }
  const target = parseTarget(connector, `machine-${machines++}`, configuration)
  const session = openSession()
  const listener = { intervalMs: 1_000, heard: () => undefined, signal: new AbortController().signal }
  return {
    async read() {
      const { samples } = await session.read(target, target.points, listener)
      return samples.filter((sample) => 'value' in sample).length
    },
  }
})
