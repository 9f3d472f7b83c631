import type { CanonicalMetric } from '#core'
import type { Language } from '#store'
import { english } from './phrases/english.ts'
import { french } from './phrases/french.ts'
import { german } from './phrases/german.ts'
import { spanish } from './phrases/spanish.ts'

/** How alerts are told in one language. The phrases follow the machine's name and a colon. */
export interface Phrases {
  readonly day: string
  readonly metrics: Readonly<Record<CanonicalMetric, string>>
  /** The words of the closed vocabularies. */
  readonly words: Readonly<Record<string, string>>
  /** `what` is metric and value, `held` a duration or empty. */
  readonly above: (what: string, limit: string, held: string) => string
  readonly below: (what: string, limit: string, held: string) => string
  readonly lasts: (what: string, held: string) => string
  readonly silent: (held: string) => string
  readonly back: (what: string, held: string) => string
  readonly ended: (what: string, held: string) => string
  readonly heard: (held: string) => string
}

export const phrasebook: Readonly<Record<Language, Phrases>> = {
  en: english,
  es: spanish,
  de: german,
  fr: french,
}
