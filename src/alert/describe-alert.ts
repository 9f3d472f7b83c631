import { placeOf } from '#core'
import type { AlertTexts, AlertThreshold, AlertValue, Language } from '#store'
import type { Side } from './evaluate-rule.ts'
import { formatDuration, formatValue } from './format-value.ts'
import { phrasebook } from './phrasebook.ts'
import type { AlertRule } from './rule-schema.ts'

/** What is told of one moment of an alert. */
export interface AlertMoment {
  readonly rule: AlertRule
  readonly equipmentName: string
  /** The value that crossed, or that ended it; `null` where no value did. */
  readonly value: AlertValue | null
  readonly side: Side | null
  /** How long the condition has lasted. */
  readonly heldMs: number
}

/** `Cold room 2: temperature 9.4 °C, above 8 °C for 10 min`, in every language. */
export function describeRaised(moment: AlertMoment): AlertTexts {
  return inEveryLanguage(moment, (language) => raisedPhrase(moment, language))
}

/** `Cold room 2: temperature 7.4 °C, back within limits after 34 min`, in every language. */
export function describeResolved(moment: AlertMoment): AlertTexts {
  return inEveryLanguage(moment, (language) => resolvedPhrase(moment, language))
}

/** What the rule holds a value against, as it is stored with the alert. */
export function thresholdOf(rule: AlertRule): AlertThreshold | null {
  if (rule.kind === 'no_data') return rule.for_seconds
  if (rule.kind === 'state') return rule.equals
  const { above, below } = rule
  if (above !== undefined && below !== undefined) return { above, below }
  return above ?? below ?? null
}

/** How people call a metric: `temperature`, `temperature core`, or the key of an additional value as it is. */
function metricLabel(metric: string, language: Language): string {
  const { metrics } = phrasebook[language]
  const place = placeOf(metric)
  if (place === undefined) return metric
  if (place.in === 'column') return metrics[place.name]
  return place.in === 'zone' ? `${metrics.temperature} ${place.name}` : place.name
}

function raisedPhrase({ rule, value, side, heldMs }: AlertMoment, language: Language): string {
  const say = phrasebook[language]
  const held = rule.for_seconds === 0 ? '' : formatDuration(heldMs, language)
  if (rule.kind === 'no_data') return say.silent(held)
  const what = subject(rule.metric, value, language)
  if (rule.kind === 'state') return say.lasts(what, held)
  const limit = side === 'below' ? rule.below : rule.above
  if (limit === undefined) return say.lasts(what, held)
  const phrase = side === 'below' ? say.below : say.above
  return phrase(what, formatValue(limit, rule.metric, language), held)
}

function resolvedPhrase({ rule, value, heldMs }: AlertMoment, language: Language): string {
  const say = phrasebook[language]
  const held = formatDuration(heldMs, language)
  if (rule.kind === 'no_data') return say.heard(held)
  const what = subject(rule.metric, value, language)
  return rule.kind === 'state' ? say.ended(what, held) : say.back(what, held)
}

function subject(metric: string, value: AlertValue | null, language: Language): string {
  const label = metricLabel(metric, language)
  return value === null ? label : `${label} ${formatValue(value, metric, language)}`
}

function inEveryLanguage({ rule, equipmentName }: AlertMoment, phraseIn: (language: Language) => string): AlertTexts {
  const title = `${equipmentName}: ${rule.name}`
  const textIn = (language: Language) => ({ title, message: `${equipmentName}: ${phraseIn(language)}` })
  return { en: textIn('en'), es: textIn('es'), de: textIn('de'), fr: textIn('fr') }
}
