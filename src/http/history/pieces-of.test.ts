import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evenGrid } from './bucket-grid.ts'
import { piecesOf } from './pieces-of.ts'

const at = (time: string) => new Date(`2026-11-${time}Z`)
const upTo = { '1m': at('20T10:40:00'), '1h': at('20T10:00:00'), '1d': at('20T00:00:00') }
const text = (date: Date) => date.toISOString().slice(8, 19)
const day = 86_400_000

function pieces(start: string, end: string, widthMs: number, late: readonly string[] = []): string[] {
  const found = piecesOf({ start: at(start), end: at(end), grid: evenGrid(widthMs) }, { upTo, late: late.map(at) })
  return found.map((piece) => `${piece.source} ${text(piece.start)} ${text(piece.end)}`)
}

describe('a span is read from', () => {
  it('readings alone where no roll-up divides the bucket', () => {
    expect(pieces('01T00:00:00', '02T00:00:00', 90_000)).toEqual(['raw 01T00:00:00 02T00:00:00'])
  })

  it('the coarsest roll-ups in its middle, and finer ones towards its edges', () => {
    expect(pieces('17T22:58:30', '20T10:50:00', day)).toEqual([
      'raw 17T22:58:30 17T22:59:00',
      '1m 17T22:59:00 17T23:00:00',
      '1h 17T23:00:00 18T00:00:00',
      '1d 18T00:00:00 20T00:00:00',
      '1h 20T00:00:00 20T10:00:00',
      '1m 20T10:00:00 20T10:40:00',
      'raw 20T10:40:00 20T10:50:00',
    ])
  })

  it('what divides the bucket only', () => {
    expect(pieces('19T00:00:00', '20T00:00:00', 300_000)).toEqual(['1m 19T00:00:00 20T00:00:00'])
    expect(pieces('19T00:00:00', '20T00:00:00', 5_400_000)).toEqual(['1m 19T00:00:00 20T00:00:00'])
    expect(pieces('19T00:00:00', '20T00:00:00', 7_200_000)).toEqual(['1h 19T00:00:00 20T00:00:00'])
  })

  it('readings in an hour that a late one makes wrong', () => {
    expect(pieces('17T00:00:00', '20T00:00:00', day, ['18T05:00:00', '18T06:00:00'])).toEqual([
      '1d 17T00:00:00 18T00:00:00',
      '1h 18T00:00:00 18T05:00:00',
      'raw 18T05:00:00 18T07:00:00',
      '1h 18T07:00:00 19T00:00:00',
      '1d 19T00:00:00 20T00:00:00',
    ])
  })

  it('readings alone where nothing is filled yet', () => {
    expect(pieces('20T10:41:00', '20T10:50:00', 60_000)).toEqual(['raw 20T10:41:00 20T10:50:00'])
  })

  it('pieces that follow each other, each at edges of its own and never too young or late', () => {
    const moment = fc.integer({ min: at('15T00:00:00').getTime(), max: at('21T00:00:00').getTime() })
    const hours = fc
      .array(moment, { maxLength: 5 })
      .map((list) => [...new Set(list.map((time) => Math.floor(time / 3_600_000) * 3_600_000))].sort((a, b) => a - b))
    const widths = fc.constantFrom(1_000, 60_000, 300_000, 3_600_000, day, 7 * day)
    const sizes = { '1m': 60_000, '1h': 3_600_000, '1d': day } as const
    fc.assert(
      fc.property(moment, moment, widths, hours, (one, other, widthMs, late) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)]
        const found = piecesOf(
          { start: new Date(start), end: new Date(end), grid: evenGrid(widthMs) },
          { upTo, late: late.map((time) => new Date(time)) },
        )
        let covered = start
        for (const piece of found) {
          expect(piece.start.getTime()).toBe(covered)
          covered = piece.end.getTime()
          if (piece.source === 'raw') continue
          const size = sizes[piece.source]
          expect([piece.start.getTime() % size, covered % size, widthMs % size]).toEqual([0, 0, 0])
          expect(covered).toBeLessThanOrEqual(upTo[piece.source].getTime())
          expect(late.filter((time) => time >= piece.start.getTime() && time < covered)).toEqual([])
        }
        expect(covered).toBe(end)
      }),
    )
  })
})
