/** Vendors' clouds do ask for most of a day (Home Connect: 70,300 s); more is a mistake of theirs. */
const retryAfterMsMax = 86_400_000

/**
 * RFC 9110, 10.2.3: a number of seconds or an HTTP date, as milliseconds from now, between 0 and a day. Undefined where
 * the header is missing or is neither.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const waitMs = /^\d{1,10}$/.test(text) ? Number(text) * 1000 : untilDate(text, now)
  return waitMs === undefined ? undefined : Math.min(Math.max(0, waitMs), retryAfterMsMax)
}

/** RFC 9110, 5.6.7: the preferred form alone, `Sun, 06 Nov 1994 08:49:37 GMT`. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

function untilDate(text: string, now: number): number | undefined {
  const time = httpDate.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? undefined : time - now
}
