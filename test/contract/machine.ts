import { onTestFinished } from 'vitest'
import { BakewireError, type OpaqueLink, type Point, parseTarget, type Sample, type Target } from '#connector'
import { type Log, systemClock } from '#core'
import { createSession, type Session } from '#session'
import { createPassingMemory } from '../setup/passing-memory.ts'
import { createFirstTrust } from '../setup/passing-trust.ts'
import { type Line, startLine } from './line.ts'
import { plainDial } from './plain-dial.ts'
import type { Subject } from './subject.ts'

export interface MachineOptions {
  /** Default: the simulator's example. */
  readonly equipment?: unknown
  readonly configuration?: Readonly<{ credentials?: object; additional_config?: object }>
  /** Fields of `additional_config` beside those of the configuration. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Fields of `credentials` beside those of the configuration. */
  readonly credentials?: Readonly<Record<string, unknown>>
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
  const parse = (settings: object = {}, equipmentId = 'machine-1') =>
    parseTarget(connector, equipmentId, {
      endpoint,
      port: options.port ?? port,
      credentials: { ...credentials, ...given.credentials, ...options.credentials },
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
  const facilities = facilitiesOf(logged)
  const openLink = openerOf(connector, facilities)
  return {
    simulated,
    parse,
    logged,
    async open(target: Target, how: OpenOptions = {}): Promise<OpenLink> {
      const link = await openLink(target, how)
      onTestFinished(link.close)
      return link
    },
    /** A link as the framework keeps it. */
    session(): Session & { readonly openSockets: () => number } {
      const { dial, openSockets } = plainDial()
      const session = createSession({ connector, dial, ...facilities })
      onTestFinished(() => session.close())
      return Object.assign(session, { openSockets })
    },
  }
}

/** A machine whose link goes over a line that can fail. */
export async function startMachineOnLine(
  subject: Subject,
  options: Omit<MachineOptions, 'port'> = {},
): Promise<{ readonly machine: Machine; readonly line: Line }> {
  const line = await startLine()
  const machine = await startMachine(subject, { ...options, port: line.port })
  onTestFinished(() => line.stop())
  line.leadTo(machine.simulated.configuration.port)
  return { machine, line }
}

interface OpenOptions {
  readonly signal?: AbortSignal
  readonly afterDial?: () => void
}

/** What a link gets beside its way out; all links of one machine share it. */
function facilitiesOf(logged: string[]) {
  return { clock: systemClock, log: logInto(logged), memory: createPassingMemory(), trust: createFirstTrust() }
}

export type OpenLink = Awaited<ReturnType<ReturnType<typeof openerOf>>>

/** Opens links as the framework does, with nothing between them and the connector; whoever opens one closes it. */
export function openerOf(connector: Subject['connector'], facilities = facilitiesOf([])) {
  return async (target: Target, { signal = new AbortController().signal, afterDial }: OpenOptions = {}) => {
    const { dial, openSockets } = plainDial(afterDial ? { afterDial } : {})
    const lost = Promise.withResolvers<Error>()
    const tools = { ...facilities, dial, signal, lost: lost.resolve, reached: () => undefined }
    const link = await connector.open(target, tools)
    const read = (points: readonly Point[] = target.points, readSignal = new AbortController().signal) =>
      readPoints(connector, link, { target, points, signal: readSignal })
    return { link, read, close: async () => connector.close(link), openSockets, lost: lost.promise }
  }
}

async function readPoints(
  connector: Subject['connector'],
  link: OpaqueLink,
  request: { target: Target; points: readonly Point[]; signal: AbortSignal },
): Promise<Sample[]> {
  if (!connector.read) throw new Error(`${connector.id} cannot read`)
  return connector.read(link, request)
}

/** What each point gave: its value, or its fault. */
export function outcomesOf(samples: readonly Sample[]): Map<string, unknown> {
  return new Map(samples.map((sample) => [sample.metric, 'value' in sample ? sample.value : sample.fault]))
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
