import { BakewireError } from '#connector'
import { getAnswer, type RestLink, type RestTarget } from '#protocol/rest'
import type { Batch } from './batch.ts'

/** The API's bound of one page. */
const pageSize = 100
/** 500 batches are a week of ten busy units, and a week is what the API gives where it is told no dates. */
const pagesMax = 5

interface Asked {
  readonly target: RestTarget
  readonly signal: AbortSignal
  /** Whether the batches so far are enough. */
  readonly isEnough: (batches: readonly Batch[]) => boolean
}

/** The account's newest batches, those under way too, page by page. Throws what `getAnswer` throws, PROTOCOL_VIOLATED. */
export async function listBatches(link: RestLink, { isEnough, ...asked }: Asked): Promise<readonly Batch[]> {
  const query = { finished: 'false', incomplete: 'true', sort: 'startDate,desc' }
  const batches: Batch[] = []
  for (let page = 0; page < pagesMax; page += 1) {
    const { items, isLast } = await listPage(link, { ...asked, page, path: '/haccp-service/haccps', query })
    batches.push(...items)
    if (isLast || isEnough(batches)) break
  }
  return batches
}

interface Page extends Omit<Asked, 'isEnough'> {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** From 0 on. */
  readonly page: number
  readonly size?: number
}

/** One page of a list of the API: the last one where it is not full, or where the API tells that there is no more. */
export async function listPage(link: RestLink, { target, signal, path, query, page, size = pageSize }: Page) {
  const { pathname } = new URL(target.endpoint)
  const search = new URLSearchParams({ ...query, page: String(page), size: String(size) })
  const { what, document, headers } = await getAnswer(link, {
    target,
    signal,
    path: `${pathname.replace(/\/+$/, '')}${path}?${search}`,
    setting: 'api_endpoint',
  })
  if (!Array.isArray(document)) {
    throw new BakewireError('PROTOCOL_VIOLATED', `${what} was answered with something that is no list`)
  }
  const total = /^\d+$/.exec(headers.get('x-total-count') ?? '')?.[0]
  const isLast = document.length < size || (total !== undefined && (page + 1) * size >= Number(total))
  return { items: document.slice(0, size).filter(isRecord), isLast }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
