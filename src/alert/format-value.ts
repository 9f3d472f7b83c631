import type { Language } from '#store'
import { unitOf } from './metric-value.ts'
import { phrasebook } from './phrasebook.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const numberFormats: Readonly<Record<Language, Intl.NumberFormat>> = {
  en: numberFormat('en'),
  es: numberFormat('es'),
  de: numberFormat('de'),
  fr: numberFormat('fr'),
}

/** A value for people: number with the metric's unit, or the word in their language. Without a metric just the number. */
export function formatValue(value: number | string | boolean, metric: string | null, language: Language): string {
  if (typeof value !== 'number') return wordOf(String(value), language)
  const unit = metric === null ? '' : unitOf(metric)
  const text = numberFormats[language].format(value)
  return unit === '' ? text : `${text} ${unit}`
}

/** A duration as people say it: `45 s`, `1 min 30 s`, `10 min`, `1 h 20 min`, `2 d 3 h`. */
export function formatDuration(durationMs: number, language: Language): string {
  const { day: dayWord } = phrasebook[language]
  if (durationMs < minute) return `${Math.max(0, Math.floor(durationMs / second))} s`
  if (durationMs < 5 * minute) return twoUnits(durationMs, [minute, 'min'], [second, 's'])
  if (durationMs < hour) return `${Math.floor(durationMs / minute)} min`
  if (durationMs < day) return twoUnits(durationMs, [hour, 'h'], [minute, 'min'])
  return twoUnits(durationMs, [day, dayWord], [hour, 'h'])
}

function twoUnits(durationMs: number, [large, largeWord]: [number, string], [small, smallWord]: [number, string]) {
  const rest = Math.floor((durationMs % large) / small)
  const first = `${Math.floor(durationMs / large)} ${largeWord}`
  return rest === 0 ? first : `${first} ${rest} ${smallWord}`
}

function wordOf(word: string, language: Language): string {
  const { words } = phrasebook[language]
  return (Object.hasOwn(words, word) ? words[word] : undefined) ?? word
}

function numberFormat(language: Language): Intl.NumberFormat {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 3 })
}
