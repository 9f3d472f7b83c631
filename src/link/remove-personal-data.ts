const removed = '[removed]'

/** Numbers that look like those of a person and are none: ids, dates, times, values with their unit. */
const ours = [
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  /\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?)?/,
  /\d{1,2}[./]\d{1,2}[./]\d{4}/,
  /\d{1,2}:\d{2}(?::\d{2})?/,
  /\d+(?:[.,]\d+)* ?(?:°C|%|kWh|kW|kg|rpm|min|h|s)/,
]

const personalNumbers = [
  // Card number: 13 to 19 digits (ISO/IEC 7812), in groups or not.
  /\d(?:[ -]?\d){12,18}/,
  // Social security number of the USA.
  /\d{3}-\d{2}-\d{4}/,
  // Telephone number with a country code: at most 15 digits (E.164).
  /(?:\+|00)\d(?:[ ()./-]{0,2}\d){6,14}/,
  // … with an area code that stands in brackets or begins with 0.
  /(?:\(0?\d{2,5}\)|0\d{1,4})[ /.-]{0,2}\d(?:[ /.-]?\d){4,10}/,
  // … in groups.
  /(?=(?:[ .-]?\d){7})\d{2,4}(?:[ .-]\d{2,4}){2,5}/,
  // … or bare.
  /\d{9,12}/,
]

/** The lengths are those of RFC 5321, 4.5.3.1. */
const mailAddress = /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}.-]{1,253}\.\p{L}{2,24}/u

const anyOf = (patterns: readonly RegExp[]) => patterns.map(({ source }) => source).join('|')

const oursOrPersonal = new RegExp(
  `${mailAddress.source}|(?<![\\p{L}\\p{N}]|\\d[.,])(?:(?<ours>${anyOf(ours)})|${anyOf(personalNumbers)})(?![\\p{L}\\p{N}])`,
  'giu',
)

/** The text without mail addresses, telephone, card and social security numbers (requirement L3). Values, times and ids stay. */
export function removePersonalData(text: string): string {
  let cleaned = ''
  let end = 0
  for (const match of text.matchAll(oursOrPersonal)) {
    cleaned += text.slice(end, match.index) + (match.groups?.['ours'] ?? removed)
    end = match.index + match[0].length
  }
  return cleaned + text.slice(end)
}
