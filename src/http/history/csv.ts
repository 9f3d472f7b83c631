import { canonicalMetricNames, isCounter } from '#core'
import { isNumber } from './fold-buckets.ts'

/** One column of a table: its name, and where its cell stands in a record. */
interface Column {
  readonly name: string
  readonly path: readonly string[]
}

export interface CsvTable {
  readonly head: string
  /** A line without its end. */
  line(record: object): string
}

const statistics = ['avg', 'min', 'max', 'count']

/**
 * Readings, or buckets of them, as a table (RFC 4180). What is named has columns of its own; `temperature_zones` and
 * `additional` as a whole, whose keys differ from machine to machine, and `quality` are JSON.
 */
export function csvTable(of: 'readings' | 'buckets', metrics: readonly string[] | undefined): CsvTable {
  const isWanted = (name: string) => metrics === undefined || metrics.includes(name)
  const below = (field: string) => (metrics ?? []).filter((name) => name.startsWith(`${field}.`))
  const subFields = [...below('temperature_zones'), ...below('additional')]
  const whole = ['temperature_zones', 'additional'].filter(isWanted)
  const columns: Column[] = [
    { name: 'reading_time', path: ['reading_time'] },
    ...(of === 'readings' ? [{ name: 'source_time', path: ['source_time'] }] : []),
    ...canonicalMetricNames
      .filter(isWanted)
      .flatMap((name) => columnsOf(name, [name], of === 'readings' ? [] : partsOf(name))),
    ...subFields.flatMap((name) => columnsOf(name, pathOf(name), of === 'readings' ? [] : [...statistics, 'last'])),
    ...[...whole, 'quality'].map((name) => ({ name, path: [name] })),
  ]
  return {
    head: columns.map(({ name }) => name).join(','),
    line: (record) => columns.map(({ path }) => cellOf(valueAt(record, path))).join(','),
  }
}

function columnsOf(name: string, path: readonly string[], parts: readonly string[]): Column[] {
  if (parts.length === 0) return [{ name, path }]
  return parts.map((part) => ({ name: `${name}.${part}`, path: [...path, part] }))
}

function partsOf(name: (typeof canonicalMetricNames)[number]): readonly string[] {
  if (isCounter(name)) return ['delta', 'last']
  return isNumber(name) ? statistics : ['last']
}

/** Names below a field hold no dot. */
function pathOf(name: string): readonly string[] {
  return name.split('.')
}

function valueAt(record: object, path: readonly string[]): unknown {
  let value: unknown = record
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

/** What a spreadsheet would take for a formula (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r]/
const special = /[",\r\n]/

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = formula.test(text) ? `'${text}` : text
  return special.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
