import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Connector } from '#connector'
import { createKiln } from '../setup/kiln.ts'
import { soon } from '../setup/soon.ts'
import { type HttpRig, startHttpRig } from './http-rig.ts'

const kiln = createKiln()
/** Port of the machine of each read. */
const reads: unknown[] = []
const connector: Connector = {
  ...kiln.connector,
  read(link, request) {
    reads.push(request.target.port)
    return kiln.connector.read?.(link, request) ?? Promise.resolve([])
  },
}
let rig: HttpRig
beforeAll(async () => {
  rig = await startHttpRig({ worker: 'holds every shard', connectors: [connector] })
})
afterAll(() => rig.stop())

let port = 100
const configuration = (more: object = {}) => {
  port += 1
  const additional_config = { points: [{ metric: 'temperature', key: 'set', unit: '[degF]' }] }
  return { protocol: 'kiln', endpoint: 'kiln.example', port, additional_config, ...more }
}
/** Once a day, and half an hour from now. */
const ahead = () => {
  const due = new Date(Date.now() + 1_800_000)
  return { expression: `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`, timezone: 'UTC' }
}
const configure = async (id: string, body: object) => {
  const answer = await rig.call('POST', `/api/v1/equipment/${id}/iot-config`, { body })
  expect(answer.status).toBe(200)
}
async function machine<T extends object>(body: T): Promise<T & { id: string }> {
  const id = await rig.machine()
  await configure(id, body)
  return { id, ...body }
}
const readsOf = ({ port }: { port: number }) => reads.filter((one) => one === port).length
async function readMore(machine: { port: number }): Promise<void> {
  const before = readsOf(machine)
  await vi.waitFor(() => expect(readsOf(machine)).toBeGreaterThan(before + 2), soon)
}

it('gives a machine that was polled at an interval a rest until its time, and null ends that', async () => {
  const steady = await machine(configuration({ poll_interval_seconds: 1 }))
  const given = configuration({ poll_interval_seconds: 1 })
  const { id } = await machine(given)
  await readMore(given)
  await configure(id, { ...given, poll_cron: ahead() })
  // What was under way is read by then.
  await readMore(steady)
  const rested = readsOf(given)
  await readMore(steady)
  expect(readsOf(given)).toBe(rested)
  const { body: days } = await rig.call('GET', `/api/v1/equipment/${id}/completeness`)
  const expected = days.days.at(-1).expected
  // Seconds at most, of a day that an interval would have had tens of thousands of.
  expect(expected).toBeLessThan(600)
  await configure(id, { ...given, poll_cron: null })
  await readMore(given)
})

it.each([
  ['its own link settings', undefined],
  ['others, for which its polling stands back', 'clean'],
])('lets a machine be browsed with %s, which is no poll', async (_what, mode) => {
  const steady = await machine(configuration({ poll_interval_seconds: 1 }))
  const given = await machine(configuration({ poll_cron: ahead() }))
  const { id } = given
  await readMore(steady)
  const before = readsOf(given)
  const { body: stored } = await rig.call('GET', `/api/v1/equipment/${id}/iot-config`)
  const additional_config = { ...stored.additional_config, ...(mode ? { mode } : {}) }
  const body = { ...stored, additional_config, equipment_id: id }
  const answer = await rig.call('POST', '/api/v1/connectors/kiln/browse', { body })
  expect(answer).toMatchObject({ status: 200, body: { found: [{ name: 'set' }, {}, {}, {}] } })
  await readMore(steady)
  expect(readsOf(given)).toBe(before)
})
