import { describe, expect, it } from 'vitest'
import { openLink, startTestBroker, targetOf } from './link-fixture.ts'

const plug = {
  metric: 'additional.switched_on',
  topic: 'stat/plug/POWER',
  command_topic: 'cmnd/plug/POWER',
}
const lamp = {
  metric: 'additional.brightness',
  topic: 'zigbee2mqtt/lamp',
  pointer: '/brightness',
  command_topic: 'zigbee2mqtt/{device}/set',
  command: { brightness: '{value}' },
}
const good = (metric: string, value: number | string | boolean) => ({ metric, value, quality: 'good' })

describe('a command over MQTT', () => {
  it('as text, which the machine confirms (Tasmota)', async () => {
    const messages = [{ topic: 'stat/plug/POWER', text: 'ON' }]
    const broker = await startTestBroker({ reactions: [{ topic: 'cmnd/plug/POWER', text: 'ON', messages }] })
    const { write } = await openLink(targetOf(broker, [plug]))
    expect(await write({ 'additional.switched_on': 'ON' })).toEqual([good('additional.switched_on', 'ON')])
  })

  it('as JSON, to the device that is configured (Zigbee2MQTT)', async () => {
    const messages = [{ topic: 'zigbee2mqtt/lamp', json: { brightness: 128 } }]
    const set = { topic: 'zigbee2mqtt/lamp/set', json: { brightness: 128 }, messages }
    const broker = await startTestBroker({ reactions: [set] })
    const { write } = await openLink(targetOf(broker, [lamp], { settings: { device: 'lamp' } }))
    expect(await write({ 'additional.brightness': 128 })).toEqual([good('additional.brightness', 128)])
  })

  it('by a call with parameters (Shelly, as its profile has it)', async () => {
    const status = (output: boolean) => ({ topic: 'mixer/status/switch:0', json: { output } })
    const call = { id: 1, src: 'bakewire', method: 'Switch.Set', params: { id: 0, on: true } }
    const reactions = [{ topic: 'mixer/rpc', json: call, messages: [status(true)] }]
    const broker = await startTestBroker({ messages: [status(false)], reactions })
    const settings = { profile: 'shelly-switch', device: 'mixer', timeout: 0.5 }
    const { read, write } = await openLink(targetOf(broker, [], { settings }))
    await read()
    // The word of a configuration for it, as the machine tells it: a boolean.
    expect(await write({ 'additional.switched_on': 'true' })).toEqual([good('additional.switched_on', true)])
  })

  it('a number that the machine tells as text is told as text', async () => {
    const fan = { ...lamp, metric: 'additional.fan', command_topic: 'zigbee2mqtt/lamp/set' }
    const state = (brightness: string) => ({ topic: 'zigbee2mqtt/lamp', json: { brightness } })
    const reactions = [{ topic: 'zigbee2mqtt/lamp/set', json: { brightness: '2' }, messages: [state('2')] }]
    const broker = await startTestBroker({ messages: [state('1')], reactions })
    const { read, write } = await openLink(targetOf(broker, [fan]))
    await read()
    expect(await write({ 'additional.fan': 2 })).toEqual([good('additional.fan', '2')])
  })

  it('several, in their order; one that cannot be written takes nothing from the others', async () => {
    const messages = [{ topic: 'zigbee2mqtt/lamp', json: { brightness: 128 } }]
    const on = { topic: 'cmnd/plug/POWER', text: 'ON', messages: [{ topic: 'stat/plug/POWER', text: 'ON' }] }
    const broker = await startTestBroker({
      reactions: [on, { topic: 'zigbee2mqtt/lamp/set', json: { brightness: 128 }, messages }],
    })
    const fixed = { metric: 'temperature', topic: 'oven/temp' }
    const { write } = await openLink(targetOf(broker, [plug, fixed, lamp], { settings: { device: 'lamp' } }))
    expect(await write({ 'additional.switched_on': 'ON', temperature: 180, 'additional.brightness': 128 })).toEqual([
      good('additional.switched_on', 'ON'),
      {
        metric: 'temperature',
        fault: { code: 'POINT_REFUSED', message: 'temperature: it has no command_topic, so it cannot be written' },
      },
      good('additional.brightness', 128),
    ])
  })

  it('that nothing follows was sent and is not confirmed', async () => {
    const broker = await startTestBroker({})
    const { write } = await openLink(targetOf(broker, [plug], { settings: { timeout: 0.2 } }))
    expect(await write({ 'additional.switched_on': 'ON' })).toEqual([
      {
        metric: 'additional.switched_on',
        fault: {
          code: 'TIMED_OUT',
          message:
            'additional.switched_on: the command was sent to cmnd/plug/POWER and is not confirmed: nothing was heard on stat/plug/POWER within 0.2 s',
        },
      },
    ])
  })

  it('that is not followed by what was asked for: what the machine has is told, not what the broker had kept', async () => {
    const kept = { topic: 'stat/plug/POWER', text: 'ON', retained: true }
    const messages = [{ topic: 'stat/plug/POWER', text: 'OFF' }]
    const broker = await startTestBroker({
      messages: [kept],
      reactions: [{ topic: 'cmnd/plug/POWER', text: 'ON', messages }],
    })
    const { write } = await openLink(targetOf(broker, [plug], { settings: { timeout: 0.3 } }))
    expect(await write({ 'additional.switched_on': 'ON' })).toEqual([good('additional.switched_on', 'OFF')])
  })

  it('waits beyond what was on its way before', async () => {
    const states = ['OFF', 'OFF', 'ON'].map((text) => ({ topic: 'stat/plug/POWER', text }))
    const broker = await startTestBroker({
      reactions: [{ topic: 'cmnd/plug/POWER', text: 'ON', messages: states }],
    })
    const { write } = await openLink(targetOf(broker, [plug]))
    expect(await write({ 'additional.switched_on': 'ON' })).toEqual([good('additional.switched_on', 'ON')])
  })

  it('is not sent to a machine that is offline, nor by a broker that does not answer', async () => {
    const lwt = { topic: 'tele/plug/LWT', text: 'Offline', retained: true }
    const messages = [{ topic: 'stat/plug/POWER', text: 'ON' }]
    const reactions = [{ topic: 'cmnd/plug/POWER', text: 'ON', messages }]
    const broker = await startTestBroker({ messages: [lwt], reactions })
    const availability = { topic: 'tele/plug/LWT', offline: ['Offline'] }
    const { read, write } = await openLink(targetOf(broker, [plug], { settings: { availability, timeout: 0.2 } }))
    await expect(write({ 'additional.switched_on': 'ON' })).rejects.toMatchObject({ code: 'UNREACHABLE' })
    await expect(read()).rejects.toMatchObject({ code: 'UNREACHABLE' })
    broker.misbehave('silent')
    await expect(write({ 'additional.switched_on': 'ON' })).rejects.toMatchObject({ code: 'TIMED_OUT' })
  })
})

