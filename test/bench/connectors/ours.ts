import { join } from 'node:path'
import { loadRegistry, parseTarget } from '#connector'
import { silentLog, systemClock } from '#core'
import { createEgressGate, parseEgressAllow } from '#egress'
import { partsKit } from '#protocol/parts'
import { createSession } from '#session'
import { createPassingMemory } from '../../setup/passing-memory.ts'
import { createFirstTrust } from '../../setup/passing-trust.ts'
import { metrics, serve } from './subject.ts'

/** `ours.ts <connector>`: a session for each link, through the egress gate, as pollers have it. */
const [protocol = ''] = process.argv.slice(2)
const registry = await loadRegistry([join(import.meta.dirname, '../../../connectors')], partsKit)
const { connector } = registry.resolve(protocol)
const { dial } = createEgressGate({ allow: parseEgressAllow('127.0.0.0/8'), denied: [], log: silentLog })

const float = (metric: string, index: number) => ({ metric, table: 'holding', address: 2 * index, type: 'float32' })
const json = (rest: object) => metrics.map((metric) => ({ metric, pointer: `/${metric}`, ...rest }))
const configurations: Readonly<Record<string, (port: number) => object>> = {
  modbus: () => ({ additional_config: { points: metrics.map(float) } }),
  rest_api: () => ({ endpoint: 'http://127.0.0.1', additional_config: { points: json({}) } }),
  wachtel: () => ({
    endpoint: 'http://127.0.0.1',
    additional_config: { oven_id: 'W-1', standard_points: false, points: json({}) },
  }),
  mqtt: () => ({ additional_config: { points: json({ topic: 'oven/status' }) } }),
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
  const memory = createPassingMemory()
  const session = createSession({
    connector,
    dial,
    clock: systemClock,
    log: silentLog,
    memory,
    trust: createFirstTrust(),
  })
  const listener = { intervalMs: 1_000, heard: () => undefined, signal: new AbortController().signal }
  return {
    async read() {
      const { samples } = await session.read(target, target.points, listener)
      return samples.filter((sample) => 'value' in sample).length
    },
  }
})
