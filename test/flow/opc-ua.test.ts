import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { startOpcUaMachine } from '#protocol/opc-ua'
import { createCertificateStore, createSecretBox } from '#store'
import { startPollingRig } from '../setup/polling-rig.ts'
import { soon } from '../setup/soon.ts'

let rig: Awaited<ReturnType<typeof startPollingRig>>
let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
beforeAll(async () => {
  rig = await startPollingRig()
  machine = await startOpcUaMachine(holding(180))
  rig.takeAll()
})
afterAll(async () => {
  await rig.stop()
  await machine.stop()
})

const holding = (value: number, rest: object = {}) => ({
  variables: [{ node: 's=T', type: 'Double', value }],
  users: { baker: 'secret' },
  ...rest,
})
const configuration = () => ({
  endpoint: '127.0.0.1',
  port: machine.port,
  credentials: { username: 'baker', password: 'secret' },
  additional_config: { points: [{ metric: 'temperature', node: 'nsu=http://bakery.example/oven/;s=T' }] },
})
type Oven = Awaited<ReturnType<typeof startOpcUaMachine>>
/** Polled beside one that is subscribed, on one link. */
const subscribed = () => {
  const { additional_config, ...rest } = configuration()
  return { ...rest, additional_config: { ...additional_config, subscribe: true, publishing_interval_ms: 100 } }
}
const newestOf = (id: string | undefined, readings = rig.accepted) =>
  readings.findLast(({ equipmentId }) => equipmentId === id)?.values.temperature
const newest = () => rig.accepted.at(-1)?.values.temperature

async function trustAll(): Promise<void> {
  const store = createCertificateStore(rig.database, createSecretBox([{ id: 'k1', key: Buffer.alloc(32) }]))
  for (const { fingerprint } of (await store.list({ limit: 10 })).items) await store.trust(fingerprint)
}

it('values flow once a certificate is trusted, and again after a restart of the server, in one session', async () => {
  const ids = [await rig.configure('opc_ua', configuration()), await rig.configure('opc_ua', configuration())]
  for (const id of ids) {
    await vi.waitFor(async () => expect(await rig.status(id)).toMatchObject({ code: 'CERTIFICATE_REJECTED' }), soon)
  }
  await trustAll()
  await vi.waitFor(() => expect(newest()).toBe(180), soon)
  expect(machine.sessions()).toBe(1)

  await machine.restart(holding(190, { other_namespaces: ['http://a.example/'] }))
  await vi.waitFor(() => expect(newest()).toBe(190), soon)
  expect(machine.sessions()).toBe(1)

  machine.closeSessions()
  machine.load(holding(200))
  await vi.waitFor(() => expect(newest()).toBe(200), soon)
  expect(machine.sessions()).toBe(1)

  await machine.restart(holding(210), 'another oven')
  await vi.waitFor(
    async () => expect(await rig.status(ids[0] ?? '')).toMatchObject({ code: 'CERTIFICATE_REJECTED' }),
    soon,
  )
  expect(newest()).toBe(200)
  await trustAll()
  await vi.waitFor(() => expect(newest()).toBe(210), soon)
})

it('values flow again after each of twenty restarts, polled and subscribed, over one connection with one session', async () => {
  await machine.restart(holding(0))
  const polled = await rig.configure('opc_ua', configuration())
  const told = await rig.configure('opc_ua', subscribed())
  await trustAll()
  for (let round = 1; round <= 20; round += 1) {
    await machine.restart(holding(round))
    await vi.waitFor(() => expect([newestOf(polled), newestOf(told)]).toEqual([round, round]), soon)
    machine.change('s=T', round + 0.5)
    await vi.waitFor(() => expect(newestOf(told, rig.heard)).toBe(round + 0.5), soon)
    await vi.waitFor(
      () => expect([machine.connections(), machine.sessions(), machine.subscriptions()]).toEqual([1, 1, 1]),
      soon,
    )
  }
}, 600_000)

it.each([
  ['session', (oven: Oven) => oven.closeSessions()],
  ['subscription', async (oven: Oven) => (await oven.stealSubscriptions())()],
])(
  'values that a %s brought flow again by themselves each time that it is stolen, in one session',
  async (_name, steal) => {
    const oven = await startOpcUaMachine(holding(0, { users: {} }))
    onTestFinished(() => oven.stop())
    const { additional_config } = subscribed()
    const id = await rig.configure('opc_ua', {
      endpoint: '127.0.0.1',
      port: oven.port,
      additional_config: { ...additional_config, security_mode: 'None' },
    })
    await vi.waitFor(() => expect(newestOf(id, rig.heard)).toBe(0), soon)
    for (let round = 1; round <= 5; round += 1) {
      await steal(oven)
      oven.change('s=T', round)
      await vi.waitFor(() => expect([newestOf(id), newestOf(id, rig.heard)]).toEqual([round, round]), soon)
      await vi.waitFor(
        () => expect([oven.connections(), oven.sessions(), oven.subscriptions()]).toEqual([1, 1, 1]),
        soon,
      )
    }
    await vi.waitFor(async () => expect(await rig.status(id)).toEqual({ status: 'connected', code: null }), soon)
  },
)

