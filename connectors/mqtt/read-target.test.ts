import { expect, it, vi } from 'vitest'
import { soon } from '../../test/setup/soon.ts'
import { openLink, start, startTestBroker, targetOf } from './link-fixture.ts'

const points = [{ metric: 'temperature', topic: 'oven/status', pointer: '/temp' }]
const oven = (temp: number) => ({ messages: [{ topic: 'oven/status', json: { temp } }] })
const kept = (json: object) => ({ messages: [{ topic: 'oven/status', json, retained: true }] })
const good = (value: number) => [{ metric: 'temperature', value, quality: 'good' }]
const silent = (seconds: number) => [
  {
    metric: 'temperature',
    fault: { code: 'TIMED_OUT', message: `temperature: nothing was heard on topic oven/status for ${seconds} s` },
  },
]
const notYet = (seconds: number) => [
  {
    metric: 'temperature',
    fault: {
      code: 'TIMED_OUT',
      message: `temperature: nothing was heard on topic oven/status for ${seconds} s: does the machine publish there, and may this account read it?`,
    },
  },
]

it('gives the last value until it is too old, and again when something is heard', async () => {
  const broker = await startTestBroker(oven(180))
  const { read, pass } = await openLink(targetOf(broker, points, { settings: { stale_after: 60 } }))
  expect(await read()).toEqual(good(180))
  pass(60)
  expect(await read()).toEqual(good(180))
  pass(1)
  expect(await read()).toEqual(silent(61))
  broker.hold(oven(181))
  expect(await read()).toEqual(good(181))
})

it('gives it for ever where only changes are told', async () => {
  const broker = await startTestBroker(oven(180))
  const { read, pass } = await openLink(targetOf(broker, points, { settings: { stale_after: 0 } }))
  await read()
  pass(86_400 * 30)
  expect(await read()).toEqual(good(180))
})

it('gives the newest of many messages', async () => {
  const broker = await startTestBroker(oven(0))
  const { read } = await openLink(targetOf(broker, points))
  await read()
  const messages = Array.from({ length: 5_000 }, (_, index) => ({ topic: 'oven/status', json: { temp: index } }))
  broker.hold({ messages })
  expect(await read()).toEqual(good(4_999))
})

it('waits for a first message, but no longer than the time-out, and once', async () => {
  const broker = await startTestBroker({})
  const { read, pass } = await openLink(targetOf(broker, points, { settings: { timeout: 0.2 } }))
  expect(await read()).toEqual(notYet(0))
  // By the link's clock the time for a first message is over.
  pass(20)
  const patient = targetOf(broker, points, { settings: { timeout: 10 } })
  expect(await read(patient)).toEqual(notYet(20))
  broker.hold(oven(180))
  expect(await read()).toEqual(good(180))
})

it('a message that comes while it waits ends the wait', async () => {
  const broker = await startTestBroker({})
  const { read } = await openLink(targetOf(broker, points, { settings: { timeout: 60 } }))
  const reading = read()
  const publishing = setInterval(() => broker.hold(oven(180)), 20)
  expect(await reading.finally(() => clearInterval(publishing))).toEqual(good(180))
})

it('takes what the broker kept for good where its own time is fresh, and for nothing when nothing follows', async () => {
  const at = { metric: 'temperature', topic: 'oven/status', pointer: '/temp', timestamp_pointer: '/at' }
  const broker = await startTestBroker(kept({ temp: 180, at: '2026-11-20T11:59:00Z' }))
  const { read, pass } = await openLink(targetOf(broker, [at]))
  const sourceTime = start - 60_000
  expect(await read()).toEqual([{ ...good(180)[0], sourceTime }])
  pass(541)
  expect(await read()).toMatchObject([{ quality: 'uncertain', sourceTime }])
  pass(60)
  expect(await read()).toEqual(silent(601))
})

it('is offline as long as the broker says so, and forgets what was heard before', async () => {
  const availability = { topic: 'oven/lwt' }
  const broker = await startTestBroker(oven(180))
  const { read } = await openLink(targetOf(broker, points, { settings: { availability } }))
  expect(await read()).toEqual(good(180))
  broker.hold({ messages: [{ topic: 'oven/lwt', text: 'offline', retained: true }] })
  const offline = { code: 'UNREACHABLE', message: 'topic oven/lwt says that the machine is offline' }
  await expect(read()).rejects.toMatchObject(offline)
  await expect(read()).rejects.toMatchObject(offline)
  broker.hold({ messages: [{ topic: 'oven/lwt', text: 'online', retained: true }] })
  expect(await read()).toEqual(notYet(0))
  broker.hold(oven(181))
  expect(await read()).toEqual(good(181))
})

it('a will that flickers takes no value that came after it', async () => {
  const availability = { topic: 'oven/lwt' }
  const broker = await startTestBroker(oven(180))
  const { read } = await openLink(targetOf(broker, points, { settings: { availability } }))
  await read()
  const words = Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? 'offline' : 'online'))
  broker.hold({ messages: [...words.map((text) => ({ topic: 'oven/lwt', text })), ...oven(181).messages] })
  expect(await read()).toEqual(good(181))
})

