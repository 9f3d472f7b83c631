import { expect } from 'vitest'
import type { Kept } from '#connector'
import { startMachine } from '../machine.ts'
import type { Subject } from '../subject.ts'
import type { Behaviour, Precondition } from './behaviour.ts'

const needs: Precondition = { name: 'history', holds: ({ connector }) => connector.history !== undefined }

/** What a machine's own history promises: what it kept, in order, and no more than was asked for. */
export const historyBehaviours: readonly Behaviour[] = [
  {
    name: 'what the machine has kept is given oldest first, and only of the time asked for',
    level: 'silver',
    needs,
    check: async (subject) => {
      const { history, from, until, metrics } = await openExample(subject)
      const kept = await history({})
      expect(kept.length).toBeGreaterThanOrEqual(3)
      const times = kept.map(({ time }) => time)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(Math.min(...times)).toBeGreaterThanOrEqual(from)
      expect(Math.max(...times)).toBeLessThan(until)
      for (const { samples } of kept) {
        expect(metrics).toEqual(expect.arrayContaining(samples.map(({ metric }) => metric)))
      }
      const [, second = 0, third = 0] = times
      expect((await history({ from: second, to: third })).map(({ time }) => time)).toEqual([second])
    },
  },
  {
    name: 'as much of its history is given as was asked for, the oldest',
    level: 'silver',
    needs,
    check: async (subject) => {
      const { history } = await openExample(subject)
      const all = await history({})
      expect(await history({ limit: 2 })).toEqual(all.slice(0, 2))
    },
  },
  {
    name: 'where a machine has kept nothing its history is empty, and it is read all the same',
    level: 'silver',
    needs,
    check: async (subject) => {
      const { history, link, from } = await openExample(subject)
      expect(await history({ from: from - 86_400_000, to: from - 86_000_000 })).toEqual([])
      expect(await link.read()).not.toEqual([])
    },
  },
]

async function openExample(subject: Subject) {
  const { history: example } = subject.simulator.example
  if (!example) throw new Error('the simulator does not say what its machine has kept: `example.history`')
  const { equipment, settings = {} } = example
  const machine = await startMachine(subject, { equipment, settings })
  const target = machine.parse()
  const link = await machine.open(target)
  const [from, until] = [Date.parse(example.from), Date.parse(example.until)]
  const { signal } = new AbortController()
  const history = async (asked: { from?: number; to?: number; limit?: number }): Promise<Kept[]> => {
    if (!subject.connector.history) throw new Error('it has no history')
    const request = { target, points: target.points, from, to: until, limit: 100, signal, ...asked }
    const kept = await subject.connector.history(link.link, request)
    expect(kept.length).toBeLessThanOrEqual(request.limit)
    return kept
  }
  return { history, link, from, until, metrics: target.points.map(({ metric }) => metric) }
}
