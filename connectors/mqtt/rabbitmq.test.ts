import type { MqttClient as PublishingClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { silentLog, systemClock } from '#core'
import { createEgressGate, parseEgressAllow } from '#egress'
import { openMqttClient } from '#protocol/mqtt'
import { createSession } from '#session'
import { createPassingMemory } from '../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../test/setup/passing-trust.ts'
import { hasRabbitmq, rabbitmqStartMs, startRabbitmq, type TestRabbitmq } from '../../test/setup/rabbitmq.ts'
import { soon } from '../../test/setup/soon.ts'
import { connector, openLink, targetOf } from './link-fixture.ts'
import type { MqttTarget } from './schemas.ts'
import { startEdgeNode } from './simulation/edge-node-client.ts'

const { dial } = createEgressGate({ allow: parseEgressAllow('127.0.0.1'), denied: [], log: silentLog })
const good = (value: number | string) => [{ metric: 'temperature', value, quality: 'good' }]

/** The link as the framework keeps it. */
function sessionOf() {
  const kept = { memory: createPassingMemory(), trust: createPassingTrust() }
  const session = createSession({ connector, dial, clock: systemClock, log: silentLog, ...kept })
  onTestFinished(() => session.close())
  return async (target: MqttTarget) => (await session.read(target, target.points)).samples
}

describe.skipIf(!hasRabbitmq)('against RabbitMQ (skipped where it is not installed)', () => {
  let broker: TestRabbitmq
  beforeAll(async () => {
    broker = await startRabbitmq()
  }, rabbitmqStartMs)
  afterAll(() => broker?.stop())

  const target = (topic: string, settings: Readonly<Record<string, unknown>> = {}, more: object = {}) =>
    targetOf(broker, [{ metric: 'temperature', topic, ...more }], { credentials: broker.login, settings })
  const publish = (machine: PublishingClient, topic: string, text: string, options: object = {}) =>
    machine.publishAsync(topic, text, { qos: 1, ...options })

  it.each([0, 1])('values come, kept and fresh, with QoS %i', async (qos) => {
    const topic = `values/${qos}`
    const machine = await broker.client()
    await publish(machine, topic, '20', { retain: true })
    const read = sessionOf()
    // It keeps a message a moment after it has taken it.
    await vi.waitFor(
      async () => expect(await sessionOf()(target(topic))).toMatchObject([{ value: 20, quality: 'uncertain' }]),
      soon,
    )
    expect(await read(target(topic, { qos }))).toMatchObject([{ value: 20, quality: 'uncertain' }])
    await publish(machine, topic, '180')
    await vi.waitFor(async () => expect(await read(target(topic, { qos }))).toEqual(good(180)), soon)
  })

  it('a wildcard hears all that it asks for; what was kept is not given to it', async () => {
    const machine = await broker.client()
    await publish(machine, 'line/1/oven', '20', { retain: true })
    const read = sessionOf()
    const reading = read(target('line/+/oven', { timeout: 60 }))
    const publishing = setInterval(() => machine.publish('line/2/oven', '180'), 20)
    expect(await reading.finally(() => clearInterval(publishing))).toEqual(good(180))
  })

  it('a message of QoS 2 comes as one of QoS 1', async () => {
    const machine = await broker.client()
    const read = sessionOf()
    const reading = read(target('qos/2', { qos: 1, timeout: 60 }))
    const publishing = setInterval(() => machine.publish('qos/2', '180', { qos: 2 }), 50)
    expect(await reading.finally(() => clearInterval(publishing))).toEqual(good(180))
  })

  it('a login is refused with the reason', async () => {
    const strangers = { ...broker.login, password: 'wrong' }
    const topic = [{ metric: 'temperature', topic: 'a' }]
    for (const credentials of [strangers, {}]) {
      const stranger = targetOf(broker, topic, { credentials })
      await expect(sessionOf()(stranger)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' })
    }
  })

  it('a client id that another takes is a lost link, once', async () => {
    const losses: Error[] = []
    const client = await openMqttClient({
      dial,
      host: '127.0.0.1',
      port: broker.port,
      ...broker.login,
      version: 4,
      clientId: 'bakewire-1',
      timeoutMs: 30_000,
      signal: new AbortController().signal,
      reached: () => undefined,
      onMessage: () => undefined,
      onLost: (error) => losses.push(error),
    })
    onTestFinished(() => client.close())
    await broker.client({ clientId: 'bakewire-1' })
    await vi.waitFor(() => expect(losses).toMatchObject([{ code: 'LINK_LOST' }]), soon)
  })

  it("a machine's will makes it offline, and its return online", async () => {
    const will = { topic: 'will/lwt', payload: Buffer.from('offline'), retain: true, qos: 1 } as const
    const machine = await broker.client({ will })
    const read = sessionOf()
    const oven = target('will/temp', { availability: { topic: 'will/lwt' }, timeout: 60 })
    const reading = read(oven)
    const publishing = setInterval(() => machine.publish('will/temp', '180'), 20)
    expect(await reading.finally(() => clearInterval(publishing))).toEqual(good(180))
    machine.stream.destroy()
    await vi.waitFor(() => expect(read(oven)).rejects.toMatchObject({ code: 'UNREACHABLE' }), soon)
    const again = await broker.client({ will })
    await publish(again, 'will/lwt', 'online', { retain: true })
    await publish(again, 'will/temp', '181')
    await vi.waitFor(async () => expect(await read(oven)).toEqual(good(181)), soon)
  })

  it('a command is taken, and confirmed by what the machine says then', async () => {
    const machine = await broker.client()
    machine.on('message', (_topic, payload) => machine.publish('lamp', payload.toString()))
    await machine.subscribeAsync('lamp/set')
    const lamp = target(
      'lamp',
      { timeout: 30 },
      { command_topic: 'lamp/set', command: { level: '{value}' }, pointer: '/level' },
    )
    const { write } = await openLink(lamp)
    expect(await write({ temperature: 128 })).toEqual(good(128))
  })

  it('an edge node of Sparkplug is read and told, and found', async () => {
    const devices = { Oven: [{ name: 'Setpoint', alias: 1, type: 'Float', value: 180.1 }] }
    await startEdgeNode(await broker.client(), { node: 'Bakery/Line 1', devices })
    const point = { metric: 'temperature', sparkplug: 'Bakery/Line 1/Oven', name: 'Setpoint' }
    const given = { credentials: broker.login, settings: { timeout: 30 } }
    const { read, write, browse } = await openLink(targetOf(broker, [point], given))
    expect(await read()).toMatchObject([{ value: 180.1, quality: 'good' }])
    expect(await write({ temperature: 200 })).toMatchObject([{ value: 200, quality: 'good' }])
    const looking = browse({ at: 'spBv1.0/#', seconds: 2 })
    const asker = await openLink(targetOf(broker, [point], given))
    const asked: Promise<unknown>[] = []
    const asking = setInterval(() => void asked.push(asker.write({ temperature: 201 })), 200)
    const { found } = await looking.finally(() => clearInterval(asking))
    await Promise.all(asked)
    expect(found.map(({ kind }) => kind)).toContain('Sparkplug DDATA of Bakery/Line 1/Oven')
  })

  it('an older one does not speak MQTT 5, which is told by what it does', async () => {
    const outcome = await sessionOf()(target('values/1', { version: '5', timeout: 1 })).then(
      () => 'speaks it',
      (error: { code: string; message: string }) => `${error.code}: ${error.message.replace(/:\d{4,5}\b/, ':PORT')}`,
    )
    const refusal =
      'LINK_LOST: mqtt://127.0.0.1:PORT closed the connection instead of answering the login: does it speak MQTT 5?'
    // From 3.13 on it does.
    expect(['speaks it', refusal]).toContain(outcome)
  })
})