it('an offline machine is not waited for', async () => {
  const settings = { availability: { topic: 'oven/lwt' }, timeout: 60 }
  const broker = await startTestBroker({ messages: [{ topic: 'oven/lwt', text: 'offline', retained: true }] })
  const { read } = await openLink(targetOf(broker, points, { settings }))
  await expect(read()).rejects.toMatchObject({ code: 'UNREACHABLE' })
})

it('machines share a connection, whose topics each subscribes to once', async () => {
  const messages = Array.from({ length: 120 }, (_, index) => ({ topic: `oven/${index}`, text: String(index) }))
  const broker = await startTestBroker({ messages })
  const targets = messages.map(({ topic }) => targetOf(broker, [{ metric: 'temperature', topic }]))
  const [first] = targets
  if (!first) throw new Error('there is no machine')
  const { read, dialled } = await openLink(first)
  const all = await Promise.all([...targets, ...targets].map((target) => read(target)))
  expect(all.flat()).toEqual([...messages, ...messages].flatMap((_, index) => good(index % 120)))
  expect(dialled).toHaveLength(1)
})

it('more topics than fit into one packet', async () => {
  const messages = Array.from({ length: 120 }, (_, index) => ({ topic: `oven/${index}`, text: String(index) }))
  const broker = await startTestBroker({ messages })
  const many = messages.map(({ topic }, index) => ({ metric: `additional.value_${index}`, topic }))
  const { read } = await openLink(targetOf(broker, many))
  expect((await read()).map((sample) => 'value' in sample && sample.value)).toEqual(messages.map((_, index) => index))
})

it('a point that is added to a known topic gets what the broker has kept', async () => {
  const broker = await startTestBroker(kept({ temp: 180, rh: 30 }))
  const { read } = await openLink(targetOf(broker, points))
  await read()
  broker.hold({ messages: [...kept({ temp: 180, rh: 30 }).messages, ...oven(181).messages] })
  expect(await read()).toEqual(good(181))
  const both = targetOf(broker, [...points, { metric: 'humidity', topic: 'oven/status', pointer: '/rh' }])
  expect(await read(both)).toMatchObject([
    { metric: 'temperature', value: 181, quality: 'good' },
    { metric: 'humidity', value: 30, quality: 'uncertain' },
  ])
})

it('a topic that is refused is asked for again', async () => {
  const broker = await startTestBroker({ ...oven(180), refuses: { 'oven/status': 128 } })
  const { read } = await openLink(targetOf(broker, points))
  expect(await read()).toMatchObject([{ fault: { code: 'POINT_REFUSED' } }])
  broker.hold(oven(181))
  expect(await read()).toEqual(good(181))
})

it('a subscription that is not answered is made again', async () => {
  const broker = await startTestBroker(oven(180))
  const { read } = await openLink(targetOf(broker, points, { settings: { timeout: 0.1 } }))
  broker.misbehave('silent')
  const both = await Promise.allSettled([read(), read()])
  expect(both).toMatchObject([{ reason: { code: 'TIMED_OUT' } }, { reason: { code: 'TIMED_OUT' } }])
  broker.misbehave('none')
  expect(await read(targetOf(broker, points))).toEqual(good(180))
})

it('another password has a connection of its own: a wrong one is refused, and disturbs nobody', async () => {
  const login = { username: 'line-1', password: 'right' }
  const broker = await startTestBroker({ ...oven(180), login })
  const target = targetOf(broker, points, { credentials: login })
  const wrong = targetOf(broker, points, { credentials: { ...login, password: 'wrong' } })
  const { read, losses, dialled } = await openLink(target)
  expect(await read()).toEqual(good(180))
  await expect(read(wrong)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
  await expect(read(wrong)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
  expect(await read()).toEqual(good(180))
  expect({ losses, dials: dialled.length }).toEqual({ losses: [], dials: 3 })
  broker.hold({ ...oven(181), login: { ...login, password: 'new' } })
  const renewed = targetOf(broker, points, { credentials: { ...login, password: 'new' } })
  expect(await read(renewed)).toEqual(good(181))
  expect(await read()).toEqual(good(181))
})

it('a broker that goes away is told to those who read and those who do not, once', async () => {
  const broker = await startTestBroker(oven(180))
  const other = targetOf(broker, [{ metric: 'humidity', topic: 'oven/rh' }], { settings: { timeout: 60 } })
  const { read, losses } = await openLink(targetOf(broker, points))
  await read()
  const waiting = read(other).catch((error: unknown) => error)
  await broker.stop()
  expect(await waiting).toMatchObject({ code: 'LINK_LOST' })
  await vi.waitFor(() => expect(losses).toMatchObject([{ code: 'LINK_LOST' }]), soon)
  await expect(read()).rejects.toMatchObject({ code: 'LINK_LOST' })
})
