import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startServedFleet } from '../setup/served-fleet.ts'
import { soon } from '../setup/soon.ts'

/** The long form of `npm run test:faults`. */
const isLong = process.env['FAULT_ROUNDS'] !== undefined
const count = isLong ? 400 : 40
const awayMs = isLong ? 120_000 : 15_000
const flaps = isLong ? 60 : 5
/** What was on the wire when it was cut is lost with it; on busy processors cutting takes its time. */
const onTheWireMs = 1_000

type Fleet = Awaited<ReturnType<typeof startServedFleet>>
type Machine = Fleet['machines'][number]
let fleet: Fleet
/** When wires were cut. */
const cutsAtMs: number[] = []
beforeAll(async () => {
  fleet = await startServedFleet({ machines: count, workers: 2, wires: true })
  await fleet.polled()
}, 600_000)
afterAll(() => fleet.stop(), 60_000)

interface Gap {
  readonly reason: string
  readonly ended_at: string | null
}
interface ConnectionEvent {
  readonly event_type: string
}

async function listOf<T>(id: string, list: 'gaps' | 'connection-logs'): Promise<T[]> {
  const answer = await fleet.get(`/equipment/${id}/${list}?limit=500`)
  return ((await answer.json()) as { items: T[] }).items
}

const statusOf = async (id: string) =>
  ((await (await fleet.get(`/equipment/${id}`)).json()) as { iot_connection_status: string }).iot_connection_status

/** Settles when each was read again, over one connection. */
async function backAgain(machines: readonly Machine[]): Promise<void> {
  const atMs = performance.now()
  await vi.waitFor(() => {
    for (const { servedAtMs, connections } of machines) {
      expect(servedAtMs.at(-1)).toBeGreaterThan(atMs)
      expect(connections()).toBe(1)
    }
  }, soon)
  await fleet.polled()
}

/** Serial numbers that were served and are nowhere, but for those that were on a wire when it was cut. */
async function lost(): Promise<readonly number[]> {
  const { doubled, missingAtMs } = await fleet.judge()
  expect(doubled).toBe(0)
  return missingAtMs.filter((atMs) => !cutsAtMs.some((at) => Math.abs(at - atMs) < onTheWireMs))
}

describe('a power cut', () => {
  it(`of ${count} machines for ${awayMs / 1_000} s is one gap of each, with its reason, and they come back together`, async () => {
    cutsAtMs.push(performance.now())
    for (const { wire } of fleet.machines) wire?.cut()
    await sleep(awayMs)
    await vi.waitFor(async () => {
      const statuses = await Promise.all(fleet.machines.map(({ id }) => statusOf(id)))
      expect(new Set(statuses)).toEqual(new Set(['disconnected']))
    }, soon)
    const mendedAtMs = performance.now()
    for (const { wire } of fleet.machines) wire?.mend()
    await backAgain(fleet.machines)
    process.stdout.write(`all back after ${Math.round(performance.now() - mendedAtMs)} ms\n`)

    expect(await lost()).toEqual([])
    await vi.waitFor(async () => {
      for (const { id } of fleet.machines) {
        expect(await listOf<Gap>(id, 'gaps')).toMatchObject([{ reason: 'machine_off', ended_at: expect.any(String) }])
        expect(await statusOf(id)).toBe('connected')
      }
    }, soon)
    // A line for each change of a machine, not for each time that it was dialled in vain.
    for (const { id } of fleet.machines) {
      const events = await listOf<ConnectionEvent>(id, 'connection-logs')
      expect(events.length).toBeLessThanOrEqual(5)
    }
  }, 600_000)
})

describe('a loose contact', () => {
  it(`of one machine, ${flaps} times two seconds, costs its neighbours nothing`, async () => {
    const [loose, ...neighbours] = fleet.machines
    const eventsBefore = await listOf<ConnectionEvent>(loose?.id ?? '', 'connection-logs')
    const gapsBefore = await Promise.all(neighbours.map(({ id }) => listOf<Gap>(id, 'gaps')))
    const sinceMs = performance.now()
    for (let flap = 0; flap < flaps; flap += 1) {
      cutsAtMs.push(performance.now())
      loose?.wire?.cut()
      await sleep(2_000)
      loose?.wire?.mend()
      await sleep(2_000)
    }
    await backAgain(fleet.machines)
    process.stdout.write(`longest pause of all ${Math.round(fleet.longestPauseMs(sinceMs))} ms\n`)
    expect(await lost()).toEqual([])
    expect(await Promise.all(neighbours.map(({ id }) => listOf<Gap>(id, 'gaps')))).toEqual(gapsBefore)
    const events = await listOf<ConnectionEvent>(loose?.id ?? '', 'connection-logs')
    // Of each time: an answer is missing, it is gone, it is back.
    expect(events.length - eventsBefore.length).toBeLessThanOrEqual(3 * flaps)
  }, 600_000)
})
