import { expect, it, onTestFinished } from 'vitest'
import { kit, parseTarget } from '#connector'
import { silentLog, systemClock } from '#core'
import { startServer } from '#protocol/http'
import { plainDial } from '../../../test/contract/plain-dial.ts'
import { createPassingMemory } from '../../../test/setup/passing-memory.ts'
import { createPassingTrust } from '../../../test/setup/passing-trust.ts'
import { apiTargetOf } from '../api-target.ts'
import { connector, faultOf } from '../link-fixture.ts'
import type { RationalTarget } from '../schemas.ts'
import { listBatches } from './list-batches.ts'
import { openApi } from './open-api.ts'

/** An API that answers every page like this, and how it was asked. */
async function apiAnswering(body: (page: number) => unknown, headers: Readonly<Record<string, string>> = {}) {
  const pages: number[] = []
  const server = await startServer({
    handle(request, response) {
      const page = Number(new URL(request.url ?? '', 'http://a').searchParams.get('page'))
      pages.push(page)
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body(page)))
    },
  })
  onTestFinished(server.stop)
  const target = parseTarget(connector, 'machine-1', {
    endpoint: 'https://www.connectedcooking.com',
    credentials: { username: 'u', password: 'p' },
    additional_config: { api_endpoint: `http://127.0.0.1:${server.port}/api/public/`, timeout: 30 },
  }) as RationalTarget
  const api = openApi(kit, apiTargetOf(kit, target), {
    dial: plainDial().dial,
    memory: createPassingMemory(),
    trust: createPassingTrust(),
    signal: new AbortController().signal,
    clock: systemClock,
    log: silentLog,
    lost: () => undefined,
    reached: () => undefined,
  })
  onTestFinished(() => api.close())
  const list = (isEnough = () => false) => api.ask((link, asked) => listBatches(link, { ...asked, isEnough }))
  return { list, pages }
}

const full = (page: number) => Array.from({ length: 100 }, (_, index) => ({ id: page * 100 + index }))

it('ends with the first page that is not full', async () => {
  const { list, pages } = await apiAnswering((page) => (page < 2 ? full(page) : [{ id: 200 }]))
  expect(await list()).toHaveLength(201)
  expect(pages).toEqual([0, 1, 2])
})

it('goes on behind a page with something odd on it', async () => {
  const { list } = await apiAnswering((page) => (page === 0 ? [null, ...full(0).slice(1)] : [{ id: 100 }]), {
    'x-total-count': '',
  })
  expect(await list()).toHaveLength(100)
})

it('ends where the API says that there is no more', async () => {
  const { list, pages } = await apiAnswering(full, { 'x-total-count': '200' })
  expect(await list()).toHaveLength(200)
  expect(pages).toEqual([0, 1])
})

it('ends when it has what is wanted', async () => {
  const { list, pages } = await apiAnswering(full)
  await list(() => true)
  expect(pages).toEqual([0])
})

it('ends after five pages of an API that never does, and takes no more of a page than it asked for', async () => {
  const { list, pages } = await apiAnswering((page) => [...full(page), ...full(page)], { 'x-total-count': 'many' })
  expect(await list()).toHaveLength(500)
  expect(pages).toEqual([0, 1, 2, 3, 4])
})

it('takes no notice of what is no batch', async () => {
  const { list } = await apiAnswering(() => [null, 7, 'x', [], { id: 1 }])
  expect(await list()).toEqual([{ id: 1 }])
})

it.each([{}, null, 'x', 7])('refuses %j, which is no list', async (body) => {
  const { list } = await apiAnswering(() => body)
  expect(await faultOf(list())).toMatchObject({ code: 'PROTOCOL_VIOLATED' })
})
