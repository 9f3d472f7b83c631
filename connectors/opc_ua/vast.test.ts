import { setTimeout as sleep } from 'node:timers/promises'
import { BrowseResult, coerceExpandedNodeId, ReferenceDescription } from 'node-opcua'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startOpcUaMachine } from '#protocol/opc-ua'
import { soon } from '../../test/setup/soon.ts'
import { faultOf, holding, openLink, outcomeOf } from './link-fixture.ts'

let machine: Awaited<ReturnType<typeof startOpcUaMachine>>
beforeAll(async () => {
  machine = await startOpcUaMachine(holding(7))
})
afterEach(() => {
  machine.rewrite()
  machine.tamper()
})
afterAll(() => machine.stop())

const open = () => openLink(machine, { settings: { security_mode: 'None' } })
const folder = 'nsu=http://bakery.example/oven/;s=Machine'
const megabyte = 1024 * 1024

interface Answer {
  readonly schema: { readonly name: string }
  results: BrowseResult[] | null
}

const objectAt = (index: number) =>
  new ReferenceDescription({
    referenceTypeId: 'i=35',
    isForward: true,
    nodeId: coerceExpandedNodeId(`ns=1;i=${index + 1}`),
    browseName: { name: `V${index}`, namespaceIndex: 1 },
    nodeClass: 1,
  })

/** Below every node there are `count` objects, made when they are told: `atOnce` of them, however many were asked for. */
function vast({ count, atOnce, from = 0 }: { count: number; atOnce: number; from?: number }) {
  let told = 0
  let pages = 0
  machine.rewrite((answer: Answer) => {
    const { name } = answer.schema
    if (!/^Browse(Next)?Response$/.test(name)) return
    told = name === 'BrowseResponse' ? 0 : told
    pages += 1
    const size = told < from ? 0 : Math.min(atOnce, count - told)
    const references = Array.from({ length: size }, (_, index) => objectAt(told + index))
    told += Math.max(size, 1)
    const continuationPoint = told < count ? Buffer.from('more') : Buffer.alloc(0)
    answer.results = [new BrowseResult({ statusCode: { value: 0 } as never, references, continuationPoint })]
  })
  return { pages: () => pages }
}

/** What was done, and how much more memory was in use afterwards. */
async function measured<T>(work: () => Promise<T>) {
  const before = process.memoryUsage().rss
  const result = await work()
  return { result, grown: process.memoryUsage().rss - before }
}

describe('a node with a million others below it', () => {
  it.each([
    ['page by page', 100],
    ['one at a time', 1],
    ['more at once than was asked for', 20_000],
  ])('that are told %s is looked at as far as was asked', async (_how, atOnce) => {
    const { pages } = vast({ count: 1_000_000, atOnce })
    const link = await open()
    const { result, grown } = await measured(() => link.browse(folder, { cursor: '200', limit: 100 }))
    expect(result.found.map(({ name }) => name)).toEqual(Array.from({ length: 100 }, (_, index) => `V${200 + index}`))
    expect(result.cursor).toBe('300')
    // And one request that gives back the place behind them.
    expect(pages()).toBeLessThanOrEqual(Math.ceil(301 / atOnce) + 1)
    expect(grown).toBeLessThan(256 * megabyte)
  })

  it('is shown up to a bound, and says so where that is reached', async () => {
    const { pages } = vast({ count: 1_000_000, atOnce: 100 })
    const link = await open()
    const last = await link.browse(folder, { cursor: '9800', limit: 300 })
    expect([last.found.length, last.found.at(-1)?.name, last.cursor]).toEqual([200, 'V9999', '10000'])
    const asked = pages()
    expect(asked).toBeLessThanOrEqual(102)
    expect(await faultOf(link.browse(folder, { cursor: last.cursor }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('only the first 10000'),
    })
    expect(pages()).toBe(asked)
  })

  it('of which a message holds 150,000 is looked at all the same', async () => {
    vast({ count: 1_000_000, atOnce: 150_000 })
    const link = await open()
    const { result, grown } = await measured(() => link.browse(folder))
    expect([result.found.length, result.cursor]).toEqual([100, '100'])
    expect(grown).toBeLessThan(512 * megabyte)
  })

  it('that are told in one message beyond what was agreed ends the link, and no other', async () => {
    const other = await open()
    const link = await open()
    const chunk = Buffer.alloc(60_000)
    chunk.write('MSGC', 'latin1')
    chunk.writeUInt32LE(chunk.length, 4)
    machine.tamper((_chunk, client) => {
      const pour = () => {
        while (!client.destroyed && client.write(chunk));
        if (!client.destroyed) client.once('drain', pour)
      }
      pour()
    })
    const { result, grown } = await measured(() => faultOf(link.browse(folder)))
    expect(result).toMatchObject({ code: 'PROTOCOL_VIOLATED', message: expect.stringContaining('4194304 bytes') })
    expect(grown).toBeLessThan(256 * megabyte)
    machine.tamper()
    expect([outcomeOf(await other.read()), other.lost]).toEqual([7, []])
    expect((await (await open()).browse(folder)).found).toHaveLength(1)
  })
})

describe('pages', () => {
  it('with nothing on them are passed over', async () => {
    vast({ count: 60, atOnce: 10, from: 50 })
    const { found, cursor } = await (await open()).browse(folder)
    expect(found.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, index) => `V${50 + index}`))
    expect(cursor).toBeUndefined()
  })

  it('with nothing on them that never end are a fault, and nothing that looks empty', async () => {
    const { pages } = vast({ count: 1_000_000, atOnce: 10, from: 1_000_000 })
    expect(await faultOf((await open()).browse(folder))).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
    expect(pages()).toBeLessThan(200)
  })

  it('that come slowly are waited for until the time is over, and the place behind them is given back', async () => {
    const objects = Array.from({ length: 600 }, (_, index) => ({ node: `s=O${index}`, name: `O${index}` }))
    machine.load({ objects })
    let pages = 0
    machine.tamper(async (chunk, client) => {
      // A BrowseNextResponse (OPC 10000-6, NodeIds.csv).
      if (chunk.toString('latin1', 0, 3) === 'MSG' && chunk.readUInt16LE(26) === 536) {
        pages += 1
        await sleep(300)
      }
      client.write(chunk)
    })
    const link = await open()
    const until = AbortSignal.timeout(400)
    expect(await faultOf(link.browse(folder, { limit: 500, until }))).toMatchObject({ name: 'TimeoutError' })
    expect(pages).toBeLessThan(5)
    await vi.waitFor(() => expect(machine.places()).toBe(0), soon)
    machine.tamper()
    machine.load(holding(7))
    expect([outcomeOf(await link.read()), link.lost]).toEqual([7, []])
  })
})
