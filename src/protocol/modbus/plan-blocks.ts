import { isBitTable, type Table } from './tables.ts'

/** What one point occupies: `count` registers or bits of a table. */
export interface Span {
  readonly table: Table
  readonly address: number
  readonly count: number
}

/** What is read with one request, and the points that are found in it. */
export interface Block<Point extends Span> extends Span {
  readonly points: readonly Point[]
}

export interface BlockLimits<Point extends Span> {
  /** Largest block in registers, 125 by the specification; 0 or 1: every point by itself. Bits have 16 times as many. */
  readonly maxRegisters: number
  /** Largest run of unused registers or bits that is read along. */
  readonly maxGap: number
  /** Points that must not share a request. */
  readonly isAlone?: (point: Point) => boolean
  /** Unused addresses that must not be read along. */
  readonly isForbidden?: (table: Table, address: number) => boolean
}

/** Joins points into as few blocks as the limits allow. A point larger than a block is read by itself. */
export function planBlocks<Point extends Span>(points: readonly Point[], limits: BlockLimits<Point>): Block<Point>[] {
  const blocks: Block<Point>[] = []
  let open: OpenBlock<Point> | undefined
  for (const point of [...points].sort(byPlace)) {
    if (limits.maxRegisters <= 1 || limits.isAlone?.(point)) {
      blocks.push({ table: point.table, address: point.address, count: point.count, points: [point] })
    } else if (open && fits(open, point, limits)) {
      open.points.push(point)
      open.count = Math.max(open.count, point.address + point.count - open.address)
    } else {
      open = { table: point.table, address: point.address, count: point.count, points: [point] }
      blocks.push(open)
    }
  }
  return blocks
}

interface OpenBlock<Point extends Span> extends Block<Point> {
  count: number
  readonly points: Point[]
}

function fits<Point extends Span>(block: Span, point: Point, limits: BlockLimits<Point>): boolean {
  const most = isBitTable(point.table) ? limits.maxRegisters * 16 : limits.maxRegisters
  if (block.table !== point.table || point.address + point.count - block.address > most) return false
  const end = block.address + block.count
  if (point.address - end > limits.maxGap) return false
  for (let unused = end; unused < point.address; unused++) {
    if (limits.isForbidden?.(point.table, unused)) return false
  }
  return true
}

function byPlace(left: Span, right: Span): number {
  if (left.table !== right.table) return left.table < right.table ? -1 : 1
  return left.address - right.address || left.count - right.count
}
