const dayMs = 86_400_000
/** No machine that speaks HTTP measured anything before; clocks without battery begin at 1970 or at their firmware's birth. */
const earliest = Date.UTC(2000, 0, 1)
/** As seconds the year 5138, as milliseconds 1973: no time is meant by both. */
const millisecondsFrom = 1e11

/** ISO 8601 as machines write it: `T` or a space, seconds and zone optional. */
const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(?:[.,](\d{1,9}))?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/i

/**
 * The time that a machine gives, ms since 1970: ISO 8601 (without zone as UTC), or seconds or milliseconds since 1970, also
 * as text. Undefined where it is no time, or one that a machine with its clock set cannot give: before 2000, or more than a
 * day after `now`.
 */
export function timeOf(given: unknown, now: number): number | undefined {
  const time =
    typeof given === 'number' ? sinceEpoch(given) : typeof given === 'string' ? timeOfText(given.trim()) : NaN
  return time >= earliest && time <= now + dayMs ? Math.round(time) : undefined
}

function sinceEpoch(given: number): number {
  return given >= millisecondsFrom ? given : given * 1_000
}

function timeOfText(text: string): number {
  if (/^\d{9,13}(\.\d{1,9})?$/.test(text)) return sinceEpoch(Number(text))
  const [, date, time, seconds = ':00', fraction = '0', zone = 'Z'] = iso.exec(text) ?? []
  if (date === undefined || time === undefined) return NaN
  const day = Date.parse(`${date}T00:00:00Z`)
  // Date takes 30 February for 1 or 2 March.
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== date) return NaN
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
  return Date.parse(`${date}T${time}${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`)
}
