import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, onTestFinished, vi } from 'vitest'
import { parseTarget, type SimulatedConfiguration } from '#connector'
import { openerOf } from '../contract/machine.ts'
import { connectorFolders, loadSubject, type Subject } from '../contract/subject.ts'
import { soon } from '../setup/soon.ts'

const reconnects = 1_000
/** What a process makes once is made by then: compiled code, tables, pools. */
const warmUp = 300
/** A kilobyte and a half a link, less than a forgotten socket holds; the heap itself varies by hundreds of kilobytes. */
const heapGrowthMax = 1024 * 1024

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

it.each(await connectorFolders())(
  `%s: ${reconnects} reconnects leave no socket, no timer and no memory`,
  async (folder) => {
    const subject = await loadSubject(folder)
    const { child, configuration } = await startMachine(folder)
    const target = targetOf(subject, configuration)
    const open = openerOf(subject.connector)
    let before = await usage()
    for (let round = 1; round <= reconnects; round += 1) {
      const link = await open(target)
      expect(await link.read()).toHaveLength(target.points.length)
      await link.close()
      expect(link.openSockets()).toBe(0)
      if (round === warmUp) before = await usage()
    }
    await vi.waitFor(async () => expect(await connectionsOf(child)).toBe(0), soon)
    const after = await usage()
    expect(after.sockets).toBeLessThanOrEqual(before.sockets)
    expect(after.timers).toBeLessThanOrEqual(before.timers + 5)
    expect(after.heap - before.heap).toBeLessThan(heapGrowthMax)
  },
  900_000,
)

async function startMachine(folder: string) {
  const child = fork(join(import.meta.dirname, 'machine.child.ts'), [folder])
  onTestFinished(() => void child.kill())
  const [configuration] = (await once(child, 'message')) as [SimulatedConfiguration]
  return { child, configuration }
}

async function connectionsOf(child: ChildProcess): Promise<number> {
  child.send('connections')
  const [connections] = (await once(child, 'message')) as [number]
  return connections
}

function targetOf({ connector, simulator }: Subject, { endpoint, port, ...given }: SimulatedConfiguration) {
  const { credentials, additional_config } = simulator.example.configuration
  return parseTarget(connector, 'machine-1', {
    endpoint,
    port,
    credentials: { ...given.credentials, ...credentials },
    additional_config: { ...given.additional_config, ...additional_config },
  })
}

/** After everything that can go has gone. */
async function usage() {
  for (let round = 0; round < 5; round += 1) {
    await turn()
    collect()
  }
  const active = process.getActiveResourcesInfo()
  const count = (kind: string) => active.filter((name) => name === kind).length
  return { heap: process.memoryUsage().heapUsed, sockets: count('TCPSocketWrap'), timers: count('Timeout') }
}
