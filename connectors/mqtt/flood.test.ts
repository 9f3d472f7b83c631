import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, onTestFinished, vi } from 'vitest'
import { message } from '../../src/protocol/mqtt/client-fixture.ts'
import { soon } from '../../test/setup/soon.ts'
import { bytes, linkTo } from './hostile-broker-fixture.ts'
import { openLink, targetOf } from './link-fixture.ts'

const topics = 20
const perSecond = 10_000
const seconds = 4

/** A broker in a process of its own, so that what it costs to flood is not counted here. */
async function floodingBroker() {
  const child = fork(join(import.meta.dirname, 'flood.child.ts'), [perSecond, topics, seconds].map(String))
  onTestFinished(() => void child.kill('SIGKILL'))
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const flooded = once(child, 'message') as Promise<[{ sent: number }]>
  return { port, flooded: flooded.then(([{ sent }]) => sent) }
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** What is kept, in bytes. */
function kept(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

it('ten thousand messages a second for seconds: little is told, little is kept, others are read, the newest is right', async () => {
  const broker = await floodingBroker()
  const points = Array.from({ length: topics }, (_, topic) => ({
    metric: `additional.at_${topic}`,
    topic: `oven/${topic}`,
    pointer: '/t',
  }))
  const flooded = await openLink(targetOf(broker, points))
  const quiet = await linkTo({ messages: bytes(message('oven/temp', '180')) })
  const neighbour = await quiet.open()
  await neighbour.read()
  const [keptBefore, rssBefore] = [kept(), process.memoryUsage().rss]

  const startedAt = performance.now()
  const { told } = await flooded.subscribe()
  let isOver = false
  let neighbourReads = 0
  const reading = (async () => {
    while (!isOver) {
      expect(await neighbour.read()).toMatchObject([{ value: 180 }])
      expect(await flooded.read()).toHaveLength(topics)
      neighbourReads += 1
    }
  })()
  expect(await broker.flooded.finally(() => (isOver = true))).toBeGreaterThanOrEqual(perSecond * seconds)
  await reading

  const last = points.map(({ metric }, topic) => ({ metric, value: 1_000_000 * topics + topic, quality: 'good' }))
  await vi.waitFor(async () => expect(await flooded.read()).toEqual(last), soon)
  await vi.waitFor(() => {
    const newest = new Map(told.flat().map((sample) => [sample.metric, sample]))
    expect([...newest.values()]).toEqual(expect.arrayContaining(last))
  }, soon)
  expect([...flooded.losses, ...neighbour.losses]).toEqual([])
  // Each waits for the broker's answers: so many fit in between messages, and not behind them.
  expect(neighbourReads).toBeGreaterThan(2 * seconds)
  // Ten times a second at most; timers are a little early at times.
  expect(told.length).toBeLessThan((performance.now() - startedAt) / 90)
  const mebibyte = 1024 * 1024
  expect(process.memoryUsage().rss - rssBefore).toBeLessThan(256 * mebibyte)
  // Less than a hundred bytes for each of the messages.
  expect(kept() - keptBefore).toBeLessThan(3 * mebibyte)
}, 60_000)
