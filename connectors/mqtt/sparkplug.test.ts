import { expect, it, vi } from 'vitest'
import { loadSparkplugCodec } from '#protocol/mqtt'
import { soon } from '../../test/setup/soon.ts'
import { createEars } from './ears.ts'
import { openLink, startTestBroker, targetOf } from './link-fixture.ts'
import type { MqttPoint } from './schemas.ts'

const oven = (value: number) => ({
  node: 'Bakery/Line 1',
  devices: { Oven: [{ name: 'Temp', alias: 1, type: 'Float', value }] },
})
const point = (metric: string, name = 'Temp') => ({ metric, sparkplug: 'Bakery/Line 1/Oven', name })
const temperature = { metric: 'temperature', value: 180, quality: 'good', sourceTime: Date.UTC(2026, 0, 1) }

it('a point that is added later is known at once, though nothing is told anew', async () => {
  const broker = await startTestBroker({ edgeNodes: [oven(180)] })
  const target = targetOf(broker, [point('temperature')])
  const { read } = await openLink(target)
  expect(await read()).toEqual([temperature])
  broker.hold({ edgeNodes: [{ ...oven(181), rebirth: 'ignores' }] })
  const added = targetOf(broker, [point('temperature'), point('additional.same')])
  expect(await read(added)).toEqual([temperature, { ...temperature, metric: 'additional.same' }])
})

it('what does not change is not too old, however long nothing is told', async () => {
  const broker = await startTestBroker({ edgeNodes: [oven(180)] })
  const { read, pass } = await openLink(targetOf(broker, [point('temperature')], { settings: { stale_after: 60 } }))
  await read()
  pass(86_400)
  expect(await read()).toEqual([temperature])
})

it('an edge node that does not answer is asked again, more and more rarely', async () => {
  const broker = await startTestBroker({ edgeNodes: [{ ...oven(180), rebirth: 'ignores' }] })
  const target = targetOf(broker, [point('temperature')], { settings: { timeout: 0.1 } })
  const { read, pass } = await openLink(target)
  const unborn = [{ metric: 'temperature', fault: { code: 'TIMED_OUT' } }]
  expect(await read()).toMatchObject(unborn)
  broker.hold({ edgeNodes: [oven(180)] })
  pass(9)
  expect(await read()).toMatchObject(unborn)
  pass(1)
  await vi.waitFor(async () => expect(await read()).toEqual([temperature]), soon)
})

it('death, birth and data are told between reads', async () => {
  const later = [
    { kind: 'DDEATH', device: 'Oven' },
    { kind: 'DBIRTH', device: 'Oven', metrics: [{ name: 'Temp', alias: 4, type: 'Float', value: 20 }] },
    { kind: 'DDATA', device: 'Oven', metrics: [{ alias: 4, type: 'Float', value: 21.5 }] },
  ]
  const broker = await startTestBroker({ edgeNodes: [{ ...oven(180), later }] })
  const { subscribe } = await openLink(targetOf(broker, [point('temperature')]))
  const { told } = await subscribe()
  await vi.waitFor(() => expect(told.flat().at(-1)).toMatchObject({ value: 21.5, quality: 'good' }), soon)
})

const codec = await loadSparkplugCodec()
const message = (topic: string, seq: number, metrics: object[] = []) => ({
  topic: `spBv1.0/Bakery/${topic}`,
  payload: codec.encode({ seq, metrics: metrics.map((given) => ({ isNull: false, isHistorical: false, ...given })) }),
  isRetained: false,
})
const mqttPoint: MqttPoint = {
  metric: 'temperature',
  address: { sparkplug: 'Bakery/Line 1/Oven', name: 'Temp', invalid: [] },
}

/** What a connection hears without a broker, with a clock of the test's. */
async function listener() {
  let passedMs = 0
  const asked: string[] = []
  const clock = { now: () => passedMs, monotonic: () => passedMs }
  const ears = createEars({ clock, send: (topic) => asked.push(topic) })
  await ears.nodes.codec()
  return {
    ears,
    asked,
    pass: (seconds: number) => {
      passedMs += seconds * 1_000
    },
  }
}

it('an edge node that numbers its messages wrongly is asked for births ever more rarely', async () => {
  const { ears, asked, pass } = await listener()
  const ear = ears.of(mqttPoint, undefined)
  for (let second = 0; second < 3_600; second++) {
    ears.hear(message('NBIRTH/Line 1', 0))
    ears.hear(message('DBIRTH/Line 1/Oven', 1, [{ name: 'Temp', datatype: 9, raw: 180, alias: '1' }]))
    ears.hear(message('DDATA/Line 1/Oven', 77, [{ datatype: 9, raw: second, alias: '1' }]))
    pass(1)
  }
  expect(ear.heard?.sample).toMatchObject({ value: 3_599 })
  expect(new Set(asked)).toEqual(new Set(['spBv1.0/Bakery/NCMD/Line 1']))
  // After 0, 20, 60, 140, 300, 620 … s, then every 10 minutes.
  expect(asked.length).toBeLessThan(13)
  const before = asked.length
  pass(3_600)
  ears.hear(message('DDATA/Line 1/Oven', 99, [{ datatype: 9, raw: 1, alias: '1' }]))
  pass(10)
  ears.hear(message('DDATA/Line 1/Oven', 7, [{ datatype: 9, raw: 1, alias: '1' }]))
  expect(asked.length - before).toBe(2)
})

it('what a broker had kept of an edge node says nothing of now, and others are not heard', async () => {
  const { ears, asked } = await listener()
  const ear = ears.of(mqttPoint, undefined)
  ears.hear({ ...message('NBIRTH/Line 1', 0), isRetained: true })
  ears.hear(message('NBIRTH/Line 2', 0))
  ears.hear(message('DDATA/Line 2/Oven', 9))
  ears.hear(message('DCMD/Line 1/Oven', 0, [{ name: 'Temp', datatype: 9, raw: 1 }]))
  expect([ear.sparkplug?.edgeNode.stateOf(''), ear.messages, asked]).toEqual(['unknown', 0, []])
})

it('what is no Sparkplug on its topics is passed over', async () => {
  const { ears } = await listener()
  const ear = ears.of(mqttPoint, undefined)
  ears.hear(message('NBIRTH/Line 1', 0))
  ears.hear(message('DBIRTH/Line 1/Oven', 1, [{ name: 'Temp', datatype: 9, raw: 180 }]))
  for (const text of ['{"online": true}', '', 'Ünsinn']) {
    ears.hear({ topic: 'spBv1.0/Bakery/DDATA/Line 1/Oven', payload: Buffer.from(text), isRetained: false })
  }
  ears.hear({ topic: 'spBv1.0/STATE/host', payload: Buffer.from('{"online": true}'), isRetained: true })
  expect(ear.heard?.sample).toMatchObject({ value: 180 })
})

it('an edge node that nobody asks for is forgotten', async () => {
  const { ears } = await listener()
  const ear = ears.of(mqttPoint, undefined)
  ears.hear(message('NBIRTH/Line 1', 0))
  ears.drop([ear])
  expect(ears.of(mqttPoint, undefined).sparkplug?.edgeNode.stateOf('')).toBe('unknown')
})
