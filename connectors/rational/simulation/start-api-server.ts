import type { IncomingMessage, ServerResponse } from 'node:http'
import { startServer } from '#protocol/http'
import { createTokenServer, misbehaviours } from '#protocol/rest'
import type { RationalApi } from './rational-equipment.ts'

type Item = RationalApi['batches'][number]

/** The REST API of the cloud, with its token address at `/token`. */
export async function startApiServer(given: RationalApi | undefined) {
  let api = given
  let tokens = given && createTokenServer(given.client)
  /** Paths and queries that were asked for. */
  const asked: string[] = []

  const handle = (request: IncomingMessage, response: ServerResponse) => {
    if (!api || !tokens) return void response.writeHead(404).end('{"error":"not_found"}')
    if (tokens.serves(request)) return tokens.handle(request, response)
    asked.push(request.url ?? '')
    if (!tokens.accepts(request)) return void response.writeHead(401).end('{"error":"invalid_token"}')
    const list = listAt(api, request.url ?? '')
    if (!list) return void response.writeHead(404).end('{"error":"not_found"}')
    const text = JSON.stringify(list.items)
    if (api.misbehaviour !== 'none') return void misbehaviours[api.misbehaviour]({ request, response, text })
    response.writeHead(200, { 'content-type': 'application/json', ...list.headers }).end(text)
  }
  const server = await startServer({ handle })
  return {
    url: `http://127.0.0.1:${server.port}`,
    connections: server.connections,
    asked,
    load(next: RationalApi | undefined) {
      if (next && !tokens) tokens = createTokenServer(next.client)
      api = next
    },
    revoke: () => tokens?.revoke(),
    stop: server.stop,
  }
}

function listAt(api: RationalApi, path: string): { items: Item[]; headers: Record<string, string> } | undefined {
  const { pathname, searchParams } = new URL(path, 'http://127.0.0.1')
  if (pathname === '/api/public/haccp-service/haccps') return paged(matching(api.batches, searchParams), searchParams)
  return pathname === '/api/public/cooking-programs' ? paged(api.programs, searchParams) : undefined
}

function matching(batches: readonly Item[], query: URLSearchParams): Item[] {
  const search = query.get('search')?.toLowerCase()
  const found = batches.filter(
    ({ finished, name, deviceSerialNumber }) =>
      (finished !== false || query.get('incomplete') === 'true') &&
      (search === undefined || `${name} ${deviceSerialNumber}`.toLowerCase().includes(search)),
  )
  if (query.get('sort') !== 'startDate,desc') return found
  return found.toSorted((left, right) => (String(left['startDate']) < String(right['startDate']) ? 1 : -1))
}

function paged(all: readonly Item[], query: URLSearchParams) {
  const size = Number(query.get('size') ?? 20)
  const page = Number(query.get('page') ?? 0)
  const last = Math.max(0, Math.ceil(all.length / size) - 1)
  const link = (at: number, rel: string) => `</api/public/list?page=${at}&size=${size}>; rel="${rel}"`
  const links = [...(page < last ? [link(page + 1, 'next')] : []), link(last, 'last'), link(0, 'first')]
  return {
    items: all.slice(page * size, (page + 1) * size),
    headers: { 'x-total-count': String(all.length), link: links.join(',') },
  }
}
