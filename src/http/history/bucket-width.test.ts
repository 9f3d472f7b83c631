import { describe, expect, it } from 'vitest'
import { evenGrid } from './bucket-grid.ts'
import { gridFor, parseWidth } from './bucket-width.ts'

describe('the width of a bucket', () => {
  it.each([
    ['1', 1_000],
    ['300', 300_000],
    ['30s', 30_000],
    ['5m', 300_000],
    ['6h', 21_600_000],
    ['31d', 2_678_400_000],
  ])('%s', (text, ms) => expect(parseWidth(text)).toBe(ms))

  it.each(['0', '0s', '-1', '-5m', '0.5', '1e3', 'm', '5 m', '5M', '5w', '32d', '999999999', ''])(
    '%j is refused',
    (text) => {
      expect(() => parseWidth(text)).toThrow('interval must lie between 1s and 31d')
    },
  )

  const start = new Date('2026-11-20T04:00:00Z')
  const widthFor = (points: number, span: { start: Date; end: Date }) => gridFor(points, span, evenGrid).widthMs
  const spanOf = (seconds: number) => ({ start, end: new Date(start.getTime() + seconds * 1_000) })
  it.each([
    [3_600, 60, 60],
    [3_600, 61, 60],
    [3_600, 59, 120],
    [86_400, 500, 300],
    [10, 1_000, 1],
    [0, 2, 1],
  ])('%i s by %i points', (seconds, points, width) => expect(widthFor(points, spanOf(seconds))).toBe(width * 1_000))

  it('counts the buckets that a span only touches', () => {
    const span = { start: new Date(start.getTime() + 30_000), end: new Date(start.getTime() + 3_630_000) }
    expect(widthFor(60, span)).toBe(120_000)
    expect(widthFor(61, span)).toBe(60_000)
  })

  it('refuses ten years by two points', () => {
    expect(() => widthFor(2, spanOf(315_360_000))).toThrow('points are too few')
  })
})
