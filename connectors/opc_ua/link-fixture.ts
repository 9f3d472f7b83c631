import { onTestFinished } from 'vitest'
import {
  type BakewireError,
  type Dial,
  kit,
  type LinkTools,
  parseTarget,
  type Sample,
  type Stage,
  type Trust,
} from '#connector'
import { type Clock, silentLog, systemClock } from '#core'
import { plainDial } from '../../test/contract/plain-dial.ts'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import define from './index.ts'

const connector = define(kit)
const namespace = 'http://bakery.example/oven/'
const point = { metric: 'temperature', node: `nsu=${namespace};s=T` }

/** A simulated machine with one variable, `s=T`. */
export const holding = (value: number, rest: object = {}) => ({
  variables: [{ node: 's=T', type: 'Double', value }],
  ...rest,
})

interface Options {
  readonly trust?: Trust
  readonly credentials?: object
  readonly settings?: object
  readonly clock?: Clock
}

/** A link to a simulated machine that reads its one point, and what it told the framework. It is closed with the test. */
export async function openLink(
  { port }: { readonly port: number },
  { trust = createPassingTrust(), credentials = {}, settings = {}, clock = systemClock }: Options = {},
) {
  const target = parseTarget(connector, 'machine-1', {
    endpoint: `opc.tcp://127.0.0.1:${port}/some/path`,
    credentials,
    additional_config: { points: [point], ...settings },
  })
  const { dial, openSockets } = plainDial()
  const dialled: string[] = []
  const lost: Error[] = []
  const stages: Stage[] = []
  const noting: Dial = (to) => {
    dialled.push(`${to.host}:${to.port}`)
    return dial(to)
  }
  const tools: LinkTools = {
    dial: noting,
    trust,
    memory: createPassingMemory(),
    signal: new AbortController().signal,
    clock,
    log: silentLog,
    lost: (error) => lost.push(error),
    reached: (stage) => stages.push(stage),
  }
  const link = await connector.open(target, tools)
  onTestFinished(async () => connector.close(link))
  const { points } = target
  const lifetime = new AbortController()
  const { signal } = lifetime
  onTestFinished(() => lifetime.abort())
  const read = async (): Promise<Sample[]> => (await connector.read?.(link, { target, points, signal })) ?? []
  /** What arrives, from now on until the test ends or the signal aborts. */
  const subscribe = async (until: AbortSignal = signal): Promise<Sample[][]> => {
    const arrived: Sample[][] = []
    const heard = (samples: Sample[]) => void arrived.push(samples)
    await connector.subscribe?.(link, { target, points, intervalMs: 1_000, heard, signal: until })
    return arrived
  }
  const pointOf = (metric: string) => points.find((point) => point.metric === metric) ?? ({ metric } as never)
  const write = async (...values: readonly (readonly [metric: string, value: number | string | boolean])[]) => {
    const writes = values.map(([metric, value]) => ({ point: pointOf(metric), value }))
    return (await connector.write?.(link, { target, writes, signal })) ?? []
  }
  const browse = async (
    at?: string,
    { cursor, limit = 100, until = signal }: { cursor?: string | undefined; limit?: number; until?: AbortSignal } = {},
  ) => (await connector.browse?.(link, { target, at, cursor, limit, seconds: 5, signal: until })) ?? { found: [] }
  const history = async (from: string, to: string, limit = 100) => {
    const span = { from: Date.parse(from), to: Date.parse(to), limit }
    return (await connector.history?.(link, { target, points, ...span, signal })) ?? []
  }
  return {
    read,
    subscribe,
    write,
    browse,
    history,
    lost,
    stages,
    dialled,
    openSockets,
    close: async () => connector.close(link),
  }
}

/** What was thrown; undefined where nothing was. */
export const faultOf = (promise: Promise<unknown>): Promise<BakewireError | undefined> =>
  promise.then(
    () => undefined,
    (error: BakewireError) => error,
  )

/** The value of the one point, or the code of its fault. */
export const outcomeOf = ([sample]: readonly Sample[]) =>
  sample && 'value' in sample ? sample.value : sample?.fault.code
