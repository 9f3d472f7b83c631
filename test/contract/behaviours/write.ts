import { expect } from 'vitest'
import type { Sample, Target } from '#connector'
import { outcomesOf, startMachine } from '../machine.ts'
import type { Subject } from '../subject.ts'
import type { Behaviour, Precondition } from './behaviour.ts'

const needs: Precondition = { name: 'write', holds: ({ connector }) => connector.write !== undefined }

/** What a write promises: the machine has it, or it is told of that point alone why not. */
export const writeBehaviours: readonly Behaviour[] = [
  {
    name: 'a write is in the machine, and what it has then is given',
    level: 'silver',
    needs,
    check: async (subject) => {
      const { target, write, read, taken } = await openExample(subject)
      const before = outcomesOf(await read())
      const given = outcomesOf(await write(taken))
      expect(Object.fromEntries(given)).toEqual(taken)
      const after = outcomesOf(await read())
      for (const [metric, value] of Object.entries(taken)) {
        expect(before.get(metric), metric).not.toEqual(value)
        expect(after.get(metric), metric).toEqual(value)
      }
      for (const { metric } of target.points) {
        if (!Object.hasOwn(taken, metric)) expect(after.get(metric), metric).toEqual(before.get(metric))
      }
    },
  },
  {
    name: 'a write that is refused is a fault of its point alone, and changes nothing',
    level: 'silver',
    needs: { name: 'write that a machine refuses', holds: (subject) => needs.holds(subject) && refuses(subject) },
    check: async (subject) => {
      const { write, read, taken, refused } = await openExample(subject)
      const before = outcomesOf(await read())
      const given = await write({ ...refused, ...taken })
      expect(given).toHaveLength(Object.keys(refused).length + Object.keys(taken).length)
      for (const sample of given) {
        if (Object.hasOwn(refused, sample.metric)) expect(sample).toHaveProperty('fault')
        else expect(sample).toMatchObject({ value: taken[sample.metric], quality: 'good' })
      }
      const after = outcomesOf(await read())
      for (const metric of Object.keys(refused)) expect(after.get(metric), metric).toEqual(before.get(metric))
    },
  },
]

function refuses({ simulator }: Subject): boolean {
  return Object.keys(simulator.example.writing?.refused ?? {}).length > 0
}

type Values = Readonly<Record<string, number | string | boolean>>

async function openExample(subject: Subject) {
  const { writing } = subject.simulator.example
  if (!writing) throw new Error('the simulator does not say what may be written: `example.writing`')
  const { equipment, settings, taken, refused } = writing
  expect(Object.keys(taken)).not.toEqual([])
  const machine = await startMachine(subject, { settings, ...(equipment === undefined ? {} : { equipment }) })
  const target = machine.parse()
  const link = await machine.open(target)
  const { signal } = new AbortController()
  const write = async (values: Values): Promise<Sample[]> => {
    const writes = Object.entries(values).map(([metric, value]) => ({ point: pointOf(target, metric), value }))
    if (!subject.connector.write) throw new Error('it cannot write')
    return subject.connector.write(link.link, { target, writes, signal })
  }
  return { target, write, read: link.read, taken, refused }
}

function pointOf(target: Target, metric: string) {
  const point = target.points.find((candidate) => candidate.metric === metric)
  if (!point) throw new Error(`the example has no point of ${metric}`)
  return point
}
