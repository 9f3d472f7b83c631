import { expect, it } from 'vitest'
import { BakewireError } from '#core'
import type { MachineNow, Page } from '#store'
import { createNewestValues } from './newest-values.ts'
import { asStored } from './reading-record.ts'

const ids = ['one', 'two', 'three']
const machineOf = (id: string): MachineNow['machine'] => ({
  id,
  name: id,
  iot_connection_status: 'connected',
  poll_interval_seconds: 1,
  poll_cron: null,
})
const readingOf = (equipmentId: string, temperature: number) => ({
  equipmentId,
  readingTime: temperature,
  sourceTime: null,
  values: { temperature },
  zones: null,
  additional: null,
  quality: null,
})

/** A database of three machines, and a process that polls the first of them. */
function open() {
  const state = { isAway: false, machines: ids }
  const nowOf = (id: string): MachineNow => ({
    machine: machineOf(id),
    newest: asStored(readingOf(id, 20)),
    batch: undefined,
  })
  const newest = createNewestValues({
    realtime: {
      now: async (id) => (state.machines.includes(id) ? nowOf(id) : undefined),
      page: async ({ limit }): Promise<Page<MachineNow>> => ({
        items: state.machines.slice(0, limit).map(nowOf),
        next_cursor: limit < state.machines.length ? 'more' : null,
      }),
    },
    polled: (id) => (id === 'one' ? { machine: machineOf(id), reading: readingOf(id, 30) } : undefined),
    databaseOrKnown: async (ask, known) => {
      if (!state.isAway) return ask()
      const instead = known()
      if (instead === undefined) throw new BakewireError('UNAVAILABLE', 'away')
      return instead
    },
    clock: { now: () => 0, monotonic: () => 0 },
  })
  const temperatures = async (limit: number) =>
    (await newest.page({ limit })).items.map((item) => [item.machine.id, item.newest?.temperature])
  return { state, newest, temperatures }
}

it('tells a page that was asked for before of what is known, live where this process polls', async () => {
  const { state, newest, temperatures } = open()
  expect(await temperatures(2)).toEqual([
    ['one', 20],
    ['two', 20],
  ])
  state.isAway = true
  expect(await temperatures(2)).toEqual([
    ['one', 30],
    ['two', 20],
  ])
  expect((await newest.page({ limit: 2 })).next_cursor).toBe('more')
})

it.each([
  ['that nobody has asked for', 3, ids],
  ['of which a machine is gone', 2, ['one', 'three']],
])('tells no page %s', async (_what, limit, machines) => {
  const { state, newest, temperatures } = open()
  await temperatures(2)
  state.machines = machines
  await newest.of('two')
  state.isAway = true
  await expect(temperatures(limit)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})
