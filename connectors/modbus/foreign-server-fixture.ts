import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { kit, type OpaqueLink, parseTarget, type Sample, type Target } from '#connector'
import { silentLog, systemClock } from '#core'
import { plainDial } from '../../test/contract/plain-dial.ts'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import defineModbus from './index.ts'

/** Debian's own: another Python does not see its packages. */
const python = '/usr/bin/python3'
const scriptOf = (library: ForeignLibrary) => join(import.meta.dirname, `simulation/${library}-server.py`)

/** Modbus libraries that others have written. */
export type ForeignLibrary = 'pymodbus' | 'libmodbus'

/** Without arguments the script only imports what it needs. */
export function isInstalled(library: ForeignLibrary): boolean {
  return spawnSync(python, [scriptOf(library)]).status === 0
}

/** `said`: what it says when it serves. */
export async function startForeignServer(
  library: ForeignLibrary,
  args: readonly string[],
): Promise<{ said: string; stop: () => Promise<void> }> {
  const server: ChildProcess = spawn(python, [scriptOf(library), ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  const said = await Promise.race([once(server.stdout ?? server, 'data'), ended])
  if (server.exitCode !== null) throw new Error(`the server of ${library} ended with ${server.exitCode}`)
  return {
    said: String(said[0]).trim(),
    async stop() {
      server.stdin?.end()
      await ended
    },
  }
}

const connector = defineModbus(kit)
const signal = new AbortController().signal

/** What our connector does with a machine, each time on a link of its own. */
export function machineAt(place: { readonly endpoint: string; readonly port?: number; readonly settings?: object }) {
  async function linked<Result>(
    points: readonly object[],
    settings: object,
    run: (link: OpaqueLink, target: Target) => Promise<Result> | undefined,
  ): Promise<Result | undefined> {
    const { endpoint, port } = place
    const additional_config = { points, ...place.settings, ...settings }
    const target = parseTarget(connector, 'machine-1', { endpoint, port, additional_config })
    const link = await connector.open(target, {
      dial: plainDial().dial,
      signal,
      clock: systemClock,
      log: silentLog,
      memory: createPassingMemory(),
      trust: createPassingTrust(),
      lost: () => undefined,
      reached: () => undefined,
    })
    try {
      return await run(link, target)
    } finally {
      await connector.close(link)
    }
  }

  return {
    /** The values, or the codes of the faults. */
    read: async (points: readonly object[], settings: object = {}) =>
      valuesOf(
        await linked(points, settings, (link, target) =>
          connector.read?.(link, { target, points: target.points, signal }),
        ),
      ),
    /** Writes one value to each of the points. */
    write: async (points: readonly object[], values: readonly (number | string | boolean)[], settings: object = {}) =>
      valuesOf(
        await linked(points, settings, (link, target) => {
          const writes = target.points.map((point, index) => ({ point, value: values[index] ?? 0 }))
          return connector.write?.(link, { target, writes, signal })
        }),
      ),
    browse: (points: readonly object[], at: string, settings: object = {}) =>
      linked(points, settings, (link, target) =>
        connector.browse?.(link, { target, at, cursor: undefined, limit: 10, seconds: 1, signal }),
      ),
  }
}

function valuesOf(samples: Sample[] | undefined) {
  return samples?.map((sample) => ('value' in sample ? sample.value : sample.fault.code))
}
