import { onTestFinished } from 'vitest'
import { type Browsed, type BrowseRequest, type Dial, kit, parseTarget, type Sample } from '#connector'
import { silentLog, systemClock } from '#core'
import { createEgressGate, parseEgressAllow } from '#egress'
import { createSession, type Listener } from '#session'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import defineMqtt from './index.ts'
import type { MqttTarget } from './schemas.ts'
import { type BrokerEquipment, brokerEquipment } from './simulation/broker-equipment.ts'
import { type SimulatedBroker, startBroker } from './simulation/start-broker.ts'

export const connector = defineMqtt(kit)
const gate = createEgressGate({ allow: parseEgressAllow('127.0.0.1'), denied: [], log: silentLog })
/** For tests: 20 November 2026, 12:00, when nothing has passed. */
export const start = Date.parse('2026-11-20T12:00:00Z')

/** A simulated broker that ends with the test. */
export async function startTestBroker(given: object): Promise<SimulatedBroker & { hold(next: object): void }> {
  const broker = await startBroker(equipmentOf(given))
  onTestFinished(broker.stop)
  return { ...broker, hold: (next) => broker.hold(equipmentOf(next)) }
}

function equipmentOf(given: object): BrokerEquipment {
  return brokerEquipment.parse(given)
}

/** A target of this broker, parsed as it would be from a request. */
export function targetOf(broker: { port: number }, points: readonly object[], given: Given = {}): MqttTarget {
  return parseTarget(connector, 'machine-1', {
    endpoint: given.endpoint ?? '127.0.0.1',
    port: broker.port,
    credentials: given.credentials ?? {},
    additional_config: { timeout: 10, ...given.settings, points },
  }) as MqttTarget
}

interface Given {
  readonly endpoint?: string
  readonly credentials?: Readonly<Record<string, unknown>>
  readonly settings?: Readonly<Record<string, unknown>>
}

/** An open link whose clock is the test's: `pass` lets seconds go by. Ends with the test. */
export async function openLink(target: MqttTarget) {
  const dialled: number[] = []
  const dial: Dial = (to) => {
    dialled.push(to.port)
    return gate.dial(to)
  }
  let passedMs = 0
  const losses: Error[] = []
  // As the framework does it: a lost link ends all that is under way on it.
  const lifetime = new AbortController()
  const link = await connector.open(target, {
    dial,
    memory: createPassingMemory(),
    trust: createPassingTrust(),
    signal: lifetime.signal,
    clock: { now: () => start + passedMs, monotonic: () => 5_000 + passedMs },
    log: silentLog,
    lost: (error) => {
      losses.push(error)
      lifetime.abort()
    },
    reached: () => undefined,
  })
  onTestFinished(() => connector.close(link))
  const read = async (of: MqttTarget = target): Promise<Sample[]> =>
    (await connector.read?.(link, { target: of, points: of.points, signal: lifetime.signal })) ?? []
  /** What is told of a machine between reads; `told` grows until `stop`. */
  const subscribe = async (of: MqttTarget = target, intervalMs = 60_000) => {
    const told: Sample[][] = []
    const listening = new AbortController()
    const signal = AbortSignal.any([lifetime.signal, listening.signal])
    const heard = (samples: Sample[]) => void told.push(samples)
    await connector.subscribe?.(link, { target: of, points: of.points, intervalMs, heard, signal })
    return { told, stop: () => listening.abort() }
  }
  const write = async (values: Readonly<Record<string, number | string | boolean>>, of: MqttTarget = target) => {
    const writes = Object.entries(values).map(([metric, value]) => {
      const point = of.points.find((candidate) => candidate.metric === metric)
      if (!point) throw new Error(`there is no point ${metric}`)
      return { point, value }
    })
    return (await connector.write?.(link, { target: of, writes, signal: lifetime.signal })) ?? []
  }
  const browse = async (asked: Partial<Omit<BrowseRequest<MqttTarget>, 'target'>> = {}): Promise<Browsed> => {
    const all = { at: undefined, cursor: undefined, limit: 100, seconds: 0.3, signal: lifetime.signal, ...asked }
    return (await connector.browse?.(link, { target, ...all })) ?? { found: [] }
  }
  return {
    read,
    browse,
    subscribe,
    write,
    losses,
    /** One entry for each connection. */
    dialled,
    pass: (seconds: number) => {
      passedMs += seconds * 1_000
    },
  }
}

/** The link as the framework keeps it. */
export function sessionOf(listener?: Listener) {
  const kept = { memory: createPassingMemory(), trust: createPassingTrust() }
  const session = createSession({ connector, dial: gate.dial, clock: systemClock, log: silentLog, ...kept })
  onTestFinished(() => session.close())
  const read = async (target: MqttTarget) => (await session.read(target, target.points, listener)).samples
  return { session, read, retryNow: session.retryNow }
}
