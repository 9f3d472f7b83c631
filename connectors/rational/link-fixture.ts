import { onTestFinished } from 'vitest'
import { type BakewireError, type BrowseRequest, kit, parseTarget, type Sample } from '#connector'
import { silentLog } from '#core'
import { plainDial } from '../../test/contract/plain-dial.ts'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import define from './index.ts'
import type { RationalTarget } from './schemas.ts'
import { startCloud } from './simulation/start-cloud.ts'

export const connector = define(kit)
export const client = { client_id: 'example-client', client_secret: 'example-secret' }
const login = { username: 'baker', password: 'example-password' }
/** For tests: 20 November 2026, 12:00, when nothing has passed. */
const start = Date.parse('2026-11-20T12:00:00Z')

export const unit = (id: string, temperature = 180) => ({
  id,
  serial: `S${id}`,
  values: { 'CombiSteamer/ActualTemperatureChamber_0': temperature },
})

export const batch = (id: number, unitId: string, rest: object = {}) => ({
  id,
  name: `Batch ${id}`,
  startDate: '2026-11-20T04:00:00Z',
  finished: false,
  deviceSerialNumber: `S${unitId}`,
  ...rest,
})

type Cloud = Awaited<ReturnType<typeof startCloud>>

/** A simulated account that ends with the test. */
export async function startTestCloud(equipment: object): Promise<Cloud> {
  const cloud = await startCloud(equipment)
  onTestFinished(() => cloud.stop())
  return cloud
}

interface Given {
  readonly credentials?: object
  readonly settings?: object
}

export function targetOf({ configuration }: Cloud, unitId: string, { credentials = {}, settings = {} }: Given = {}) {
  return parseTarget(connector, `machine-${unitId}`, {
    endpoint: configuration.endpoint,
    port: configuration.port,
    credentials: { ...login, ...client, ...credentials },
    additional_config: { ...configuration.additional_config, unit_id: unitId, timeout: 5, ...settings },
  }) as RationalTarget
}

/** An open link whose clock is the test's: `pass` lets seconds go by; `facts` is its memory. Ends with the test. */
export async function openLink(target: RationalTarget, facts = new Map<string, unknown>()) {
  const { dial, openSockets } = plainDial()
  const lost = Promise.withResolvers<Error>()
  let passedMs = 0
  const link = await connector.open(target, {
    dial,
    memory: createPassingMemory(facts),
    trust: createPassingTrust(),
    signal: new AbortController().signal,
    clock: { now: () => start + passedMs, monotonic: () => 5_000 + passedMs },
    log: silentLog,
    lost: lost.resolve,
    reached: () => undefined,
  })
  const close = async () => connector.close(link)
  onTestFinished(close)
  const read = async (of: RationalTarget = target, signal = new AbortController().signal): Promise<Sample[]> =>
    (await connector.read?.(link, { target: of, points: of.points, signal })) ?? []
  const browse = async (request: Partial<BrowseRequest<RationalTarget>> = {}) => {
    const { signal } = new AbortController()
    const asked = { target, at: undefined, cursor: undefined, limit: 50, seconds: 1, signal, ...request }
    return (await connector.browse?.(link, asked)) ?? { found: [] }
  }
  return {
    browse,
    close,
    openSockets,
    lost: lost.promise,
    /** Values, or codes of faults, by metric. */
    outcomes: async (of?: RationalTarget, signal?: AbortSignal) => outcomesOf(await read(of, signal)),
    read,
    pass: (seconds: number) => {
      passedMs += seconds * 1_000
    },
  }
}

function outcomesOf(samples: readonly Sample[]) {
  return Object.fromEntries(
    samples.map((sample) => [sample.metric, 'value' in sample ? sample.value : sample.fault.code]),
  )
}

/** What was thrown; undefined where nothing was. */
export const faultOf = (promise: Promise<unknown>): Promise<BakewireError | undefined> =>
  promise.then(
    () => undefined,
    (error: BakewireError) => error,
  )
