import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Sample } from '#connector'
import { message } from '../../src/protocol/mqtt/client-fixture.ts'
import { soon } from '../../test/setup/soon.ts'
import { bytes, type Hostile, hostileBroker, linkTo } from './hostile-broker-fixture.ts'
import { sessionOf, start, targetOf } from './link-fixture.ts'

const plain = { metric: 'temperature', topic: 'oven/temp', pointer: '/t' }
const timed = { ...plain, timestamp_pointer: '/at' }
const end = { metric: 'additional.end', topic: 'end' }

const json = (t: number, at?: number) => JSON.stringify({ t, at: at === undefined ? undefined : at / 1_000 })
const once = (payload: string) => message('oven/temp', payload)
const kept = (payload: string) => [0x31, ...once(payload).slice(1)]
const withId = (header: number, id: number, payload: string) => {
  const [, , ...body] = once(payload)
  const named = 2 + 'oven/temp'.length
  return [header, body.length + 2, ...body.slice(0, named), 0, id, ...body.slice(named)]
}
const sent = (id: number, payload: string) => withId(0x32, id, payload)
const repeated = (id: number, payload: string) => withId(0x3a, id, payload)

/** The temperature when all of these have been heard, and what was told of it. */
async function heardOf(point: object, messages: readonly (readonly number[])[]) {
  const hostile: Hostile = { granted: 1, messages: bytes(...messages, message('end', '1')) }
  const { broker, open } = await linkTo(hostile, [point, end], { qos: 1, stale_after: 0 })
  const link = await open()
  const { told } = await link.subscribe()
  const [sample] = await link.read()
  const later = async (...more: readonly number[][]) => {
    for (const socket of broker.sockets) socket.write(bytes(...more))
    return (await link.read())[0]
  }
  const temperatures = () =>
    told.flat().flatMap((heard) => (heard.metric === 'temperature' && 'value' in heard ? [heard.value] : []))
  return { sample, temperatures, later, pass: link.pass, broker, losses: link.losses }
}

const second = 1_000
const day = 86_400 * second

describe('what does not become the newest value', () => {
  it.each<[name: string, point: object, messages: readonly number[][]]>([
    ['what is older by its own time', timed, [once(json(181, start - 1)), once(json(180, start - 60 * second))]],
    ['what is older by its own time, and was kept', timed, [once(json(181, start - 1)), kept(json(180, start - day))]],
    ['what is older, and is repeated', timed, [sent(8, json(181, start - 1)), repeated(7, json(180, start - 60_000))]],
    [
      'what is older among newer ones',
      timed,
      [1, 9, 2, 8].map((at) => once(json(at === 9 ? 181 : at, start - 60 + at))),
    ],
    ['what is repeated', plain, [sent(7, json(180)), sent(8, json(181)), repeated(7, json(180))]],
    ['what is repeated, and was never sent before', plain, [sent(8, json(181)), repeated(7, json(180))]],
    ['what is repeated, and gives a newer time', timed, [sent(8, json(181, start - 9)), repeated(7, json(180, start))]],
  ])('%s', async (_name, point, messages) => {
    const { sample, temperatures, later, losses } = await heardOf(point, messages)
    expect(sample).toMatchObject({ value: 181, quality: 'good' })
    await vi.waitFor(() => expect(temperatures()).toContain(181), soon)
    expect(temperatures().at(-1)).toBe(181)
    expect(await later(sent(9, json(182, start)))).toMatchObject({ value: 182, quality: 'good' })
    expect(losses).toEqual([])
  })

  it('what is repeated is acknowledged all the same, and is uncertain where there is nothing else', async () => {
    const { sample, broker } = await heardOf(plain, [repeated(7, json(180)), repeated(7, json(180))])
    expect(sample).toMatchObject({ value: 180, quality: 'uncertain' })
    const puback = Buffer.of(0x40, 2, 0, 7)
    await vi.waitFor(() => expect(broker.received().includes(Buffer.concat([puback, puback]))).toBe(true), soon)
  })

  it('right after a reconnect, while somebody listens', async () => {
    const now = Date.now()
    const hostile: Hostile = { granted: 1, messages: bytes(sent(1, json(181, now)), message('end', '1')) }
    const broker = await hostileBroker(hostile)
    const target = targetOf(broker, [timed, end], { settings: { qos: 1 } })
    const told: Sample[] = []
    const listening = new AbortController()
    onTestFinished(() => listening.abort())
    const heard = (samples: Sample[]) => void told.push(...samples)
    const { session, read, retryNow } = sessionOf({ intervalMs: 1_000, heard, signal: listening.signal })
    expect(await read(target)).toMatchObject([{ value: 181 }, { value: 1 }])
    const late = [repeated(1, json(179, now - 9_000)), once(json(180, now - 5_000)), message('end', '2')]
    hostile.messages = bytes(sent(1, json(182, now + 1)), ...late)
    for (const socket of broker.sockets) socket.destroy()
    await vi.waitFor(() => expect(session.isOpen()).toBe(false), soon)
    retryNow()
    expect(await read(target)).toMatchObject([{ value: 182, quality: 'good', sourceTime: now + 1 }, { value: 2 }])
    await vi.waitFor(() => expect(told).toContainEqual(expect.objectContaining({ value: 182 })), soon)
    expect(told.filter((sample) => 'value' in sample && [179, 180].includes(Number(sample.value)))).toEqual([])
  })
})

describe('what is the newest value', () => {
  it.each<[name: string, messages: readonly number[][]]>([
    ['what has the same time', [once(json(180, start)), once(json(181, start))]],
    ['what has no time, after one that has', [once(json(180, start)), once(json(181))]],
    [
      'what is of a clock that was ahead and was set right',
      [once(json(180, start + 3_600_000)), once(json(181, start))],
    ],
    ['what is of a clock that has lost its time', [once(json(180, start)), once(json(181, 17_000))]],
    ['what is sent, after what was repeated', [repeated(7, json(180, start - 1)), sent(8, json(181, start))]],
  ])('%s', async (_name, messages) => {
    expect((await heardOf(timed, messages)).sample).toMatchObject({ value: 181, quality: 'good' })
  })

  it('after a minute what a clock says that was set back', async () => {
    const { sample, later, pass } = await heardOf(timed, [once(json(181, start))])
    expect(sample).toMatchObject({ value: 181 })
    pass(59)
    expect(await later(once(json(182, start - 3_600_000)))).toMatchObject({ value: 181 })
    pass(1)
    expect(await later(once(json(183, start - 3_540_000)))).toMatchObject({ value: 183 })
    expect(await later(once(json(184, start - 3_539_000)))).toMatchObject({ value: 184 })
  })
})
