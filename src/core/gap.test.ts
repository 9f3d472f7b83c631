import { expect, it } from 'vitest'
import { type ErrorCode, errorTable } from './errors.ts'
import { expectedReadings, gapReasonOf, gapReasons, missedReadings, reasonsByCode } from './gap.ts'

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
