import { formatDuration, formatValue } from '#alert'
import { errorTable, placeOf, type Severity } from '#core'
import type { AlertRecord, AlertThreshold, EquipmentRow, StoredReading } from '#store'
import { realtimeData } from '../realtime-data.ts'

/** A value with what there is to say to it. */
export interface Figure {
  readonly label: string
  readonly value: string
  readonly note: string
  /** Not what the machine shows now. */
  readonly isOld: boolean
}

/** What the page of an alert says, in words. */
export interface AlertView {
  readonly tone: Severity | 'calm'
  readonly severity: string
  readonly status: string
  readonly title: string
  readonly heading: string
  readonly message: string
  /** The value that crossed, against its limit. */
  readonly crossed: Figure | null
  readonly current: Figure
  readonly facts: readonly Fact[]
}

/** Something that is known of the alert: its name, the thing itself, and the small print. */
export type Fact = readonly [term: string, text: string, note?: string]

interface Shown {
  readonly alert: AlertRecord
  readonly machine: EquipmentRow
  readonly newest: StoredReading | undefined
  readonly now: number
}

export function alertView({ alert, machine, newest, now }: Shown): AlertView {
  const { equipment_name: heading, status, title, message } = alert
  return {
    tone: status === 'resolved' ? 'calm' : alert.severity,
    severity: words[alert.severity],
    status: words[status],
    title,
    heading,
    message: sentence(withoutPrefix(message, `${heading}: `)),
    crossed: crossedFigure(alert),
    current: currentFigure({ alert, machine, newest, now }),
    facts: factsOf(alert, machine, now),
  }
}

const words = {
  info: 'Information',
  warning: 'Warning',
  critical: 'Critical',
  active: 'Active',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
} as const

function crossedFigure({ value, metric, threshold }: AlertRecord): Figure | null {
  if (value === null) return null
  return {
    label: 'When raised',
    value: formatValue(value, metric, 'en'),
    note: limitText(value, threshold, metric),
    isOld: false,
  }
}

function limitText(value: number | string, threshold: AlertThreshold | null, metric: string | null): string {
  if (threshold === null || typeof threshold === 'string') return ''
  const limit = (number: number) => formatValue(number, metric, 'en')
  if (typeof threshold === 'object') return `allowed ${limit(threshold.below)} to ${limit(threshold.above)}`
  return `limit ${Number(value) < threshold ? 'at least' : 'at most'} ${limit(threshold)}`
}

function currentFigure({ alert: { metric }, machine, newest, now }: Shown): Figure {
  const { age_seconds: age, stale } = realtimeData(machine, newest, { now })
  const ago = age === null ? 'never' : `${formatDuration(age * 1000, 'en')} ago`
  if (metric === null)
    return { label: 'Last data', value: ago, note: connectionTexts(machine).join('. '), isOld: stale }
  const value = newest && valueAt(newest, metric)
  return {
    label: stale ? 'Last value' : 'Now',
    value: value === undefined ? 'no value' : formatValue(value, metric, 'en'),
    note: age === null ? 'nothing was ever read' : stale ? `old: ${ago}` : ago,
    isOld: stale,
  }
}

function valueAt(reading: StoredReading, metric: string): number | string | boolean | undefined {
  const place = placeOf(metric)
  if (place?.in === 'column') return reading[place.name] ?? undefined
  if (place?.in === 'zone') return reading.temperature_zones?.[place.name]
  return place && reading.additional?.[place.name]
}

function factsOf(alert: AlertRecord, machine: EquipmentRow, now: number): Fact[] {
  const { raised_at, last_raised_at, occurrences, acknowledged_at, acknowledged_by, resolved_at, resolved_by } = alert
  const ago = (time: Date) => `${formatDuration(now - time.getTime(), 'en')} ago`
  const happened = (term: string, what: string, time: Date): Fact => [term, `${what}, ${ago(time)}`, timeText(time)]
  const facts: Fact[] = [['Since', ago(raised_at), timeText(raised_at)]]
  if (occurrences > 1)
    facts.push(['Raised', `${occurrences} times, last ${ago(last_raised_at)}`, timeText(last_raised_at)])
  if (acknowledged_at) facts.push(happened('Acknowledged', `by ${acknowledged_by ?? 'somebody'}`, acknowledged_at))
  if (resolved_at) facts.push(happened('Resolved', resolved_by ?? 'by itself', resolved_at))
  facts.push(['Rule', withoutPrefix(alert.title, `${alert.equipment_name}: `)])
  const place = [machine.site, machine.location].filter((part) => part !== null).join(', ')
  if (place !== '') facts.push(['Place', place])
  facts.push(['Connection', ...connectionTexts(machine)])
  return facts
}

/** In general words: the message of the error may name addresses, and a link can go astray. */
function connectionTexts({
  iot_connection_status: status,
  iot_connection_error: error,
}: EquipmentRow): [string, string?] {
  return error === null ? [sentence(status)] : [sentence(status), errorTable[error.code].title]
}

/** `20 Nov 2026, 03:12 UTC` */
function timeText(time: Date): string {
  return `${timeFormat.format(time)} UTC`
}

const timeFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
