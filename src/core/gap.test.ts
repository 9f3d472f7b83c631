import { expect, it } from 'vitest'
import { type ErrorCode, errorTable } from './errors.ts'
import { expectedReadings, gapReasonOf, gapReasons, isGap, missedReadings, reasonsByCode } from './gap.ts'
import { createPollTimes } from './poll-times.ts'

it('has a reason for every error code, and no other', () => {
  expect(Object.keys(reasonsByCode).sort()).toEqual(Object.keys(errorTable).sort())
  for (const reason of Object.values(reasonsByCode)) expect(gapReasons).toContain(reason)
})

it.each<[code: ErrorCode, endpoint: string, reason: string]>([
  ['UNREACHABLE', '192.168.1.20', 'machine_off'],
  ['TIMED_OUT', 'https://192.168.1.20/api', 'machine_off'],
  ['TIMED_OUT', 'https://[fd00::20]/api', 'machine_off'],
  ['TIMED_OUT', 'https://oven.local', 'machine_off'],
  ['TIMED_OUT', 'https://oven', 'machine_off'],
  ['TIMED_OUT', 'http://oven.example', 'machine_off'],
  ['TIMED_OUT', 'https://cloud.example.com', 'vendor_cloud'],
  ['ADDRESS_UNRESOLVED', 'https://cloud.example.com', 'vendor_cloud'],
  ['ADDRESS_UNRESOLVED', 'oven.example.com', 'network'],
  ['CREDENTIALS_REJECTED', 'https://cloud.example.com', 'credentials'],
])('%s of %s is %s', (code, endpoint, reason) => {
  expect(gapReasonOf(code, endpoint)).toBe(reason)
})

const intervals = [
  { since: 10_000, intervalMs: 1_000 },
  { since: 20_000, intervalMs: 5_000 },
  { since: 40_000, intervalMs: null },
  { since: 60_000, intervalMs: 10_000 },
]

it.each([
  [0, 10_000, 0],
  [0, 20_000, 10],
  [15_000, 25_000, 6],
  [40_000, 60_000, 0],
  [0, 100_000, 18],
  [70_000, 69_000, 0],
])('expects from %i to %i %i readings', (from, to, expected) => {
  expect(expectedReadings(intervals, from, to)).toBe(expected)
})

it('counts the readings between the two that a gap lies between', () => {
  expect(missedReadings({ from: 0, to: 60_400, intervalMs: 10_000 })).toBe(5)
  expect(missedReadings({ from: 0, to: 9_000, intervalMs: 60_000 })).toBe(0)
})

const minute = 60_000
const byDay = {
  intervalMs: 5 * minute,
  times: createPollTimes({ expression: '*/5 5-20 * * *', timezone: 'Europe/Berlin' }),
}
const at = (time: string) => Date.parse(`2026-11-${time}Z`)

it.each([
  ['a time that is half a wait past', '26T10:00:01', '26T10:07:31', true],
  ['a time that is less past', '26T10:00:01', '26T10:07:29', false],
  ['a night', '26T19:55:01', '27T04:00:02', false],
  ['a night and the first time after it', '26T19:55:01', '27T04:02:31', true],
  ['a reading just before its time', '26T09:59:59.500', '26T10:05:02', false],
])('of a cron, without a reading: %s', (_what, from, to, is) => {
  expect(isGap({ from: at(from), to: at(to), ...byDay })).toBe(is)
})

it('expects and misses readings at the times of a cron only', () => {
  const inForce = [
    { since: at('26T10:02'), ...byDay },
    { since: at('27T10:00'), intervalMs: null },
  ]
  expect(expectedReadings(inForce, at('26T00:00'), at('27T00:00'))).toBe(119)
  expect(expectedReadings(inForce, at('27T00:00'), at('28T00:00'))).toBe(72)
  expect(missedReadings({ from: at('26T19:50:01'), to: at('27T04:10:01'), ...byDay })).toBe(3)
})
