import { expect, it } from 'vitest'
import { isOfSetClock, sourceTimeOf } from './source-time.ts'

const now = Date.parse('2026-11-20T12:00:00Z')

it.each<[time: string, stands: boolean, isSet: boolean]>([
  ['1601-01-01T00:00:00Z', false, false],
  ['1969-12-31T23:59:59Z', false, false],
  ['1970-01-01T00:00:00Z', false, false],
  ['1970-01-01T00:00:17Z', true, false],
  ['1999-12-31T23:59:59Z', true, false],
  ['2000-01-01T00:00:00Z', true, true],
  ['2026-11-20T12:00:00Z', true, true],
  ['2026-11-21T12:00:00Z', true, true],
  ['2026-11-21T12:00:01Z', true, false],
  ['2038-01-19T03:14:08Z', true, false],
  ['9998-12-31T23:59:59Z', true, false],
  ['9999-01-01T00:00:00Z', false, false],
  ['9999-12-31T23:59:59Z', false, false],
])('%s', (text, stands, isSet) => {
  const time = Date.parse(text)
  expect(sourceTimeOf(time)).toBe(stands ? time : undefined)
  expect(isOfSetClock(time, now)).toBe(isSet)
})

it.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is no time', (time) => {
  expect(sourceTimeOf(time)).toBeUndefined()
  expect(isOfSetClock(time, now)).toBe(false)
})
