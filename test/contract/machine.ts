import { onTestFinished } from 'vitest'
import { BakewireError, type OpaqueLink, type Point, parseTarget, type Sample, type Target } from '#connector'
import { type Log, systemClock } from '#core'
import { createPassingMemory } from '../setup/passing-memory.ts'
import { createPassingTrust } from '../setup/passing-trust.ts'
import { plainDial } from './plain-dial.ts'
import type { Subject } from './subject.ts'

export interface MachineOptions {
  /** Default: the simulator's example. */
  readonly equipment?: unknown
  readonly configuration?: Readonly<{ credentials?: object; additional_config?: object }>
  /** Fields of `additional_config` beside those of the configuration. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Default: the simulated machine's. */
  readonly port?: number
  readonly profile?: string | undefined
}

export type Machine = Awaited<ReturnType<typeof startMachine>>

/** A simulated machine and the connector's target of it; both end with the test. */
export async function startMachine({ connector, simulator }: Subject, options: MachineOptions = {}) {
  const simulated = await simulator.start(options.equipment ?? simulator.example.equipment)
  onTestFinished(() => simulated.stop())
  const { endpoint, port, credentials, additional_config } = simulated.configuration
  const given = options.configuration ?? simulator.example.configuration
  const parse = (settings: object = {}) =>
    parseTarget(connector, 'machine-1', {
      endpoint,
      port: options.port ?? port,
      credentials: { ...credentials, ...given.credentials },
      additional_config: {
        ...additional_config,
        ...given.additional_config,
        ...(options.profile === undefined ? {} : { profile: options.profile }),
        ...options.settings,
        ...settings,
      },
    })
  /** Everything that reached the log, as text. */
  const logged: string[] = []
  return {
    simulated,
    parse,
    logged,
    open: (target: Target, how: OpenOptions = {}) => openLink(connector, target, logged, how),
  }
}

interface OpenOptions {
  readonly signal?: AbortSignal
  readonly afterDial?: () => void
}

export type OpenLink = Awaited<ReturnType<typeof openLink>>

async function openLink(
  connector: Subject['connector'],
  target: Target,
  logged: string[],
  { signal = new AbortController().signal, afterDial }: OpenOptions,
) {
  const { dial, openSockets } = plainDial(afterDial ? { afterDial } : {})
  const lost = Promise.withResolvers<Error>()
  const link = await connector.open(target, {
    dial,
    signal,
    clock: systemClock,
    log: logInto(logged),
    memory: createPassingMemory(),
    trust: createPassingTrust(),
    lost: lost.resolve,
    reached: () => undefined,
  })
  const close = async (): Promise<void> => connector.close(link)
  onTestFinished(close)
  const read = (points: readonly Point[] = target.points, readSignal = new AbortController().signal) =>
    readPoints(connector, link, { target, points, signal: readSignal })
  return { read, close, openSockets, lost: lost.promise }
}

async function readPoints(
  connector: Subject['connector'],
  link: OpaqueLink,
  request: { target: Target; points: readonly Point[]; signal: AbortSignal },
): Promise<Sample[]> {
  if (!connector.read) throw new Error(`${connector.id} cannot read`)
  return connector.read(link, request)
}

function logInto(logged: string[]): Log {
  const note = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  return { debug: note, info: note, warn: note, error: note }
}

/** What was thrown, which must be an error of ours. */
export async function faultOf(doing: Promise<unknown>): Promise<BakewireError> {
  const outcome = await doing.then(
    (value) => new Error(`did not fail but gave ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  if (outcome instanceof BakewireError) return outcome
  throw outcome
}
