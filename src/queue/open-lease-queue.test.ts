import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { shardCount, silentLog } from '#core'
import { soon } from '../../test/setup/soon.ts'
import { startTcpProxy, type TcpProxy } from '../../test/setup/tcp-proxy.ts'
import { queueBackends, type TestQueue } from '../../test/setup/test-queue.ts'
import { connectQueue, type QueuePlace } from './connect-queue.ts'
import { openLeaseQueue } from './open-lease-queue.ts'

describe.each(queueBackends)('a lease in $name', ({ open }) => {
  let queue: TestQueue
  beforeAll(async () => {
    queue = await open()
  })
  afterAll(() => queue.close())

  /** All shards wait; what lies between the queue and this process can be cut. */
  async function openThroughProxy() {
    await queue.empty()
    const { url, through } = addressOf(queue.place)
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) })
    url.port = String(proxy.port)
    const backend = await connectQueue(through(url), silentLog)
    const instanceId = randomUUID()
    // None runs out while a test lasts.
    const leases = await openLeaseQueue(backend, { instanceId, lockMs: 60_000, stalledMs: 1_000, log: silentLog })
    onTestFinished(async () => {
      proxy.mend()
      await leases.close()
      await backend.close()
      await proxy.stop()
    })
    await leases.addMissing()
    return { leases, proxy }
  }

  const lost: [string, (proxy: TcpProxy) => void][] = [
    ['the answer', (proxy) => proxy.swallowAnswers()],
    ['the request', (proxy) => proxy.freeze()],
  ]

  it.each(lost)('waits for a holder again soon where %s was lost when it was taken', async (_what, lose) => {
    const { leases, proxy } = await openThroughProxy()
    lose(proxy)
    await expect(leases.take(randomUUID())).rejects.toThrow()
    await expectAllWaiting(leases, proxy)
  })

  it.each(lost)('waits for a holder again soon where %s was lost when it was given back', async (_what, lose) => {
    const { leases, proxy } = await openThroughProxy()
    const lease = await leases.take(randomUUID())
    if (!lease) throw new Error('no shard waits')
    lose(proxy)
    await expect(leases.giveBack(lease)).rejects.toThrow()
    await expectAllWaiting(leases, proxy)
  })

  async function expectAllWaiting(leases: Awaited<ReturnType<typeof openLeaseQueue>>, proxy: TcpProxy) {
    proxy.cut()
    proxy.mend()
    await vi.waitFor(async () => expect(await leases.count()).toEqual({ waiting: shardCount, total: shardCount }), soon)
  }
})

function addressOf(place: QueuePlace) {
  if ('redisUrl' in place) {
    return { url: new URL(place.redisUrl), through: (url: URL): QueuePlace => ({ ...place, redisUrl: url.href }) }
  }
  return { url: new URL(place.databaseUrl), through: (url: URL): QueuePlace => ({ databaseUrl: url.href }) }
}
