import { BakewireError, type Browsed, type BrowseRequest, type Found } from '#connector'
import { addressMax, exceptionCodeOf, isBitTable, type Span, type Table, tables } from '#protocol/modbus'
import { forbiddenIn } from './check-target.ts'
import { interpretRegister } from './interpret-register.ts'
import type { ModbusLink } from './link.ts'
import { readSpan } from './read-span.ts'
import type { ModbusTarget } from './settings.ts'

type Request = BrowseRequest<ModbusTarget>
type Value = number | boolean

/** A page holds the link this long: its machines are not polled meanwhile. The last request may outlast it by as much again. */
const pageMs = 3_000
/** Small enough that few of its registers must be asked for singly when one is missing. */
const blockMax = 16
const illegalFunction = 1

/** Where to look: a table, and from which address on. */
interface Place {
  readonly table: Table
  readonly address: number
}

/**
 * Looks which registers or bits a machine gives, by reading alone, from an address on: in small blocks that keep to
 * `max_registers` and touch nothing forbidden, halved where the machine refuses them. What it does not have is not found.
 * Without a place it names the four tables. Throws as a read does when nothing was found before.
 */
export async function browseTarget(link: ModbusLink, request: Request): Promise<Browsed> {
  const from = request.cursor ?? request.at
  const tablesFrom = from === undefined ? 0 : Number(/^tables:([1-9])$/.exec(from)?.[1])
  if (tablesFrom >= 0) return tablesPage(tablesFrom, request.limit)
  const place = placeOf(from ?? '')
  try {
    return await scan(link, request, place)
  } finally {
    if (request.target.settings.close_after_read) await link.connection.end()
  }
}

function tablesPage(start: number, limit: number): Browsed {
  const end = start + limit
  return {
    found: tables.slice(start, end).map(tableFound),
    ...(end < tables.length ? { cursor: `tables:${end}` } : {}),
  }
}

function tableFound(table: Table): Found {
  return { name: `${table} ${isBitTable(table) ? 'bits' : 'registers'}`, kind: 'table', at: `${table}:0` }
}

function placeOf(text: string): Place {
  const [name, digits = ''] = text.split(':', 2)
  const table = tables.find((one) => one === name)
  if (!table || !/^\d{1,5}$/.test(digits) || Number(digits) > addressMax || text !== `${table}:${digits}`) {
    throw new BakewireError('CONFIG_INVALID', `where to look is a table and an address, such as holding:0`)
  }
  return { table, address: Number(digits) }
}

async function scan(link: ModbusLink, request: Request, { table, address }: Place): Promise<Browsed> {
  const { target, limit } = request
  const values = new Map<number, Value>()
  const ends = performance.now() + pageMs
  /** Last first; a refused block is replaced by its halves. */
  const waiting: Span[] = []
  /** The first address of which nothing is known yet. */
  let next = address
  // Two more than are shown: what the last one means depends on them.
  while (values.size < limit + 2 && performance.now() < ends) {
    const span = waiting.pop() ?? nextSpan({ table, address: next }, target)
    if (!span) return pageOf(table, values, limit)
    const answer = await readPatiently(link, request, span)
    next = span.address
    if (!(answer instanceof BakewireError)) {
      const given: readonly Value[] = 'bits' in answer ? answer.bits : answer.registers
      for (const [index, value] of given.entries()) values.set(span.address + index, value)
      next += span.count
    } else if (answer.code !== 'POINT_REFUSED') {
      if (values.size === 0) throw answer
      // What was found is worth more than the failure, which the next page meets again.
      break
    } else if (values.size === 0 && exceptionCodeOf(answer) === illegalFunction) {
      return { found: [] }
    } else if (span.count > 1) {
      waiting.push(...halvesOf(span))
    } else {
      next += 1
    }
  }
  return pageOf(table, values, limit, next)
}

/** The answer or the error. A few seconds are enough for one, however much time the machine is given otherwise. */
function readPatiently(link: ModbusLink, { target, signal }: Request, span: Span) {
  const timeoutMs = Math.min(target.timeoutMs, pageMs)
  return readSpan(link, { target: { ...target, timeoutMs }, signal }, span).catch((error: unknown) => {
    if (error instanceof BakewireError) return error
    throw error
  })
}

/** The next block that touches nothing forbidden; `undefined` at the end of the table. */
function nextSpan({ table, address }: Place, { settings }: ModbusTarget): Span | undefined {
  const length = Math.min(blockMax, settings.max_registers)
  let start = address
  const isForbidden = (at: number) => forbiddenIn({ table, address: at, count: 1 }, settings) !== undefined
  while (start <= addressMax && isForbidden(start)) start++
  if (start > addressMax) return undefined
  let count = 1
  while (count < length && start + count <= addressMax && !isForbidden(start + count)) count++
  return { table, address: start, count }
}

/** The second one first: the first is taken from the end. */
function halvesOf({ table, address, count }: Span): Span[] {
  const first = count >> 1
  return [
    { table, address: address + first, count: count - first },
    { table, address, count: first },
  ]
}

/** The first values, up to the limit; where there are more the next page begins with the first of these. */
function pageOf(table: Table, values: ReadonlyMap<number, Value>, limit: number, next = addressMax + 1): Browsed {
  const found: Found[] = []
  const registerAt = (address: number): number | undefined => {
    const value = values.get(address)
    return typeof value === 'number' ? value : undefined
  }
  let endOfSingle = -1
  for (const [address, value] of values) {
    if (found.length === limit) return { found, cursor: `${table}:${address}` }
    if (isBitTable(table) || typeof value === 'boolean') {
      const point = { metric: `additional.${table}_${address}`, table, address }
      found.push({ name: `${table} ${address}`, kind: 'bit', value: String(value), point })
      continue
    }
    const following = address === endOfSingle ? [] : [registerAt(address + 1), registerAt(address + 2)]
    const meaning = interpretRegister(table, address, [value, ...following])
    if (meaning.isSingle) endOfSingle = address + 1
    found.push(meaning.found)
  }
  return { found, ...(next > addressMax ? {} : { cursor: `${table}:${next}` }) }
}
