import { BakewireError, type Browsed, type BrowseRequest, type Found } from '#connector'
import { listPage } from './batches/list-batches.ts'
import type { UnitVariable } from './live/list-variables.ts'
import { type Account, limitsOf, newestBatch } from './read-unit.ts'
import type { RationalTarget } from './schemas.ts'

type RationalBrowse = BrowseRequest<RationalTarget>
type Item = Readonly<Record<string, unknown>>

/** Lists of the API: where they are, and what an entry of theirs is. */
const lists = {
  programmes: {
    name: 'Cooking programmes',
    path: '/cooking-programs',
    query: {},
    found: (item: Item): Found => ({
      name: textOf(item['name']),
      kind: 'programme',
      ...told(item, ['type', 'status']),
    }),
  },
  batches: {
    name: 'HACCP batches, the newest first',
    path: '/haccp-service/haccps',
    query: { finished: 'false', incomplete: 'true', sort: 'startDate,desc' },
    found: (item: Item): Found => ({
      name: textOf(item['name']),
      kind: item['finished'] === false ? 'batch under way' : 'batch',
      ...told(item, ['startDate', 'deviceSerialNumber']),
    }),
  },
} as const
type ListName = keyof typeof lists
const listNames = Object.keys(lists) as ListName[]
const newestFields = 'newest'

/** Units with their variables; with an API client the account's programmes and batches, and the fields of the unit's newest batch. */
export async function browseAccount(account: Account, request: RationalBrowse): Promise<Browsed> {
  const { at } = request
  if (at === undefined) return pageOf(await topOf(account, request), request)
  const list = listNames.find((name) => name === at)
  if (list !== undefined) return pageOfList(account, request, list)
  if (at === newestFields) return pageOf(fieldsOf(await newestBatch(account, request)), request)
  const [, id] = /^unit:(.{1,100})$/.exec(at) ?? []
  if (id === undefined) throw wrong('at')
  const limits = limitsOf(account, request)
  return pageOf((await account.live.variablesOf(id, limits)).map(variableFound), request)
}

async function topOf(account: Account, request: RationalBrowse): Promise<Found[]> {
  const units = await account.live.units(limitsOf(account, request))
  const found = units.map(({ id, serial }) => ({
    name: id.slice(0, 200),
    kind: 'unit',
    at: `unit:${id}`,
    ...(serial === undefined ? {} : { value: textOf(serial) }),
  }))
  if (!account.api) return found
  const folders = listNames.map((name) => ({ name: lists[name].name, kind: 'list', at: name }))
  return [...found, ...folders, { name: 'Fields of the newest batch of the unit', kind: 'list', at: newestFields }]
}

function variableFound({ path, sample, known }: UnitVariable): Found {
  const found = { name: path, kind: 'variable', ...('value' in sample ? { value: textOf(sample.value) } : {}) }
  // Another form than that of the documented ids could not be configured.
  if (!/^[\w<>.-]+(\/[\w<>.-]+)*$/.test(path)) return found
  const metric = known && known.reading !== 'mode' ? known.metric : `additional.${nameOf(path)}`
  const meaning = known?.reading === 'door' ? { words: { true: 'open', false: 'closed' } } : {}
  return {
    ...found,
    point: { metric, variable: path, ...meaning, ...(known?.reading === 'seconds' ? { unit: 's' } : {}) },
  }
}

function fieldsOf(batch: Item | undefined): Found[] {
  return Object.entries(batch ?? {}).map(([name, value]) => {
    if (typeof value === 'object') return { name: name.slice(0, 200), kind: Array.isArray(value) ? 'list' : 'object' }
    const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const point = { metric: `additional.${nameOf(name)}`, batch: pointer }
    return { name: name.slice(0, 200), kind: typeof value, value: textOf(value), point }
  })
}

/** A page of ours, of what was found at once. */
function pageOf(found: readonly Found[], { cursor, limit }: RationalBrowse): Browsed {
  const [start = 0] = numbersIn(cursor, 1)
  const end = start + limit
  return { found: found.slice(start, end), ...(end < found.length ? { cursor: String(end) } : {}) }
}

/** A page of the API's; the cursor keeps its size, too, or the next one would be of another place. */
async function pageOfList(
  { api }: Account,
  { cursor, limit, signal }: RationalBrowse,
  name: ListName,
): Promise<Browsed> {
  if (!api) throw new BakewireError('CONFIG_INVALID', `${lists[name].name}: needs credentials.client_id`)
  const [page = 0, size = Math.min(limit, 100)] = numbersIn(cursor, 2)
  const { path, query, found } = lists[name]
  signal.throwIfAborted()
  const { items, isLast } = await api.ask((link, asked) => listPage(link, { ...asked, path, query, page, size }))
  return { found: items.slice(0, limit).map(found), ...(isLast ? {} : { cursor: `${page + 1}.${size}` }) }
}

function numbersIn(cursor: string | undefined, count: number): number[] {
  if (cursor === undefined) return []
  const numbers = cursor.split('.').map((text) => (/^\d{1,6}$/.test(text) ? Number(text) : Number.NaN))
  if (numbers.length !== count || numbers.some(Number.isNaN) || numbers[1] === 0) throw wrong('cursor')
  return numbers
}

function wrong(name: string): BakewireError {
  return new BakewireError('CONFIG_INVALID', `${name}: is none that an answer has given`)
}

function told(item: Item, names: readonly string[]): { value?: string } {
  const texts = names.flatMap((name) => (item[name] === undefined || item[name] === null ? [] : [textOf(item[name])]))
  return texts.length === 0 ? {} : { value: texts.join(', ').slice(0, 200) }
}

function textOf(value: unknown): string {
  return typeof value === 'object' || value === undefined ? '' : String(value).slice(0, 200)
}

/** A name below a metric's prefix. */
function nameOf(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)
}
