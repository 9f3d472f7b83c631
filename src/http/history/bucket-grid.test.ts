import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evenGrid, fitsDays, localGrid } from './bucket-grid.ts'

const hour = 3_600_000
const day = 24 * hour
const at = (time: string) => Date.parse(`${time}Z`)
const text = (time: number) => new Date(time).toISOString().slice(0, 16)

/** Where the buckets of a span begin, and where the last one ends. */
function edges(timezone: string, widthMs: number, [first, last]: readonly [string, string]): string[] {
  const grid = localGrid(widthMs, timezone)
  const found: string[] = []
  let time = grid.beginOf(at(first))
  for (; time < at(last); time = grid.endOf(time)) found.push(text(time))
  return [...found, text(time)]
}

describe('buckets of days', () => {
  it.each([
    ['an hour shorter in spring', 'Europe/Berlin', ['2026-03-28T23:00', '2026-03-29T22:00']],
    ['an hour longer in autumn', 'Europe/Berlin', ['2026-10-24T22:00', '2026-10-25T23:00']],
    ['half an hour longer', 'Australia/Lord_Howe', ['2026-04-04T13:00', '2026-04-05T13:30']],
    ['begun at one where midnight is skipped', 'America/Sao_Paulo', ['2018-11-04T03:00', '2018-11-05T02:00']],
    ['begun with the first of two midnights', 'America/Havana', ['2026-11-01T04:00', '2026-11-02T05:00']],
    ['ended with the first of two midnights', 'America/St_Johns', ['2006-10-28T02:30', '2006-10-29T02:30']],
    ['longer by what comes twice', 'America/St_Johns', ['2006-10-29T02:30', '2006-10-30T03:30']],
    [
      'followed by the day after the next where a day is skipped',
      'Pacific/Apia',
      ['2011-12-29T10:00', '2011-12-30T10:00'],
    ],
    ['of half an hour beside the hour', 'Asia/Kolkata', ['2026-11-19T18:30', '2026-11-20T18:30']],
    ['of UTC', 'UTC', ['2026-11-19T00:00', '2026-11-20T00:00']],
  ] as const)('are %s: %s', (_, timezone, [begin, end]) => {
    expect(edges(timezone, day, [begin, end])).toEqual([begin, end])
    const inside = text(at(end) - 60_000)
    expect(edges(timezone, day, [inside, end])).toEqual([begin, end])
  })

  it('take several at once, whatever the time of year', () => {
    const week = edges('Europe/Berlin', 7 * day, ['2026-10-20T00:00', '2026-10-30T00:00'])
    expect(week).toEqual(['2026-10-14T22:00', '2026-10-21T22:00', '2026-10-28T23:00', '2026-11-04T23:00'])
  })
})

describe('buckets of parts of a day', () => {
  it('are counted from midnight, and the last one is what is left', () => {
    const long = edges('Europe/Berlin', 6 * hour, ['2026-10-24T22:00', '2026-10-25T23:00'])
    expect(long).toEqual([
      ...['2026-10-24T22:00', '2026-10-25T04:00', '2026-10-25T10:00', '2026-10-25T16:00'],
      ...['2026-10-25T22:00', '2026-10-25T23:00'],
    ])
    const short = edges('Europe/Berlin', 12 * hour, ['2026-03-28T23:00', '2026-03-29T22:00'])
    expect(short).toEqual(['2026-03-28T23:00', '2026-03-29T11:00', '2026-03-29T22:00'])
  })
})

const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Pacific/Apia',
  'America/St_Johns',
  'UTC',
)
const widths = fc.constantFrom(60_000, 900_000, hour, 6 * hour, 12 * hour, day, 3 * day, 31 * day)
const moments = fc.integer({ min: at('1975-01-01T00:00'), max: at('2060-01-01T00:00') })

describe('any grid', () => {
  it('has each moment in one bucket', () => {
    fc.assert(
      fc.property(zones, widths, moments, (timezone, widthMs, time) => {
        const grid = localGrid(widthMs, timezone)
        const [begin, end] = [grid.beginOf(time), grid.endOf(time)]
        expect([begin <= time, time < end]).toEqual([true, true])
        for (const inside of [begin, Math.floor((begin + end) / 2), end - 1])
          expect([grid.beginOf(inside), grid.endOf(inside)]).toEqual([begin, end])
        expect(grid.beginOf(end)).toBe(end)
        expect(grid.endOf(begin - 1)).toBe(begin)
      }),
    )
  })

  it('of UTC is an even one', () => {
    fc.assert(
      fc.property(widths, moments, (widthMs, time) => {
        expect(localGrid(widthMs, 'UTC').beginOf(time)).toBe(evenGrid(widthMs).beginOf(time))
        expect(localGrid(widthMs, 'UTC').endOf(time)).toBe(evenGrid(widthMs).endOf(time))
      }),
    )
  })
})

describe('roll-ups', () => {
  const span = { start: new Date(at('2026-06-01T00:00')), end: new Date(at('2026-12-01T00:00')) }
  const taken = (widthMs: number, timezone: string) =>
    [day, hour, 60_000].filter((rollupMs) => localGrid(widthMs, timezone).takes(rollupMs, span))

  it.each([
    ['UTC', day, [day, hour, 60_000]],
    ['Europe/Berlin', day, [hour, 60_000]],
    ['Europe/Berlin', hour / 2, [60_000]],
    ['Asia/Kolkata', day, [60_000]],
    ['Australia/Lord_Howe', hour, [60_000]],
    ['Europe/Berlin', 1_000, []],
  ] as const)('that buckets of %s are made of', (timezone, widthMs, expected) => {
    expect(taken(widthMs, timezone)).toEqual(expected)
  })
})

it('days are divided by 90 minutes, not by 7 hours', () => {
  expect([1.5 * hour, 7 * hour, day, 1.5 * day, 31 * day].map(fitsDays)).toEqual([true, false, true, false, true])
})
