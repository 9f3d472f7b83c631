import { expect, vi } from 'vitest'
import type { Sample } from '#connector'
import { soon } from '../../setup/soon.ts'
import { type Machine, type OpenLink, outcomesOf, startMachine } from '../machine.ts'
import type { Subject } from '../subject.ts'
import type { Behaviour, Precondition } from './behaviour.ts'

const needs: Precondition = { name: 'subscribe', holds: ({ connector }) => connector.subscribe !== undefined }

/** What a subscription promises: it tells what changes, and nothing to anybody who no longer listens. */
export const subscribeBehaviours: readonly Behaviour[] = [
  {
    name: 'a subscription tells every value that changed',
    level: 'silver',
    needs,
    check: async (subject) => {
      const { machine, link } = await openExample(subject)
      const { heard, metrics } = await listen(subject, machine, link)
      const before = outcomesOf(await link.read())
      const { equipmentLater } = subject.simulator.example
      machine.simulated.load(equipmentLater)
      await vi.waitFor(() => {
        const last = outcomesOf(heard.flat())
        for (const metric of metrics) expect(last.get(metric), metric).toBeDefined()
        for (const metric of metrics) expect(last.get(metric), metric).not.toEqual(before.get(metric))
      }, soon)
      for (const samples of heard) {
        const names = samples.map(({ metric }) => metric)
        expect(new Set(names).size).toBe(names.length)
        expect(metrics).toEqual(expect.arrayContaining(names))
      }
    },
  },
  {
    name: 'a subscription says nothing after its signal, and reads go on',
    level: 'silver',
    needs,
    check: async (subject) => {
      const { machine, link } = await openExample(subject)
      const abort = new AbortController()
      const { heard, metrics } = await listen(subject, machine, link, abort.signal)
      const before = outcomesOf(await link.read())
      abort.abort()
      const count = heard.length
      machine.simulated.load(subject.simulator.example.equipmentLater)
      await vi.waitFor(async () => {
        const after = outcomesOf(await link.read())
        for (const metric of metrics) expect(after.get(metric), metric).not.toEqual(before.get(metric))
      }, soon)
      expect(heard).toHaveLength(count)
    },
  },
  {
    name: 'a link that closes takes its subscriptions along',
    level: 'silver',
    needs,
    check: async (subject) => {
      const { machine, link } = await openExample(subject)
      const { heard } = await listen(subject, machine, link)
      await link.close()
      const count = heard.length
      machine.simulated.load(subject.simulator.example.equipmentLater)
      await vi.waitFor(() => expect(machine.simulated.connections()).toBe(0), soon)
      expect(link.openSockets()).toBe(0)
      expect(heard).toHaveLength(count)
    },
  },
]

async function openExample(subject: Subject): Promise<{ machine: Machine; link: OpenLink }> {
  const machine = await startMachine(subject, { settings: subject.simulator.example.subscribing ?? {} })
  return { machine, link: await machine.open(machine.parse()) }
}

async function listen(
  { connector }: Subject,
  machine: Machine,
  { link }: OpenLink,
  signal = new AbortController().signal,
): Promise<{ readonly heard: Sample[][]; readonly metrics: readonly string[] }> {
  const target = machine.parse()
  const heard: Sample[][] = []
  await connector.subscribe?.(link, {
    target,
    points: target.points,
    intervalMs: 1_000,
    signal,
    heard: (samples) => void heard.push(samples),
  })
  return { heard, metrics: target.points.map(({ metric }) => metric) }
}