describe('a command to an edge node of Sparkplug', () => {
  const oven = {
    node: 'Bakery/Line 1',
    metrics: [{ name: 'Line speed', type: 'UInt8', value: 3 }],
    devices: {
      Oven: [
        { name: 'Setpoint', type: 'Float', value: 180 },
        { name: 'Light', type: 'Boolean', value: false },
      ],
    },
  }
  const points = [
    { metric: 'target_temperature', sparkplug: 'Bakery/Line 1/Oven', name: 'Setpoint' },
    { metric: 'additional.light', sparkplug: 'Bakery/Line 1/Oven', name: 'Light' },
    { metric: 'additional.speed', sparkplug: 'Bakery/Line 1', name: 'Line speed' },
    { metric: 'additional.none', sparkplug: 'Bakery/Line 1/Oven', name: 'None' },
  ]

  it('in the type of its birth, confirmed by its data', async () => {
    const broker = await startTestBroker({ edgeNodes: [oven] })
    const { write } = await openLink(targetOf(broker, points))
    const values = { target_temperature: 182.1, 'additional.light': 'true', 'additional.speed': 5 }
    expect(await write(values)).toMatchObject([
      good('target_temperature', 182.1),
      good('additional.light', true),
      good('additional.speed', 5),
    ])
  })

  it('that it cannot take is not sent', async () => {
    const broker = await startTestBroker({ edgeNodes: [oven] })
    const { write } = await openLink(targetOf(broker, points))
    expect(await write({ 'additional.speed': 256, 'additional.none': 1 })).toMatchObject([
      { fault: { code: 'VALUE_INVALID', message: 'additional.speed: 256 is no value of its type UInt8' } },
      { fault: { code: 'POINT_REFUSED', message: 'additional.none: it is offline or has no such metric' } },
    ])
  })

  it('that nobody has heard of', async () => {
    const broker = await startTestBroker({ edgeNodes: [{ ...oven, rebirth: 'ignores' }] })
    const { write } = await openLink(targetOf(broker, points, { settings: { timeout: 0.2 } }))
    expect(await write({ target_temperature: 1 })).toMatchObject([{ fault: { code: 'TIMED_OUT' } }])
  })
})