it('a device that describes itself is subscribed without being told its points, and again after a restart', async () => {
  const holdsOven = (temperature: number, state: string) => ({
    devices: [
      {
        name: 'Oven',
        below: 'Machines',
        variables: [
          {
            path: ['MachineryBuildingBlocks', 'MachineryItemState', 'CurrentState'],
            type: 'LocalizedText',
            value: state,
          },
          { path: ['Identification', 'SerialNumber'], type: 'String', value: '4711' },
          { path: ['Monitoring', 'Temperature'], type: 'Double', value: temperature },
        ],
      },
    ],
  })
  const stateNode = 's=Oven/MachineryBuildingBlocks/MachineryItemState/CurrentState'
  const oven = await startOpcUaMachine(holdsOven(180, 'NotExecuting'))
  onTestFinished(() => oven.stop())
  const id = await rig.configure('opc_ua', {
    endpoint: '127.0.0.1',
    port: oven.port,
    additional_config: { security_mode: 'None', subscribe: true, publishing_interval_ms: 100 },
  })
  const newestStatus = (readings = rig.accepted) =>
    readings.findLast(({ equipmentId, values }) => equipmentId === id && values.operational_status !== undefined)
      ?.values.operational_status

  await vi.waitFor(() => expect(newestStatus()).toBe('ready'), soon)
  await vi.waitFor(async () => expect(await rig.status(id)).toEqual({ status: 'connected', code: null }), soon)
  oven.change(stateNode, 'Executing')
  await vi.waitFor(() => expect(newestStatus(rig.heard)).toBe('running'), soon)
  await vi.waitFor(() => expect(newestStatus()).toBe('running'), soon)

  await oven.restart(holdsOven(190, 'OutOfService'))
  await vi.waitFor(() => expect(newestStatus()).toBe('error'), soon)
  oven.change(stateNode, 'NotExecuting')
  await vi.waitFor(() => expect(newestStatus(rig.heard)).toBe('ready'), soon)
  await vi.waitFor(() => expect([oven.sessions(), oven.subscriptions()]).toEqual([1, 1]), soon)
  await vi.waitFor(() => expect(newestStatus()).toBe('ready'), soon)
  expect(rig.accepted.findLast(({ equipmentId }) => equipmentId === id)).toMatchObject({
    additional: { serial_number: '4711', state: 'NotExecuting' },
  })
})

it('a machine with a wrong password keeps no other one of its account from being polled, and is told when it is tested', async () => {
  const oven = await startOpcUaMachine(holding(50))
  onTestFinished(() => oven.stop())
  const ovenOf = (password: string) => ({
    ...configuration(),
    port: oven.port,
    credentials: { username: 'baker', password },
  })
  const wrong = await rig.configure('opc_ua', ovenOf('wrong'))
  await vi.waitFor(async () => expect((await rig.status(wrong)).code).toMatch(/^C\w+_REJECTED$/), soon)
  // Another test of this file may have done so.
  await trustAll()
  await vi.waitFor(async () => expect(await rig.status(wrong)).toMatchObject({ code: 'CREDENTIALS_REJECTED' }), soon)
  const right = await rig.configure('opc_ua', ovenOf('secret'))
  for (let round = 1; round <= 5; round += 1) {
    await oven.restart(holding(50 + round))
    await vi.waitFor(() => expect(newestOf(right)).toBe(50 + round), soon)
  }

  const shard = (await rig.equipment.get(right))?.shard ?? 0
  const test = (password: string) =>
    rig.worker.ask('test', shard, { equipmentId: right, protocol: 'opc_ua', configuration: ovenOf(password) }, 10_000)
  expect(await test('wrong')).toMatchObject({
    result: { success: false, error_details: { code: 'CREDENTIALS_REJECTED' } },
  })
  expect(await test('secret')).toMatchObject({ result: { success: true } })
  oven.change('s=T', 70)
  await vi.waitFor(() => expect(newestOf(right)).toBe(70), soon)
})
