import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { BakewireError, lateAnswerMs, type Misbehaviour } from '#connector'
import { faultOf, type Machine, type OpenLink, outcomesOf, startMachine } from '../machine.ts'
import type { Subject } from '../subject.ts'
import type { Behaviour } from './behaviour.ts'
import { secretsOf } from './definition.ts'

const impatient = { timeout: 0.1 }
const patient = { timeout: 30 }

/** What a read promises: a sample for every point, no value that the machine did not give, and an error that says what to do. */
export const readBehaviours: readonly Behaviour[] = [
  {
    name: 'a read gives one good value for every point',
    level: 'bronze',
    check: async (subject) => {
      const { link, metrics } = await openExample(subject)
      for (let round = 0; round < 3; round++) {
        const samples = await link.read()
        expect(samples.map(({ metric }) => metric).sort()).toEqual(metrics)
        for (const sample of samples) expect(sample).toMatchObject({ quality: 'good' })
      }
    },
  },
  {
    name: 'a read gives the points asked for and no others',
    level: 'bronze',
    check: async (subject) => {
      const { link, target } = await openExample(subject)
      const [first] = target.points
      if (!first) throw new Error('the example has no points')
      expect((await link.read([first])).map(({ metric }) => metric)).toEqual([first.metric])
      expect(await link.read([])).toEqual([])
      expect(await link.read()).toHaveLength(target.points.length)
    },
  },
  { name: 'a read shows what the machine holds now', level: 'bronze', check: followsTheMachine },
  { name: 'a point that the machine does not have does not hide the others', level: 'bronze', check: keepsNeighbours },
  {
    name: 'a machine that refuses everything gives faults and no value',
    level: 'bronze',
    check: async (subject) => {
      await givesNoValue(subject, 'refusing')
    },
  },
  {
    name: 'garbage gives faults or PROTOCOL_VIOLATED, never a value',
    level: 'bronze',
    check: async (subject) => {
      const fault = await givesNoValue(subject, 'garbage')
      if (fault) expect(fault.code).toBe('PROTOCOL_VIOLATED')
    },
  },
  {
    name: 'half an answer gives an error, never a value',
    level: 'bronze',
    check: async (subject) => {
      expect(await givesNoValue(subject, 'half')).toBeInstanceOf(BakewireError)
    },
  },
  {
    name: 'a connection that is closed under a read gives a retryable error at once',
    level: 'bronze',
    check: async (subject) => {
      const fault = await givesNoValue(subject, 'closing', patient)
      expect(fault).toMatchObject({ code: 'LINK_LOST', remedy: 'retry' })
    },
  },
  {
    name: 'a machine that does not answer is TIMED_OUT',
    level: 'bronze',
    check: async (subject) => {
      expect(await givesNoValue(subject, 'silent')).toMatchObject({ code: 'TIMED_OUT', remedy: 'retry' })
    },
  },
  { name: 'a late answer is never taken for another request', level: 'bronze', check: dropsLateAnswers },
  {
    name: 'a read that is aborted ends at once',
    level: 'bronze',
    check: async (subject) => {
      const { machine, link, target } = await openExample(subject, patient)
      machine.simulated.misbehave('silent')
      await expect(link.read(target.points, AbortSignal.abort())).rejects.toThrow()
      const abort = new AbortController()
      const reading = link.read(target.points, abort.signal)
      setTimeout(() => abort.abort(), 20)
      await expect(reading).rejects.toThrow()
    },
  },
  { name: 'no secret is in any error, fault or log line', level: 'bronze', check: keepsSecrets },
]

async function openExample(subject: Subject, settings: Record<string, unknown> = {}) {
  const machine = await startMachine(subject, { settings })
  const target = machine.parse()
  const link = await machine.open(target)
  return { machine, target, link, metrics: target.points.map(({ metric }) => metric).sort() }
}

/** The error of a read of a machine that misbehaves; `undefined` when the read gave faults for all points. */
async function givesNoValue(
  subject: Subject,
  kind: Misbehaviour,
  settings: Record<string, unknown> = impatient,
): Promise<BakewireError | undefined> {
  const { machine, link } = await openExample(subject, settings)
  await link.read()
  machine.simulated.misbehave(kind)
  const samples = await link.read().catch((thrown: unknown) => thrown)
  if (!Array.isArray(samples)) return faultOf(Promise.reject(samples))
  expect(samples.length).toBeGreaterThan(0)
  for (const sample of samples) expect(sample).toHaveProperty('fault')
  return undefined
}

async function valuesOf(link: OpenLink): Promise<Map<string, unknown>> {
  return outcomesOf(await link.read())
}

async function followsTheMachine(subject: Subject): Promise<void> {
  const { machine, link, metrics } = await openExample(subject)
  const before = await valuesOf(link)
  machine.simulated.load(subject.simulator.example.equipmentLater)
  const after = await valuesOf(link)
  for (const metric of metrics) {
    expect(after.get(metric), `${metric} of the example's equipmentLater`).not.toEqual(before.get(metric))
  }
}

async function keepsNeighbours(subject: Subject): Promise<void> {
  const { example } = subject.simulator
  const points = [...(example.configuration.additional_config?.points ?? []), example.unknownPoint]
  const machine = await startMachine(subject, { settings: { points } })
  const target = machine.parse()
  const link = await machine.open(target)
  for (let round = 0; round < 3; round++) {
    const samples = await link.read()
    expect(samples).toHaveLength(target.points.length)
    expect(samples.filter((sample) => 'fault' in sample)).toHaveLength(1)
  }
}

async function dropsLateAnswers(subject: Subject): Promise<void> {
  const { machine, target, link } = await openExample(subject, impatient)
  const old = await valuesOf(link)
  machine.simulated.misbehave('late')
  expect(await faultOf(link.read())).toMatchObject({ code: 'TIMED_OUT' })
  machine.simulated.load(subject.simulator.example.equipmentLater)
  machine.simulated.misbehave('none')
  const until = performance.now() + lateAnswerMs + 100
  let read = 0
  while (performance.now() < until) {
    for (const [metric, value] of await laterValues(machine, target, link)) {
      read++
      expect(value, metric).not.toEqual(old.get(metric))
    }
    await delay(10)
  }
  expect(read).toBeGreaterThan(0)
}

/** On the same link, or on a new one where the late answer has broken that. */
async function laterValues(machine: Machine, target: ReturnType<Machine['parse']>, link: OpenLink) {
  try {
    return await valuesOf(link)
  } catch {
    const again = await machine.open(target)
    return valuesOf(again)
  }
}

async function keepsSecrets(subject: Subject): Promise<void> {
  const said: string[] = []
  for (const kind of ['refusing', 'garbage', 'half', 'closing', 'silent'] as const) {
    const { machine, link } = await openExample(subject, impatient)
    machine.simulated.misbehave(kind)
    const outcome = await link.read().catch((thrown: unknown) => thrown)
    said.push(...machine.logged, textOf(outcome))
  }
  expect(said.join('\n')).not.toBe('')
  for (const secret of secretsOf(subject)) expect(said.join('\n')).not.toContain(secret)
}

function textOf(outcome: unknown): string {
  if (!(outcome instanceof Error)) return JSON.stringify(outcome)
  return `${outcome.message}\n${outcome.stack ?? ''}\n${outcome.cause === undefined ? '' : textOf(outcome.cause)}`
}
