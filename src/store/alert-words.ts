/** The languages that alerts are told in. */
export const languages = ['en', 'es', 'de', 'fr'] as const
export type Language = (typeof languages)[number]

/** Title and message of one moment of an alert, in every language. */
export type AlertTexts = Readonly<Record<Language, { readonly title: string; readonly message: string }>>

/** The value that crossed: a number in the unit of its metric, or a word. */
export type AlertValue = number | string

/** What was crossed: one limit, the word waited for, the seconds of silence, or both limits of a band. */
export type AlertThreshold = number | string | { readonly above: number; readonly below: number }
