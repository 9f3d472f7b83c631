import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planBlocks, type Span } from './plan-blocks.ts'
import { tables } from './tables.ts'

const holding = (address: number, count = 1): Span => ({ table: 'holding', address, count })
const coil = (address: number): Span => ({ table: 'coil', address, count: 1 })
const limits = { maxRegisters: 125, maxGap: 4 }
const shape = (points: Span[], options: Partial<Parameters<typeof planBlocks<Span>>[1]> = {}) =>
  planBlocks(points, { ...limits, ...options }).map(({ table, address, count }) => `${table} ${address}+${count}`)

describe('planBlocks', () => {
  it.each<[string, Span[], Partial<Parameters<typeof planBlocks<Span>>[1]>, string[]]>([
    ['nothing', [], {}, []],
    ['neighbours', [holding(0), holding(1), holding(2, 2)], {}, ['holding 0+4']],
    ['points in any order', [holding(2), holding(0), holding(1)], {}, ['holding 0+3']],
    ['a gap as large as allowed', [holding(0), holding(5)], {}, ['holding 0+6']],
    ['a gap too large', [holding(0), holding(6)], {}, ['holding 0+1', 'holding 6+1']],
    ['no gap allowed', [holding(0), holding(2)], { maxGap: 0 }, ['holding 0+1', 'holding 2+1']],
    [
      'a gap over a forbidden register',
      [holding(0), holding(3)],
      { isForbidden: (_, at) => at === 2 },
      ['holding 0+1', 'holding 3+1'],
    ],
    ['different tables', [holding(0), coil(0)], {}, ['coil 0+1', 'holding 0+1']],
    ['points that overlap', [holding(0, 4), holding(1), holding(3, 2)], {}, ['holding 0+5']],
    ['the same register twice', [holding(7), holding(7)], {}, ['holding 7+1']],
    ['as many registers as fit', [holding(0, 124), holding(124)], {}, ['holding 0+125']],
    ['more registers than fit', [holding(0, 124), holding(124, 2)], {}, ['holding 0+124', 'holding 124+2']],
    ['a lower limit', [holding(0), holding(1), holding(2)], { maxRegisters: 2 }, ['holding 0+2', 'holding 2+1']],
    ['limit 1: single reads', [holding(0), holding(1, 2)], { maxRegisters: 1 }, ['holding 0+1', 'holding 1+2']],
    ['limit 0: single reads, bits too', [coil(0), coil(1)], { maxRegisters: 0 }, ['coil 0+1', 'coil 1+1']],
    ['16 bits for each register', [coil(0), coil(31)], { maxRegisters: 2, maxGap: 40 }, ['coil 0+32']],
    ['one bit too many', [coil(0), coil(32)], { maxRegisters: 2, maxGap: 40 }, ['coil 0+1', 'coil 32+1']],
    [
      'a point that must be alone',
      [holding(0), holding(1), holding(2)],
      { isAlone: ({ address }) => address === 1 },
      ['holding 0+3', 'holding 1+1'],
    ],
  ])('%s', (_name, points, options, blocks) => {
    expect(shape(points, options).sort()).toEqual([...blocks].sort())
  })

  it('reads every point exactly once, inside its block and within the limits', () => {
    const span = fc.record({
      table: fc.constantFrom(...tables),
      address: fc.integer({ min: 0, max: 300 }),
      count: fc.constantFrom(1, 2, 4),
    })
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 60 }),
        fc.integer({ min: 0, max: 125 }),
        fc.integer({ min: 0, max: 20 }),
        (points, maxRegisters, maxGap) => {
          const blocks = planBlocks(points, { maxRegisters, maxGap })
          expect(new Set(blocks.flatMap((block) => block.points))).toEqual(new Set(points))
          expect(blocks.flatMap((block) => block.points)).toHaveLength(points.length)
          for (const block of blocks) {
            const most = block.table === 'coil' || block.table === 'discrete' ? maxRegisters * 16 : maxRegisters
            const largest = Math.max(...block.points.map(({ count }) => count))
            expect(block.count).toBeLessThanOrEqual(Math.max(most, largest))
            if (maxRegisters <= 1) expect(block.points).toHaveLength(1)
            for (const point of block.points) {
              expect(point.table).toBe(block.table)
              expect(point.address).toBeGreaterThanOrEqual(block.address)
              expect(point.address + point.count).toBeLessThanOrEqual(block.address + block.count)
            }
          }
        },
      ),
    )
  })
})
