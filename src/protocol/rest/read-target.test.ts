import { expect, it, onTestFinished } from 'vitest'
import { parseTarget, type Sample } from '#connector'
import { plainDial } from '../../../test/contract/plain-dial.ts'
import { createPassingMemory } from '../../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../../test/setup/passing-trust.ts'
import { connector } from './machine-fixture.ts'
import { startRestMachine } from './simulation/start-rest-machine.ts'

const start = Date.parse('2026-11-20T12:00:00Z')

/** A link to a simulated machine, read at times that the test sets. */
async function linkTo(equipment: object, settings: object) {
  const machine = await startRestMachine(equipment)
  onTestFinished(() => machine.stop())
  const target = parseTarget(connector, 'oven-1', { ...machine.configuration, additional_config: settings })
  let passedMs = 0
  const { signal } = new AbortController()
  const link = await connector.open(target, {
    dial: plainDial().dial,
    signal,
    clock: { now: () => start + passedMs, monotonic: () => passedMs },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    memory: createPassingMemory(),
    trust: createPassingTrust(),
    lost: () => undefined,
    reached: () => undefined,
  })
  onTestFinished(async () => connector.close(link))
  const readAt = async (seconds: number): Promise<Sample[]> => {
    passedMs = seconds * 1_000
    return (await connector.read?.(link, { target, points: target.points, signal })) ?? []
  }
  return { machine, readAt }
}

it('does not ask for the status again before the machine wants to be asked', async () => {
  const equipment = { data: { temperature: 180 }, status: { operational_status: 'running' } }
  const status_endpoint = '/api/v1/equipment/{equipment_id}/status'
  const { machine, readAt } = await linkTo({ ...equipment, statusMisbehaviour: 'overloaded' }, { status_endpoint })
  const refused = { metric: 'operational_status', fault: expect.objectContaining({ code: 'DEVICE_BUSY' }) }
  const temperature = { metric: 'temperature', value: 180, quality: 'good' }
  expect(await readAt(0)).toEqual([temperature, refused])
  machine.load(equipment)
  expect(await readAt(29)).toEqual([temperature, refused])
  expect(await readAt(30)).toEqual([temperature, { metric: 'operational_status', value: 'running', quality: 'good' }])
})

it('tells frozen data by a time that stands still, until it moves again', async () => {
  const showing = (time: string) => ({ data: { time, temperature: 180 } })
  const ahead = '2026-11-20T14:00:00Z'
  const { machine, readAt } = await linkTo(showing(ahead), { timestamp_pointer: '/time' })
  const good = { metric: 'temperature', value: 180, quality: 'good', sourceTime: Date.parse(ahead) }
  expect(await readAt(0)).toEqual([good])
  expect(await readAt(599)).toEqual([good])
  const doubt = "the machine's time has stood at 2026-11-20T14:00:00.000Z for 600 s: its data is frozen"
  expect(await readAt(600)).toEqual([{ ...good, quality: 'uncertain', doubt }])
  machine.load(showing('2026-11-20T14:10:30Z'))
  expect(await readAt(630)).toEqual([{ ...good, sourceTime: Date.parse('2026-11-20T14:10:30Z') }])
})
