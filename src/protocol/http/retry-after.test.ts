import fc from 'fast-check'
import { expect, it } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const now = Date.parse('2026-11-20T12:00:00Z')

it.each([
  ['0', 0],
  ['5', 5_000],
  [' 120 ', 120_000],
  ['70300', 70_300_000],
  ['9999999999', 86_400_000],
  ['Fri, 20 Nov 2026 12:00:30 GMT', 30_000],
  ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
  ['Fri, 20 Nov 2099 12:00:00 GMT', 86_400_000],
  [undefined, undefined],
  ['', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['soon', undefined],
  ['99999999999', undefined],
  ['Fri, 99 Nov 2026 12:00:30 GMT', undefined],
  ['2026-11-20T12:00:30Z', undefined],
])('Retry-After %s: %s ms', (header, waitMs) => {
  expect(retryAfterMs(header, now)).toBe(waitMs)
})

it('is nothing or between now and a day from now, whatever a header says', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        fc.nat().map(String),
      ),
      (header) => {
        const waitMs = retryAfterMs(header, now) ?? 0
        expect(waitMs).toBeGreaterThanOrEqual(0)
        expect(waitMs).toBeLessThanOrEqual(86_400_000)
      },
    ),
  )
})
