import { expect, vi } from 'vitest'
import type { Target } from '#connector'
import { tryConnection } from '#session'
import { soon } from '../../setup/soon.ts'
import { outcomesOf, startMachine, startMachineOnLine } from '../machine.ts'
import type { Subject } from '../subject.ts'
import type { Behaviour, Precondition } from './behaviour.ts'
import { secretsOf } from './definition.ts'

const patient = { timeout: 30 }

const neighbours: Precondition = {
  name: 'neighbours on its link',
  holds: ({ simulator }) => simulator.example.deadNeighbour !== undefined,
}

/** What a link promises to several that use it at once, as the framework lets them. */
export const sharingBehaviours: readonly Behaviour[] = [
  { name: 'reads that come at once on one link each get their own values', level: 'gold', check: readsAtOnce },
  { name: 'a test while it is polled succeeds on the same link', level: 'gold', check: testedWhilePolled },
  {
    name: 'a dead machine on the same link takes no value from a healthy one',
    level: 'gold',
    needs: neighbours,
    check: deadBesideHealthy,
  },
  {
    name: 'closing while it is being opened leaves no connection',
    level: 'gold',
    check: async (subject) => {
      const { machine, line } = await startMachineOnLine(subject)
      line.become('silent')
      const session = machine.session()
      const target = machine.parse(patient)
      const reading = expect(session.read(target, target.points)).rejects.toThrow()
      await vi.waitFor(() => expect(line.connections()).toBeGreaterThan(0), soon)
      await session.close()
      await reading
      expect(session.openSockets()).toBe(0)
      await vi.waitFor(() => expect(line.connections()).toBe(0), soon)
    },
  },
  {
    name: 'closing while it is read ends the read and leaves no connection',
    level: 'gold',
    check: async (subject) => {
      const { machine, line } = await startMachineOnLine(subject)
      const session = machine.session()
      const target = machine.parse(patient)
      await session.read(target, target.points)
      line.become('silent')
      const reading = expect(session.read(target, target.points)).rejects.toThrow()
      await vi.waitFor(() => expect(line.bytesTaken()).toBeGreaterThan(0), soon)
      await session.close()
      await reading
      expect(session.openSockets()).toBe(0)
      await vi.waitFor(() => expect(line.connections()).toBe(0), soon)
    },
  },
  {
    name: 'what machines on one link must agree on holds no secret and does not depend on their points',
    level: 'silver',
    check: async (subject) => {
      const { connector } = subject
      const machine = await startMachine(subject)
      const target = machine.parse()
      const settings = connector.linkSettings(target)
      expect(JSON.parse(JSON.stringify(settings))).toEqual(settings)
      for (const secret of secretsOf(subject)) expect(JSON.stringify(settings)).not.toContain(secret)
      expect(connector.linkSettings({ ...target, equipmentId: 'machine-2', points: [] })).toEqual(settings)
    },
  },
  {
    name: 'what an opening takes from the settings, machines on one link must agree on',
    level: 'gold',
    check: agreesOnWhatItOpensWith,
  },
]

async function readsAtOnce(subject: Subject): Promise<void> {
  const { machine, line } = await startMachineOnLine(subject)
  const target = machine.parse()
  const session = machine.session()
  const alone = outcomesOf((await session.read(target, target.points)).samples)
  const rounds = Array.from({ length: 5 }, () => target.points).flat()
  const reads = rounds.map(async ({ metric }, index) => {
    const points = target.points.filter((point) => point.metric === metric)
    const { samples } = await session.read(target, index % 2 === 0 ? points : target.points)
    expect(outcomesOf(samples).get(metric)).toEqual(alone.get(metric))
    expect(samples).toHaveLength(index % 2 === 0 ? 1 : target.points.length)
  })
  await Promise.all(reads)
  expect(line.connections()).toBeLessThanOrEqual(subject.connector.readsAtOnce)
}

async function testedWhilePolled(subject: Subject): Promise<void> {
  const { machine, line } = await startMachineOnLine(subject)
  const target = machine.parse()
  const session = machine.session()
  await session.read(target, target.points)
  const polls = Array.from({ length: 10 }, () => session.read(target, target.points))
  const test = await tryConnection(session, subject.connector, target, Date.now())
  expect(test).toMatchObject({ success: true })
  for (const { samples } of await Promise.all(polls)) expect(samples).toHaveLength(target.points.length)
  expect(line.connections()).toBeLessThanOrEqual(subject.connector.readsAtOnce)
}

async function deadBesideHealthy(subject: Subject): Promise<void> {
  const { deadNeighbour } = subject.simulator.example
  if (!deadNeighbour) throw new Error('the example has no neighbour')
  const { machine } = await startMachineOnLine(subject, { equipment: deadNeighbour.equipment })
  const healthy = machine.parse()
  const dead = machine.parse({ timeout: 0.2, ...deadNeighbour.settings }, 'machine-2')
  expect(subject.connector.linkKey(dead)).toBe(subject.connector.linkKey(healthy))
  expect(subject.connector.linkSettings(dead)).toEqual(subject.connector.linkSettings(healthy))
  const session = machine.session()
  for (let round = 0; round < 4; round++) {
    const [lost, read] = await Promise.allSettled([
      session.read(dead, dead.points),
      session.read(healthy, healthy.points),
    ])
    if (lost.status === 'fulfilled') {
      for (const sample of lost.value.samples) expect(sample).toHaveProperty('fault')
    }
    if (read.status === 'rejected') throw read.reason
    for (const sample of read.value.samples) expect(sample).toMatchObject({ quality: 'good' })
  }
}

/** What is in the link's key already need not be agreed on: with another value it is another link. */
async function agreesOnWhatItOpensWith(subject: Subject): Promise<void> {
  const { connector } = subject
  const machine = await startMachine(subject)
  const target = machine.parse()
  const opened = settingsRead(target)
  await (await machine.open(opened.target)).close()
  const keyed = settingsRead(target)
  connector.linkKey(keyed.target)
  const agreed = settingsRead(target)
  connector.linkSettings(agreed.target)
  const open = [...opened.names].filter((name) => !keyed.names.has(name) && !agreed.names.has(name))
  expect(open).toEqual([])
}

/** The same target, and which of its settings somebody looked at. */
function settingsRead(target: Target): { readonly target: Target; readonly names: ReadonlySet<string> } {
  const names = new Set<string>()
  const settings = new Proxy(Object(target.settings) as object, {
    get(given, name) {
      if (typeof name === 'string') names.add(name)
      return Reflect.get(given, name)
    },
  })
  return { target: { ...target, settings }, names }
}
