import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPollTimes, faultOfCron, isTimezone, type PollTimes, shortestWaitMs } from './poll-times.ts'

const berlin = (expression: string) => createPollTimes({ expression, timezone: 'Europe/Berlin' })
const minute = 60_000

function upTo(times: PollTimes, from: string, to: string): string[] {
  const found: string[] = []
  for (let at = times.next(Date.parse(from) - 1); at < Date.parse(to); at = times.next(at)) {
    found.push(new Date(at).toISOString().slice(11, 16))
  }
  return found
}

it.each([
  ['a time that the clocks skip, when they have', '30 2 * * *', '2026-03-29', ['01:00']],
  ['nothing twice after the skip', '*/30 1-3 * * *', '2026-03-29', ['00:00', '00:30', '01:00', '01:30']],
  ['a time that they pass twice, the first time', '30 2 * * *', '2026-10-25', ['00:30']],
  ['several in such an hour, each time', '*/30 2 * * *', '2026-10-25', ['00:00', '00:30', '01:00', '01:30']],
])('serves %s', (_what, expression, day, times) => {
  expect(upTo(berlin(expression), `${day}T00:00Z`, `${day}T12:00Z`)).toEqual(times)
})

it('tells the times around a moment, which is neither', () => {
  const times = berlin('*/5 5-20 * * 1-6')
  const at = Date.parse('2026-11-26T04:00Z')
  expect([times.previous(at), times.next(at)]).toEqual([at - (8 * 60 + 5) * minute, at + 5 * minute])
  expect([times.previous(at + 1), times.next(at - 1)]).toEqual([at, at])
})

it('counts what it would give one after the other, whatever the zone and the hours of its days', () => {
  const expressions = ['30 2 * * *', '*/20 1-3 * * *', '0 5 * * 1', '15 0 * * *', '0 0 1 * *', '7 */6 * * 1-5']
  const zones = ['Europe/Berlin', 'America/Havana', 'Asia/Beirut', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC']
  const moment = fc.integer({ min: Date.parse('2026-03-01'), max: Date.parse('2026-12-01') })
  fc.assert(
    fc.property(
      fc.constantFrom(...expressions),
      fc.constantFrom(...zones),
      moment,
      fc.integer({ min: 0, max: 10 * 1_440 * minute }),
      (expression, timezone, from, lasts) => {
        const times = createPollTimes({ expression, timezone })
        let counted = 0
        for (let at = times.next(from - 1); at < from + lasts; at = times.next(at)) counted += 1
        expect(times.count(from, from + lasts)).toBe(counted)
      },
    ),
  )
})

it('counts the days on which clocks are set by themselves', () => {
  const times = berlin('*/20 1-3 * * *')
  expect(times.count(Date.parse('2026-03-27T12:00Z'), Date.parse('2026-03-30T12:00Z'))).toBe(9 + 6 + 9)
  expect(times.count(Date.parse('2026-10-23T12:00Z'), Date.parse('2026-10-26T12:00Z'))).toBe(9 + 12 + 9)
})

it.each([
  ['*/5 4-20 * * 1-6', undefined],
  ['0 5 29 2 *', undefined],
  ['0 0 31 2 *', 'never comes round'],
  ['* * * *', 'five fields'],
  ['0 * * * * *', 'five fields'],
  ['0  5 * * *', 'five fields'],
  ['@daily', 'five fields'],
  ['', 'five fields'],
  ['0 25 * * *', 'Invalid value for hour: 25'],
  ['a b c d e', 'illegal characters'],
  ['*/0 * * * *', 'illegal stepping'],
])('has against %j: %s', (expression, fault) => {
  if (fault === undefined) expect(faultOfCron(expression)).toBeUndefined()
  else expect(faultOfCron(expression)).toContain(fault)
})

it.each([
  ['*/5 5-20 * * *', 5],
  ['0,10 5 * * *', 10],
  ['0 5 * * *', 1_440],
  ['0 5 * * 1', 7 * 1_440 - 60],
])('waits between two times of %s for %i minutes at least', (expression, minutes) => {
  expect(shortestWaitMs({ expression, timezone: 'Europe/Berlin' })).toBe(minutes * minute)
})

it.each([
  ['UTC', true],
  ['Europe/Berlin', true],
  ['Asia/Kolkata', true],
  ['Asia/Calcutta', true],
  ['America/Argentina/Buenos_Aires', true],
  ['Mars/Olympus', false],
  ['Europe/', false],
  ['EST5EDT,M3.2.0', false],
  ['+02:00', false],
])('takes %s for a time zone: %s', (name, is) => {
  expect(isTimezone(name)).toBe(is)
})
