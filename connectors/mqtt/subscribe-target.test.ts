import { expect, it, vi } from 'vitest'
import { soon } from '../../test/setup/soon.ts'
import { openLink, startTestBroker, targetOf } from './link-fixture.ts'

const points = [
  { metric: 'temperature', topic: 'oven/status', pointer: '/temp' },
  { metric: 'door_status', topic: 'oven/door' },
]
const oven = (temp: number) => ({ messages: [{ topic: 'oven/status', json: { temp } }] })
const temperature = (value: number) => ({ metric: 'temperature', value, quality: 'good' })

it('tells what comes between reads, each value that is not followed at once', async () => {
  const broker = await startTestBroker({})
  const { subscribe } = await openLink(targetOf(broker, points))
  const { told } = await subscribe()
  for (const value of [180, 181, 180]) {
    const before = told.length
    broker.hold(oven(value))
    await vi.waitFor(() => expect(told).toHaveLength(before + 1), soon)
  }
  expect(told).toEqual([[temperature(180)], [temperature(181)], [temperature(180)]])
})

it('tells together what comes together, the newest of a flood', async () => {
  const broker = await startTestBroker({})
  const { subscribe } = await openLink(targetOf(broker, points))
  const { told } = await subscribe()
  const flood = Array.from({ length: 5_000 }, (_, index) => ({ topic: 'oven/status', json: { temp: index } }))
  broker.hold({ messages: [...flood, { topic: 'oven/door', text: 'open' }] })
  const door = { metric: 'door_status', value: 'open', quality: 'good' }
  await vi.waitFor(() => expect(told.flat()).toContainEqual(door), soon)
  expect(told.flat()).toContainEqual(temperature(4_999))
  expect(told.length).toBeLessThan(100)
})

it('tells it as a read would: faults, kept values, nothing of what says nothing', async () => {
  const kept = { topic: 'oven/status', json: { temp: 180 }, retained: true }
  const broker = await startTestBroker({ messages: [kept] })
  const { subscribe } = await openLink(targetOf(broker, points))
  const { told } = await subscribe()
  await vi.waitFor(() => expect(told).toMatchObject([[{ value: 180, quality: 'uncertain' }]]), soon)
  broker.hold({ messages: [{ topic: 'oven/status', json: { other: 1 } }, ...oven(Number.NaN).messages] })
  await vi.waitFor(() => expect(told).toHaveLength(2), soon)
  expect(told[1]).toMatchObject([{ metric: 'temperature', fault: { code: 'VALUE_INVALID' } }])
})

it('tells nothing after its end, while others on the link are told', async () => {
  const broker = await startTestBroker({})
  const target = targetOf(broker, points)
  const { subscribe } = await openLink(target)
  const ended = await subscribe()
  const other = await subscribe(targetOf(broker, points))
  ended.stop()
  broker.hold(oven(180))
  await vi.waitFor(() => expect(other.told).toEqual([[temperature(180)]]), soon)
  expect(ended.told).toEqual([])
})

it('tells nothing of a machine that is offline', async () => {
  const broker = await startTestBroker({})
  const settings = { availability: { topic: 'oven/lwt' } }
  const { subscribe } = await openLink(targetOf(broker, points, { settings }))
  const { told } = await subscribe()
  broker.hold({ messages: [{ topic: 'oven/lwt', text: 'offline' }, ...oven(180).messages] })
  const { told: plain } = await subscribe(targetOf(broker, points))
  broker.hold({ messages: [{ topic: 'oven/lwt', text: 'offline' }, ...oven(181).messages] })
  await vi.waitFor(() => expect(plain.flat()).toContainEqual(temperature(181)), soon)
  broker.hold({ messages: [{ topic: 'oven/lwt', text: 'online' }, ...oven(182).messages] })
  await vi.waitFor(() => expect(told).toEqual([[temperature(182)]]), soon)
})

it('a refused topic takes nothing from the others, and is told as soon as it may be read', async () => {
  const broker = await startTestBroker({ refuses: { 'oven/door': 128 } })
  const target = targetOf(broker, points, { settings: { timeout: 0.1 } })
  const { subscribe, read } = await openLink(target)
  const { told } = await subscribe()
  broker.hold({ messages: [{ topic: 'oven/door', text: 'open' }, ...oven(180).messages] })
  await vi.waitFor(() => expect(told).toEqual([[temperature(180)]]), soon)
  await read()
  broker.hold({ messages: [{ topic: 'oven/door', text: 'closed' }] })
  await vi.waitFor(() => expect(told[1]).toMatchObject([{ metric: 'door_status', value: 'closed' }]), soon)
})

it('a broker that does not answer is a fault, and nothing goes on', async () => {
  const broker = await startTestBroker({})
  const { subscribe } = await openLink(targetOf(broker, points, { settings: { timeout: 0.1 } }))
  broker.misbehave('silent')
  await expect(subscribe()).rejects.toMatchObject({ code: 'TIMED_OUT' })
})
