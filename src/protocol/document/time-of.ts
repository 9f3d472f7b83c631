import { sourceTimeOf } from '#core'

/** As seconds the year 5138, as milliseconds 1973: no time is meant by both. */
const millisecondsFrom = 1e11

/** ISO 8601 as machines write it: `T` or a space, seconds and zone optional. */
const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(?:[.,](\d{1,9}))?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/i

/**
 * The time that a machine gives, ms since 1970: ISO 8601, or seconds or milliseconds since 1970, also as text. Undefined where it is
 * no time, or one that stands for none. `momentOf` tells when it was of what is written without zone, given as UTC, which it is taken for else.
 */
export function timeOf(given: unknown, momentOf = (shown: number) => shown): number | undefined {
  const time =
    typeof given === 'number' ? sinceEpoch(given) : typeof given === 'string' ? timeOfText(given.trim(), momentOf) : NaN
  return sourceTimeOf(time)
}

function sinceEpoch(given: number): number {
  return given >= millisecondsFrom ? given : given * 1_000
}

function timeOfText(text: string, momentOf: (shown: number) => number): number {
  if (/^\d{9,13}(\.\d{1,9})?$/.test(text)) return sinceEpoch(Number(text))
  const [, date, time, seconds = ':00', fraction = '0', zone] = iso.exec(text) ?? []
  if (date === undefined || time === undefined) return NaN
  const day = Date.parse(`${date}T00:00:00Z`)
  // Date takes 30 February for 1 or 2 March.
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== date) return NaN
  const shown = `${date}T${time}${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}`
  if (zone === undefined) return momentOf(Date.parse(`${shown}Z`))
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
  return Date.parse(shown + offset)
}
