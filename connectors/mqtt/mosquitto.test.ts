import type { MqttClient as PublishingClient } from 'mqtt'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Sample, silentLog } from '#core'
import { createEgressGate, parseEgressAllow } from '#egress'
import { openMqttClient } from '#protocol/mqtt'
import { makeCertificate } from '#protocol/tls'
import { hasMosquitto, startMosquitto } from '../../test/setup/mosquitto.ts'
import { soon } from '../../test/setup/soon.ts'
import { openLink, sessionOf, targetOf } from './link-fixture.ts'
import { startEdgeNode } from './simulation/edge-node-client.ts'

const { dial } = createEgressGate({ allow: parseEgressAllow('127.0.0.1'), denied: [], log: silentLog })
const points = [{ metric: 'temperature', topic: 'oven/status', pointer: '/temp' }]
const good = (value: number) => [{ metric: 'temperature', value, quality: 'good' }]
const login = { username: 'line 1', password: 'right' }
const versions = ['3.1.1', '5']

function publish(machine: PublishingClient, temp: number, options: { retain?: boolean } = {}) {
  return machine.publishAsync('oven/status', JSON.stringify({ temp }), { qos: 1, ...options })
}

describe.skipIf(!hasMosquitto)('against Mosquitto (skipped where it is not installed)', () => {
  it.each(versions)('values come, kept and fresh, over MQTT %s', async (version) => {
    const broker = await startMosquitto()
    const machine = await broker.client()
    await publish(machine, 20, { retain: true })
    const target = targetOf(broker, points, { settings: { version, qos: 1 } })
    const { read } = sessionOf()
    expect(await read(target)).toMatchObject([{ value: 20, quality: 'uncertain' }])
    await publish(machine, 180)
    expect(await read(target)).toEqual(good(180))
    await publish(machine, 181, { retain: true })
    expect(await read(target)).toEqual(good(181))
  })

  it('a wildcard hears all that it asks for', async () => {
    const broker = await startMosquitto()
    const machine = await broker.client()
    const target = targetOf(broker, [{ metric: 'temperature', topic: 'line/+/oven/#' }], { settings: { timeout: 60 } })
    const { read } = sessionOf()
    const reading = read(target)
    const publishing = setInterval(() => machine.publish('line/2/oven/temp', '180'), 20)
    expect(await reading.finally(() => clearInterval(publishing))).toEqual(good(180))
  })

  it("a machine's will makes it offline, and its return online", async () => {
    const broker = await startMosquitto()
    const will = { topic: 'oven/lwt', payload: Buffer.from('offline'), retain: true, qos: 1 } as const
    const machine = await broker.client({ will })
    await machine.publishAsync('oven/lwt', 'online', { retain: true })
    await publish(machine, 180, { retain: true })
    const target = targetOf(broker, points, { settings: { availability: { topic: 'oven/lwt' } } })
    const { read } = sessionOf()
    expect(await read(target)).toMatchObject([{ value: 180 }])
    // Without a goodbye, as in a power cut.
    machine.stream.destroy()
    await vi.waitFor(() => expect(read(target)).rejects.toMatchObject({ code: 'UNREACHABLE' }), soon)
    const again = await broker.client({ will })
    await again.publishAsync('oven/lwt', 'online', { retain: true })
    await publish(again, 181)
    await vi.waitFor(async () => expect(await read(target)).toEqual(good(181)), soon)
  })

  it.each(versions)('a login is taken or refused, MQTT %s', async (version) => {
    const broker = await startMosquitto({ login })
    await publish(await broker.client(), 180, { retain: true })
    const settings = { version }
    const wrong = { code: 'CREDENTIALS_REJECTED' }
    await expect(sessionOf().read(targetOf(broker, points, { settings }))).rejects.toMatchObject(wrong)
    const stranger = targetOf(broker, points, { settings, credentials: { ...login, password: 'wrong' } })
    await expect(sessionOf().read(stranger)).rejects.toMatchObject(wrong)
    const known = targetOf(broker, points, { settings, credentials: login })
    expect(await sessionOf().read(known)).toMatchObject([{ value: 180 }])
  })

  it.each(versions)('TLS with an authority of its own and a client certificate, MQTT %s', async (version) => {
    const authority = makeCertificate({ name: 'Bakery CA' })
    const server = makeCertificate({ name: 'broker', hosts: ['127.0.0.1'], issuer: authority })
    const own = makeCertificate({ name: 'bakewire', issuer: authority })
    const broker = await startMosquitto({ tls: { server, authority: authority.cert, needsClient: true } })
    const given = (settings: object, credentials: Record<string, unknown> = {}) =>
      targetOf(broker, [{ metric: 'additional.uptime', topic: '$SYS/broker/uptime' }], {
        endpoint: 'mqtts://127.0.0.1',
        credentials,
        settings: { version, ...settings },
      })
    const { cert, key } = own
    const known = given({ ca: authority.cert, client_certificate: cert }, { client_key: key })
    expect(await sessionOf().read(known)).toMatchObject([{ metric: 'additional.uptime', quality: 'uncertain' }])
    await expect(sessionOf().read(given({}))).rejects.toMatchObject({ code: 'CERTIFICATE_REJECTED' })
    const without = await sessionOf()
      .read(given({ ca: authority.cert }))
      .catch((error: { code: string }) => error.code)
    expect(['TLS_FAILED', 'LINK_LOST']).toContain(without)
  })

  it('a broker that is killed and started again: values flow again', async () => {
    const broker = await startMosquitto({ login })
    const target = targetOf(broker, points, { credentials: login })
    const { read, retryNow } = sessionOf()
    await publish(await broker.client(), 180, { retain: true })
    expect(await read(target)).toMatchObject([{ value: 180 }])
    await broker.kill()
    await expect(read(target)).rejects.toMatchObject({ remedy: 'retry' })
    await expect(read(target)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    await broker.start()
    const machine = await broker.client()
    retryNow()
    const reading = read(target)
    const publishing = setInterval(() => void publish(machine, 181), 20)
    expect(await reading.finally(() => clearInterval(publishing))).toEqual(good(181))
    await publish(machine, 182)
    expect(await read(target)).toEqual(good(182))
  })

  it('killed and started again twenty times while it is polled: values flow again each time, over one connection', async () => {
    const broker = await startMosquitto()
    const target = targetOf(broker, points)
    const told: Sample[] = []
    const listening = new AbortController()
    const listener = {
      intervalMs: 1_000,
      heard: (samples: Sample[]) => told.push(...samples),
      signal: listening.signal,
    }
    const { session, read, retryNow } = sessionOf(listener)
    onTestFinished(() => listening.abort())
    await publish(await broker.client(), 0, { retain: true })
    for (let round = 1; round <= 20; round++) {
      await broker.kill()
      await vi.waitFor(() => expect(session.isOpen()).toBe(false), soon)
      await broker.start()
      const machine = await broker.client()
      retryNow()
      const reading = read(target)
      const publishing = setInterval(() => void publish(machine, round), 20)
      expect(await reading.finally(() => clearInterval(publishing))).toEqual(good(round))
      await publish(machine, round + 0.5)
      await vi.waitFor(() => expect(told).toContainEqual(good(round + 0.5)[0]), soon)
      expect(await read(target)).toEqual(good(round + 0.5))
      expect(process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length).toBeLessThan(5)
      machine.end(true)
    }
  })

  it.each(versions)('a command is taken and confirmed, MQTT %s', async (version) => {
    const broker = await startMosquitto()
    const machine = await broker.client()
    machine.on('message', (_topic, payload) => machine.publish('oven/status', payload))
    await machine.subscribeAsync('oven/set')
    const set = { command_topic: 'oven/set', command: { temp: '{value}' } }
    const { write } = await openLink(targetOf(broker, [{ ...points[0], ...set }], { settings: { version } }))
    expect(await write({ temperature: 200 })).toEqual(good(200))
  })

  it.each(versions)('an edge node of Sparkplug is read, told and lost, MQTT %s', async (version) => {
    const broker = await startMosquitto()
    const devices = { Oven: [{ name: 'Setpoint', alias: 1, type: 'Float', value: 180.1 }] }
    const will = { topic: 'spBv1.0/Bakery/NDEATH/Line 1', payload: Buffer.of(), qos: 0, retain: false } as const
    const machine = await broker.client({ will })
    await startEdgeNode(machine, { node: 'Bakery/Line 1', devices })
    const point = { metric: 'temperature', sparkplug: 'Bakery/Line 1/Oven', name: 'Setpoint' }
    const { read, write } = await openLink(targetOf(broker, [point], { settings: { version } }))
    expect(await read()).toMatchObject(good(180.1))
    expect(await write({ temperature: 200 })).toMatchObject(good(200))
    machine.stream.destroy()
    await vi.waitFor(async () => expect(await read()).toMatchObject([{ fault: { code: 'UNREACHABLE' } }]), soon)
  })

  it('looking around hears all that is published, and what was kept', async () => {
    const broker = await startMosquitto()
    const machine = await broker.client()
    await publish(machine, 180, { retain: true })
    const { browse } = await openLink(targetOf(broker, points))
    const looking = browse({ seconds: 2 })
    const publishing = setInterval(() => machine.publish('scale/net_kg', '12.5'), 50)
    const { found } = await looking.finally(() => clearInterval(publishing))
    expect(found).toEqual([
      {
        name: 'oven/status /temp',
        kind: 'number',
        value: '180',
        point: { metric: 'additional.temp', topic: 'oven/status', pointer: '/temp' },
      },
      {
        name: 'scale/net_kg',
        kind: 'number',
        value: '12.5',
        point: { metric: 'additional.net_kg', unit: 'kg', topic: 'scale/net_kg' },
      },
    ])
  })

  it.each([4, 5] as const)('a client id that another takes is a lost link, once, MQTT level %i', async (version) => {
    const broker = await startMosquitto()
    const losses: Error[] = []
    const client = await openMqttClient({
      dial,
      host: '127.0.0.1',
      port: broker.port,
      version,
      clientId: 'bakewire-1',
      timeoutMs: 10_000,
      signal: new AbortController().signal,
      reached: () => undefined,
      onMessage: () => undefined,
      onLost: (error) => losses.push(error),
    })
    onTestFinished(() => client.close())
    await broker.client({ clientId: 'bakewire-1' })
    await vi.waitFor(() => expect(losses).toHaveLength(1), soon)
    // Mosquitto 2.0 mostly closes before its reason has left.
    const message = expect.stringMatching(/closed the connection|with the same client id \(code 142\)/)
    expect(losses[0]).toMatchObject({ code: 'LINK_LOST', message })
  })
})
