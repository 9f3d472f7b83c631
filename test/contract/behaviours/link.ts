import { expect, vi } from 'vitest'
import { soon } from '../../setup/soon.ts'
import { faultOf, type Machine, type OpenLink, startMachine } from '../machine.ts'
import type { Subject } from '../subject.ts'
import type { Behaviour } from './behaviour.ts'

const reconnects = 50
const warmUp = 5
/** Fewer than one a round, and room for those of the test runner and of the waiting itself. */
const timersOfOthers = 10

/** What a link promises about its life: opening, closing, and never leaving a socket behind. */
export const linkBehaviours: readonly Behaviour[] = [
  { name: 'it opens, reads and closes without leaving a connection', level: 'bronze', check: opensAndCloses },
  {
    name: 'it closes twice',
    level: 'bronze',
    check: async (subject) => {
      const { machine, link } = await openExample(subject)
      await link.read()
      await link.close()
      await link.close()
      await nothingIsOpen(machine, link)
    },
  },
  {
    name: 'it closes after the peer has gone',
    level: 'bronze',
    check: async (subject) => {
      const { machine, link } = await openExample(subject)
      await link.read()
      await machine.simulated.stop()
      await link.close()
      await nothingIsOpen(machine, link)
    },
  },
  {
    name: 'a port where nobody listens is UNREACHABLE',
    level: 'bronze',
    check: async (subject) => {
      const machine = await startMachine(subject)
      const target = machine.parse()
      await machine.simulated.stop()
      const fault = await faultOf(machine.open(target).then((link) => link.read()))
      expect(fault.code).toBe('UNREACHABLE')
    },
  },
  {
    name: 'an opening that is aborted before it starts fails',
    level: 'bronze',
    check: async (subject) => {
      const machine = await startMachine(subject)
      const opening = machine.open(machine.parse(), { signal: AbortSignal.abort() }).then((link) => link.read())
      await expect(opening).rejects.toThrow()
      await noConnections(machine)
    },
  },
  {
    name: 'an opening that is aborted on the way leaves no connection',
    level: 'bronze',
    check: abortedOnTheWay,
  },
  {
    name: `it reconnects ${reconnects} times without leaving a connection or a timer`,
    level: 'silver',
    check: reconnectsWithoutTrace,
  },
  { name: 'a link that breaks while idle is noticed', level: 'bronze', check: breakIsNoticed },
]

async function openExample(subject: Subject): Promise<{ machine: Machine; link: OpenLink }> {
  const machine = await startMachine(subject)
  return { machine, link: await machine.open(machine.parse()) }
}

async function opensAndCloses(subject: Subject): Promise<void> {
  const { machine, link } = await openExample(subject)
  await link.read()
  expect(machine.simulated.connections()).toBeGreaterThan(0)
  await link.close()
  await nothingIsOpen(machine, link)
}

async function nothingIsOpen(machine: Machine, link: OpenLink): Promise<void> {
  expect(link.openSockets()).toBe(0)
  await noConnections(machine)
}

async function noConnections({ simulated }: Machine): Promise<void> {
  await vi.waitFor(() => expect(simulated.connections()).toBe(0), soon)
}

async function abortedOnTheWay(subject: Subject): Promise<void> {
  const machine = await startMachine(subject)
  const abort = new AbortController()
  const opening = machine.open(machine.parse(), { signal: abort.signal, afterDial: () => abort.abort() })
  // Where the abort comes too late there is a link, which is closed like any other.
  const link = await opening.catch(() => undefined)
  await link?.close()
  await noConnections(machine)
}

/** The first rounds may make what a process makes once. */
async function reconnectsWithoutTrace(subject: Subject): Promise<void> {
  const machine = await startMachine(subject)
  const target = machine.parse()
  let before = timers()
  for (let round = 0; round < reconnects; round++) {
    const link = await machine.open(target)
    await link.read()
    await link.close()
    expect(link.openSockets()).toBe(0)
    if (round === warmUp) before = timers()
  }
  await noConnections(machine)
  await vi.waitFor(() => expect(timers()).toBeLessThanOrEqual(before + timersOfOthers), soon)
}

/** Timers that keep the process alive; those of a link that is closed must not. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
}

/** Either the link tells it by itself, or, where connections come and go with requests, the next read does. */
async function breakIsNoticed(subject: Subject): Promise<void> {
  const { machine, link } = await openExample(subject)
  await link.read()
  await machine.simulated.stop()
  const noticed = link.lost.then(() => 'lost')
  const read = faultOf(link.read()).then((fault) => fault.remedy)
  expect(await read).toBe('retry')
  expect(['lost', 'retry']).toContain(await Promise.race([noticed, read]))
}
